//! From text to a resolved syntax tree.

pub(crate) mod function;
mod lexer;
mod parser;
pub(crate) mod tree;

pub(crate) use parser::parse;
