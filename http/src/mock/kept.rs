//! The state, and the data that accompanies it while the service runs.

use std::collections::{BTreeSet, VecDeque};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use ers_fhir_local::{Answer, Call, Local, Moment, Seed, State, Token};
use serde::Serialize;

use super::authority::Authority;
use super::error::MockError;
use super::fault::Ordered;
use super::journal::Journal;
use super::lint::Lint;
use super::log::{Event, Log, Logged, events};
use super::options::{Access, MockOptions};
use super::told::Bell;

/// A fault that somebody has ordered for later calls.
#[derive(Debug, Clone)]
pub(super) struct Order {
    /// The operation whose calls it affects; any, if none is named.
    pub(super) operation: Option<String>,
    pub(super) fault: Ordered,
    /// How many more calls it affects.
    pub(super) times: u32,
}

/// The data behind one lock, which many readers or one writer may hold: the state, and its journal.
#[derive(Debug)]
struct Inner {
    state: State,
    journal: Option<Journal>,
}

/// A running service, without its sockets.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) local: Local,
    pub(super) options: MockOptions,
    pub(super) authority: Authority,
    inner: RwLock<Inner>,
    /// The requests that are being changed.
    busy: Mutex<BTreeSet<String>>,
    log: Mutex<Log>,
    pub(super) lint: Lint,
    /// Rung when something has happened.
    pub(super) bell: Bell,
    orders: Mutex<VecDeque<Order>>,
    began: Instant,
    began_at: i64,
    /// Calls of the current minute.
    minute: Mutex<(u64, u32)>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A call that crashed has changed nothing: the core undoes what it does not finish.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn held(kept: &Kept) -> RwLockReadGuard<'_, Inner> {
    kept.inner.read().unwrap_or_else(PoisonError::into_inner)
}

fn held_alone(kept: &Kept) -> RwLockWriteGuard<'_, Inner> {
    kept.inner.write().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps others from changing a request, until it is dropped.
pub(super) struct Busy<'k> {
    kept: &'k Kept,
    ubrn: String,
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        lock(&self.kept.busy).remove(&self.ubrn);
    }
}

/// An overview of the service.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Overview {
    pub(super) clock: Moment,
    pub(super) referrals: usize,
    pub(super) advice_requests: usize,
    pub(super) appointments: usize,
    pub(super) files: usize,
    pub(super) free_slots: usize,
    /// Access tokens that were issued.
    pub(super) tokens: u64,
    /// Calls that were answered.
    pub(super) calls: u64,
    /// Faults that are ordered for later calls.
    pub(super) faults: u64,
}

impl Kept {
    pub(super) fn new(mut options: MockOptions) -> Result<Self, MockError> {
        options.seed.clock = options.clock.or(options.seed.clock);
        let local = Local::new(&options.seed, options.settings.clone());
        let mut authority = Authority::new(&options.seed, &options.login)?;
        let began_at = millis();
        let is_new = options.journal.as_ref().is_some_and(|path| !path.exists());
        let inner = match &options.journal {
            None => Inner { state: local.begin(&options.seed, Moment::of_millis(began_at)), journal: None },
            Some(path) => {
                let inner = open(path, &local, &options, began_at)?;
                let kept = authority.keep_beside(path, is_new);
                kept.map_err(|error| MockError::File(path.clone(), error))?;
                inner
            }
        };
        Ok(Self {
            local,
            options,
            authority,
            inner: RwLock::new(inner),
            busy: Mutex::default(),
            log: Mutex::default(),
            lint: Lint::default(),
            bell: Bell::default(),
            orders: Mutex::default(),
            began: Instant::now(),
            began_at,
            minute: Mutex::default(),
        })
    }

    /// The time of the machine as the local clock counts it, which may run faster.
    pub(super) fn machine(&self) -> Moment {
        let passed = self.began.elapsed().as_secs_f64() * self.options.time_scale.max(0.0) * 1000.0;
        // At the end of its range the clock stands still.
        #[expect(clippy::cast_possible_truncation, reason = "what is out of range is the largest there is")]
        Moment::of_millis(self.began_at.saturating_add(passed as i64))
    }

