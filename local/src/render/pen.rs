//! What writes records.

use crate::moment::Moment;
use crate::state::State;
use crate::world::World;

/// What writes records: what they refer to, the address they are read at, and the time.
#[derive(Clone, Copy)]
pub(crate) struct Pen<'p> {
    pub(crate) world: &'p World,
    pub(crate) state: &'p State,
    pub(crate) base: &'p str,
    pub(crate) now: Moment,
}
