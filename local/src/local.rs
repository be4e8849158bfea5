//! A local e-RS: its data, and how it answers.

use ers_fhir_ers::operation_of;
use ers_fhir_ers::service::{Endpoint, effect};
use ers_fhir_profiles::FhirVersion;
use serde_json::Value;

use crate::call::{Answer, Call};
use crate::gate;
use crate::moment::Moment;
use crate::operation::{self, Asked, Holds, Reply};
use crate::refusal::{Outcome, Refusal};
use crate::seed::Seed;
use crate::seed::referrals::referrals;
use crate::settings::Settings;
use crate::state::State;
use crate::world::{World, slots};

/// A local e-RS, without its state: the directory, reference data, definitions, and settings.
///
/// It may be shared between threads. Its memory is a [`State`], which is passed in with each call:
///
/// ```
/// use ers_fhir_local::{Call, Local, Settings, england};
///
/// let now = "2026-03-02T09:00:00Z".parse()?;
/// let local = Local::new(&england(), Settings::default());
/// let mut state = local.begin(&england(), now);
/// let call = Call::new("GET", "/STU3/CodeSystem/PRIORITY")
///     .header("NHSD-End-User-Organisation-ODS", "X26")
///     .header("NHSD-eRS-Business-Function", "REFERRING_CLINICIAN");
/// assert_eq!(local.apply(&mut state, &call, now).status, 200);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug)]
pub struct Local {
    pub(crate) world: World,
    pub(crate) settings: Settings,
    pub(crate) structure: gate::Structure,
}

impl Local {
    /// A local e-RS with the directory of a seed.
    pub fn new(seed: &Seed, settings: Settings) -> Self {
        Self { world: World::of(seed), settings, structure: gate::Structure::new() }
    }

