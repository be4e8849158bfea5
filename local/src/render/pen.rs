//! The writer of records.

use crate::moment::Moment;
use crate::state::State;
use crate::world::World;

/// The writer of records: the data that they refer to, the address at which they are read, and the
/// time.
#[derive(Clone, Copy)]
pub(crate) struct Pen<'p> {
    pub(crate) world: &'p World,
    pub(crate) state: &'p State,
    pub(crate) base: &'p str,
    pub(crate) now: Moment,
}
