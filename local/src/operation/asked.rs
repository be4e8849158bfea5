//! An admitted call.

use std::ops::Deref;

use ers_fhir_ers::service::Endpoint;
use serde_json::Value;

use crate::call::Call;
use crate::gate::Caller;
use crate::moment::Moment;
use crate::refusal::{Outcome, Refusal};
use crate::render::Pen;
use crate::settings::Settings;
use crate::state::State;
use crate::world::World;

/// Access to a state: shared (`&`) for reads, which may be concurrent, and exclusive (`&mut`) for changes.
pub(crate) trait Holds: Deref<Target = State> {}

impl<S: Deref<Target = State>> Holds for S {}

/// An admitted call, and what it is about.
pub(crate) struct Asked<'a, S = &'a mut State> {
    pub(crate) world: &'a World,
    pub(crate) settings: &'a Settings,
    pub(crate) state: S,
    pub(crate) call: &'a Call,
    pub(crate) caller: Caller,
    pub(crate) now: Moment,
    pub(crate) endpoint: &'static Endpoint,
}

impl<'a, S: Holds> Asked<'a, S> {
    pub(super) fn pen(&self) -> Pen<'_> {
        Pen { world: self.world, state: &self.state, base: &self.call.base, now: self.now }
    }

    /// The body of the request.
    pub(super) fn body(&self) -> Outcome<Value> {
        let read = serde_json::from_slice(&self.call.body);
        read.map_err(|_| Refusal::of("INVALID_FHIR_STRUCTURE", "the body is not JSON"))
    }

    /// A parameter of the path.
    pub(super) fn in_path(&self, name: &str) -> &'a str {
        let wanted = self.endpoint.path.split('/');
        let given = self.call.path().split('/');
        let found = wanted
            .zip(given)
            .find(|(step, _)| step.strip_prefix('{').and_then(|step| step.strip_suffix('}')) == Some(name));
        found.map(|(_, value)| value).unwrap_or_default()
    }

    /// A UUID for this answer alone; the same call at the same time gets the same one.
    pub(super) fn fleeting_uuid(&self, number: u64) -> String {
        let seed = self.call.target.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        crate::state::uuid(seed.wrapping_add(self.now.millis().unsigned_abs()).wrapping_add(number))
    }

    /// The address that was called.
    pub(super) fn address(&self) -> String {
        format!("{}{}", self.call.base, self.call.target)
    }
}
