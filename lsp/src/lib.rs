#![doc = include_str!("../README.md")]

mod actions;
mod check;
mod completion;
mod definition;
mod hover;
mod outline;
mod project;
mod scope;
mod server;
mod settings;
mod state;
mod stdio;
mod text;
mod uri;

pub use server::{ServerError, serve, serve_stdio};
