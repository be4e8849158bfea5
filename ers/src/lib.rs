#![doc = include_str!("../README.md")]

mod call;
mod check;
mod definitions;
mod deviation;
mod ers;
mod identifier;
mod marks;
pub mod refusal;
pub mod rule;
pub mod service;

pub use call::{Context, Direction};
pub use definitions::{definitions, package};
pub use ers::Ers;