    /// Who calls, according to a bearer token.
    pub(super) fn token(&self, authorization: Option<&str>) -> Token {
        let bearer = authorization.and_then(|text| text.strip_prefix("Bearer "));
        let bearer = bearer.map(str::trim).filter(|token| !token.is_empty());
        if let Some(who) = bearer.and_then(|token| self.authority.bearer(token)) {
            return who;
        }
        let (Access::Open, seed) = (self.options.access, &self.options.seed) else {
            return Token::Invalid(match bearer {
                None => "there is no bearer token",
                Some(_) => "the access token is unknown",
            });
        };
        match bearer {
            Some(id) if seed.users.iter().any(|user| user.id == id) => Token::User(id.to_owned()),
            Some(id) if seed.applications.iter().any(|application| application.id == id) => {
                Token::Application(id.to_owned())
            }
            _ => Token::Open,
        }
    }

    /// The faults that were ordered for a call, the next of each kind.
    pub(super) fn ordered(&self, operation: Option<&str>) -> Option<Ordered> {
        let mut orders = lock(&self.orders);
        let is_for =
            |order: &Order| order.operation.as_deref().is_none_or(|wanted| Some(wanted) == operation);
        let place = orders.iter().position(is_for)?;
        let order = &mut orders[place];
        let fault = order.fault;
        order.times = order.times.saturating_sub(1);
        if order.times == 0 {
            orders.remove(place);
        }
        Some(fault)
    }

    /// Orders a fault.
    pub(super) fn order(&self, order: Order) {
        lock(&self.orders).push_back(order);
    }

    /// Whether the limit of calls for this minute is reached.
    pub(super) fn is_over_rate(&self) -> bool {
        let Some(most) = self.options.calls_per_minute else { return false };
        let now = self.began.elapsed().as_secs() / 60;
        let mut minute = lock(&self.minute);
        if minute.0 != now {
            *minute = (now, 0);
        }
        minute.1 += 1;
        minute.1 > most
    }

