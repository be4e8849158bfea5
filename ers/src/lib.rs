#![doc = include_str!("../README.md")]

mod call;
mod check;
mod definitions;
mod deviation;
mod ers;
pub mod example;
mod identifier;
mod marks;
mod relate;
pub mod rule;
pub mod service;

pub use call::{Answer, Call, Context, Difference, Direction, NoOperation, operation_of};
pub use definitions::{definitions, package};
pub use ers::Ers;