    /// The state that a seed begins with.
    pub fn begin(&self, seed: &Seed, machine: Moment) -> State {
        let mut state = State::default();
        if let Some(clock) = seed.clock {
            state.set_clock_ahead(clock.millis() - machine.millis());
        }
        let now = state.clock(machine);
        for slot in slots(&seed.sessions, now).into_iter().chain(seed.slots.iter().cloned()) {
            state.slots.set(&slot.id.clone(), slot);
        }
        referrals(seed, self.settings.first_version, now).for_each(|record| state.put(record));
        seed.records.iter().for_each(|record| state.put(record.clone()));
        state.commit();
        state
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Checks the body of a call as far as possible without the state. [`apply`](Self::apply) does this itself; with
    /// parallel calls, the owner of the state may do it in advance, and pass the result to
    /// [`apply_checked`](Self::apply_checked).
    pub fn check_body(&self, call: &Call, now: Moment) -> Option<Refusal> {
        let endpoint = operation_of(Some(&call.method), &call.target).ok()?;
        self.structure.check(endpoint, call, now).err()
    }

    /// Answers a call, and changes the state by it; `machine` is what the clock of the machine shows.
    ///
    /// A refused call changes nothing, except that a failed booking is remembered.
    pub fn apply(&self, state: &mut State, call: &Call, machine: Moment) -> Answer {
        let fault = self.check_body(call, state.clock(machine));
        self.apply_checked(state, call, machine, fault)
    }

    /// The same for a call whose body was checked.
    pub fn apply_checked(
        &self,
        state: &mut State,
        call: &Call,
        machine: Moment,
        fault: Option<Refusal>,
    ) -> Answer {
        let now = state.clock(machine);
        let endpoint = operation_of(Some(&call.method), &call.target).ok();
        let result = endpoint.ok_or_else(|| gate::unknown_path(call)).and_then(|endpoint| {
            let mut asked = self.admit(&mut *state, call, now, endpoint, fault)?;
            operation::run(&mut asked)
        });
        let changes = match &result {
            Err(refusal) if !refusal.keeps => {
                state.roll_back();
                Vec::new()
            }
            _ => state.commit(),
        };
        Answer { changes, ..answer(result, call, endpoint, now) }
    }

    /// Whether a call changes nothing, so that [`look`](Self::look) answers it.
    pub fn only_looks(&self, call: &Call) -> bool {
        operation_of(Some(&call.method), &call.target)
            .map_or(true, |endpoint| operation::only_looks(endpoint, call))
    }

    /// Answers a call that changes nothing and whose body was checked, while others may look as well.
    pub fn look(&self, state: &State, call: &Call, machine: Moment, fault: Option<Refusal>) -> Answer {
        let now = state.clock(machine);
        let endpoint = operation_of(Some(&call.method), &call.target).ok();
        let result = endpoint
            .ok_or_else(|| gate::unknown_path(call))
            .and_then(|endpoint| operation::look(&self.admit(state, call, now, endpoint, fault)?));
        answer(result, call, endpoint, now)
    }

    /// Refuses a call for a reason outside the service: 429, 500, 502, 503, 504.
    pub fn refuse(&self, call: &Call, status: u16, now: Moment) -> Answer {
        let refusal = match status {
            502 => {
                Refusal::new(502, "PAS_RESPONDED_WITH_ERROR", "the provider's system answers with an error")
            }
            503 => Refusal::new(503, "SYSTEM_UNAVAILABLE", "the service is not available"),
            504 => Refusal::new(504, "PAS_NOT_RESPONDING", "the provider's system does not answer"),
            429 => Refusal::plain(429, "too many calls"),
            status => Refusal::plain(status, "something went wrong"),
        };
        let found = operation_of(Some(&call.method), &call.target).ok();
        Answer { operation: found.map(|endpoint| endpoint.id), ..refused(refusal, release_of(call), now) }
    }

    /// The number of the request that a call would change; none if it changes no existing one.
    pub fn changes(&self, state: &State, call: &Call) -> Option<String> {
        let endpoint = operation_of(Some(&call.method), &call.target).ok()?;
        effect(endpoint.id)?;
        if let Some(appointment) =
            endpoint.path.strip_suffix("{id}").filter(|path| path.ends_with("/Appointment/"))
        {
            let id = call.path().strip_prefix(appointment)?;
            return state.appointments.get(id).map(|appointment| appointment.ubrn.clone());
        }
        let is_ubrn = |text: &&str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(ubrn) = call.path().split('/').find(is_ubrn) {
            return Some(ubrn.to_owned());
        }
        let body: Value = serde_json::from_slice(&call.body).ok()?;
        let parts = body["parameter"].as_array().into_iter().flatten();
        let from = parts.into_iter().find(|part| part["name"] == "createFrom");
        let named = body["incomingReferral"][0]["reference"].as_str();
        let named = named.or(from.and_then(|part| part["valueReference"]["reference"].as_str()))?;
        named.split('/').find(is_ubrn).map(str::to_owned)
    }

    /// Admits a call, based on the caller, the headers and the body.
    fn admit<'a, S: Holds>(
        &'a self,
        state: S,
        call: &'a Call,
        now: Moment,
        endpoint: &'static Endpoint,
        fault: Option<Refusal>,
    ) -> Outcome<Asked<'a, S>> {
        let caller = gate::admit(&self.world, endpoint, call)?;
        gate::check_headers(endpoint, call)?;
        fault.map_or(Ok(()), Err)?;
        Ok(Asked { world: &self.world, settings: &self.settings, state, call, caller, now, endpoint })
    }
}

/// The result of a call as an answer.
fn answer(result: Outcome<Reply>, call: &Call, endpoint: Option<&'static Endpoint>, now: Moment) -> Answer {
    let answer = match result {
        Ok(reply) => reply.answer(endpoint),
        Err(refusal) => refused(refusal, release_of(call), now),
    };
    Answer { operation: endpoint.map(|endpoint| endpoint.id), ..answer }
}

/// The release of an address: R4 if it says so, else STU3, as the gateway decides it.
fn release_of(call: &Call) -> FhirVersion {
    if call.path().starts_with("/R4/") { FhirVersion::R4 } else { FhirVersion::Stu3 }
}

/// A refusal as an answer.
fn refused(refusal: Refusal, release: FhirVersion, now: Moment) -> Answer {
    let refusal = refusal.of_release(release);
    let (content_type, body) = refusal.body(release, now);
    Answer {
        status: refusal.status,
        headers: content_type.map(|kind| ("Content-Type", kind.to_owned())).into_iter().collect(),
        body,
        code: refusal.code,
        ..Answer::default()
    }
}
