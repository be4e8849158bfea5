#![doc = include_str!("../README.md")]

mod call;
pub mod elsewhere;
mod gate;
pub mod journal;
mod local;
mod moment;
mod operation;
mod read;
mod refusal;
mod render;
pub mod seed;
mod settings;
pub mod state;
mod world;

pub use call::{Answer, Call, Token};
pub use local::Local;
pub use moment::Moment;
pub use refusal::Refusal;
pub use seed::{Seed, SeedError, england};
pub use settings::Settings;
pub use state::{Change, State};