    /// Keeps others from changing what a call changes; none where it changes nothing, and the other way round an error where
    /// somebody else is at it.
    pub(super) fn seize(&self, call: &Call) -> Result<Option<Busy<'_>>, ()> {
        let ubrn = self.local.changes(&held(self).state, call);
        let Some(ubrn) = ubrn else { return Ok(None) };
        if !lock(&self.busy).insert(ubrn.clone()) {
            return Err(());
        }
        Ok(Some(Busy { kept: self, ubrn }))
    }

    /// Answers a call; also returns the state of the request that it changed. Changes are written before this returns.
    pub(super) fn answer(&self, call: &Call) -> (Answer, Option<&'static str>) {
        let machine = self.machine();
        let clock = held(self).state.clock(machine);
        let fault = self.local.check_body(call, clock);
        if self.local.only_looks(call) {
            return (self.local.look(&held(self).state, call, machine, fault), None);
        }
        let mut inner = held_alone(self);
        let from = self.local.changes(&inner.state, call).and_then(|ubrn| stands(&inner.state, &ubrn));
        let answer = self.local.apply_checked(&mut inner.state, call, machine, fault);
        let Inner { state, journal } = &mut *inner;
        let written = match journal {
            Some(journal) if !answer.changes.is_empty() => journal.append(&answer.changes, state),
            _ => Ok(()),
        };
        drop(inner);
        if written.is_ok() { (answer, from) } else { (self.local.refuse(call, 500, clock), None) }
    }

    /// Looks at the state.
    pub(super) fn look<T>(&self, look: impl FnOnce(&State, Moment) -> T) -> T {
        let machine = self.machine();
        let inner = held(self);
        look(&inner.state, inner.state.clock(machine))
    }

    /// Changes the state other than by a call, under this name and for this request, and saves it.
    pub(super) fn change<T, E>(
        &self,
        by: &str,
        ubrn: &str,
        change: impl FnOnce(&mut State, Moment) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<std::io::Error>,
    {
        let machine = self.machine();
        let mut inner = held_alone(self);
        let now = inner.state.clock(machine);
        let from = stands(&inner.state, ubrn);
        match change(&mut inner.state, now) {
            Ok(made) => {
                let changes = inner.state.commit();
                let Inner { state, journal } = &mut *inner;
                if let Some(journal) = journal.as_mut().filter(|_| !changes.is_empty()) {
                    journal.append(&changes, state)?;
                }
                drop(inner);
                lock(&self.log).remember(events(&changes, by, from, now));
                self.bell.ring();
                Ok(made)
            }
            Err(error) => {
                inner.state.roll_back();
                Err(error)
            }
        }
    }

    /// Sets the clock.
    pub(super) fn set_clock(&self, at: Moment) -> std::io::Result<()> {
        self.change("clock", "", |state, now| {
            let moved = at.millis().saturating_sub(now.millis());
            state.set_clock_ahead(state.counters().clock_ahead.saturating_add(moved));
            Ok(())
        })
    }

    /// Resets the state to that of the seed.
    pub(super) fn reset(&self) -> std::io::Result<()> {
        let machine = self.machine();
        let mut inner = held_alone(self);
        // Slots are counted from now on.
        let seed = Seed { clock: Some(inner.state.clock(machine)), ..self.options.seed.clone() };
        inner.state = self.local.begin(&seed, machine);
        let Inner { state, journal } = &mut *inner;
        let written = journal.as_mut().map_or(Ok(()), |journal| journal.rewrite(state));
        drop(inner);
        lock(&self.log).forget();
        self.bell.ring();
        written
    }

    /// Remembers that a call was answered.
    pub(super) fn log(&self, call: &Call, answer: &Answer, from: Option<&'static str>) {
        let at = self.look(|_, now| now);
        lock(&self.log).add(call, answer, from, at);
        self.bell.ring();
    }

    /// The last calls after that number, up to a maximum.
    pub(super) fn calls_since(&self, number: u64, most: usize) -> Vec<Logged> {
        lock(&self.log).since(number, most)
    }

    /// The call of that number.
    pub(super) fn call(&self, number: u64) -> Option<Logged> {
        lock(&self.log).call(number)
    }

    /// The history of a request.
    pub(super) fn events_of(&self, ubrn: &str) -> Vec<Event> {
        lock(&self.log).of(ubrn)
    }

    pub(super) fn overview(&self) -> Overview {
        let calls = lock(&self.log).count();
        let faults = lock(&self.orders).iter().map(|order| u64::from(order.times)).sum();
        self.look(|state, now| Overview {
            clock: now,
            referrals: state.referrals.len(),
            advice_requests: state.advice.len(),
            appointments: state.appointments.len(),
            files: state.files.len(),
            free_slots: state.free_slot_count(),
            tokens: self.authority.given(),
            calls,
            faults,
        })
    }
}

/// The state of a referral, or the category of an advice request.
fn stands(state: &State, ubrn: &str) -> Option<&'static str> {
    let advice = state.advice.get(ubrn).map(|advice| advice.category.code());
    state.referrals.get(ubrn).map(|referral| referral.state.code()).or(advice)
}

/// The state in a journal, or the initial state of the seed if there is none yet.
fn open(path: &Path, local: &Local, options: &MockOptions, began_at: i64) -> Result<Inner, MockError> {
    let failed = |error| MockError::File(path.to_owned(), error);
    let (mut journal, state) = Journal::open(path)?;
    let Some(mut state) = state else {
        let state = local.begin(&options.seed, Moment::of_millis(began_at));
        journal.rewrite(&state).map_err(failed)?;
        return Ok(Inner { state, journal: Some(journal) });
    };
    if let Some(clock) = options.clock {
        state.set_clock_ahead(clock.millis() - began_at);
        let changes = state.commit();
        journal.append(&changes, &state).map_err(failed)?;
    }
    Ok(Inner { state, journal: Some(journal) })
}

/// Milliseconds since 1970, as the machine has it.
fn millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
