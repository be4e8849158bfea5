//! Payloads in batches: threads check them while others are read and what came of earlier ones is told, in order, and no
//! more is held than that.

use std::io;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Condvar, Mutex};
use std::thread::{Builder, available_parallelism, scope};

use ers_fhir_lint::inputs::{Form, Item, Source, each};

/// What a batch weighs at most, unless one payload does.
const FULL: usize = 1 << 20;
/// How many payloads, or blocks of lines, it holds at most: to hand it over takes little of the time of its checks.
const MOST: usize = 64;
/// How many batches a thread may be ahead of what is told.
const AHEAD: usize = 4;

/// Payloads that one thread checks, and how many sources are done with them.
pub(crate) struct Batch<T> {
    pub(crate) items: Vec<T>,
    pub(crate) sources: usize,
}

impl<T> Batch<T> {
    fn worked<R>(self, work: impl FnOnce(Vec<T>) -> Vec<R>) -> Batch<R> {
        Batch { items: work(self.items), sources: self.sources }
    }
}

/// Works on the payloads of sources, and hands over what came of them, batch by batch and in order, until that
/// cannot be taken. What has to go by the order of the payloads is done in the [`Turn`] of a batch.
pub(crate) fn feed<'s, T: Send>(
    sources: &'s [Source],
    jobs: Option<u16>,
    work: impl Fn(Vec<Item<'s>>, Turn<'_>) -> Vec<T> + Sync,
    mut take: impl FnMut(Batch<T>) -> io::Result<()>,
) -> io::Result<()> {
    // Starting a thread takes as long as checking a payload.
    let is_one = matches!(sources, [only] if only.form() == Form::Whole);
    let all = || available_parallelism().map_or(1, usize::from);
    let jobs = if is_one { 1 } else { jobs.map_or_else(all, usize::from) };
    let turns = Turns::default();
    if jobs == 1 {
        let mut taken = Ok(());
        read(sources, jobs, &mut |number, batch| {
            taken = take(batch.worked(|items| work(items, turns.of(number))));
            taken.is_ok()
        });
        return taken;
    }
    let (to_check, batches) = channel::<Given<'s, T>>();
    let batches = Mutex::new(batches);
    let (to_tell, told) = sync_channel::<Receiver<Batch<T>>>(AHEAD * jobs);
    let check = || {
        while let Some((number, batch, done)) = next(&batches) {
            // Whoever does not listen any more wants no more.
            let _ = done.send(batch.worked(|items| work(items, turns.of(number))));
        }
    };
    scope(|scope| {
        // As many as the machine gives, and at least one.
        for number in 0..jobs {
            match Builder::new().name(format!("check {number}")).spawn_scoped(scope, &check) {
                Err(error) if number == 0 => return Err(error),
                Err(_) => break,
                Ok(_) => {}
            }
        }
        let mut hand = move |number, batch| hand_over(number, batch, &to_check, &to_tell);
        Builder::new().name("read".to_owned()).spawn_scoped(scope, move || read(sources, jobs, &mut hand))?;
        // A batch without an answer is one whose thread broke down, which is said where the threads end.
        told.into_iter().map_while(|done| done.recv().ok()).try_for_each(&mut take)
    })
}

/// A batch on its way to a thread: its number, and where to say what came of it.
type Given<'s, T> = (usize, Batch<Item<'s>>, SyncSender<Batch<T>>);

/// Waits until there is room, then gives a batch to whoever is free; whether one more is wanted.
fn hand_over<'s, T>(
    number: usize,
    batch: Batch<Item<'s>>,
    to_check: &Sender<Given<'s, T>>,
    to_tell: &SyncSender<Receiver<Batch<T>>>,
) -> bool {
    let (done, answer) = sync_channel(1);
    to_tell.send(answer).is_ok() && to_check.send((number, batch, done)).is_ok()
}

fn next<'s, T>(batches: &Mutex<Receiver<Given<'s, T>>>) -> Option<Given<'s, T>> {
    batches.lock().ok()?.recv().ok()
}

/// Reads all sources, and hands over batches, numbered, until one is not wanted.
fn read<'s>(
    sources: &'s [Source],
    jobs: usize,
    send: &mut dyn FnMut(usize, Batch<Item<'s>>) -> bool,
) {
    let mut batch = Batch { items: Vec::new(), sources: 0 };
    let (mut number, mut handed, mut weight) = (0, 0, 0);
    for source in sources {
        let goes_on = each(source, &mut |item| {
            weight += item.weight();
            batch.items.push(item);
            // A few payloads are shared out one by one, many by the handful.
            let most = (handed / (AHEAD * jobs)).clamp(1, MOST);
            if weight < FULL && batch.items.len() < most {
                return true;
            }
            handed += batch.items.len();
            number += 1;
            weight = 0;
            send(number - 1, std::mem::replace(&mut batch, Batch { items: Vec::new(), sources: 0 }))
        });
        if !goes_on {
            return;
        }
        batch.sources += 1;
    }
    send(number, batch);
}

/// Whose turn it is.
#[derive(Default)]
struct Turns {
    number: Mutex<usize>,
    passed: Condvar,
}

impl Turns {
    fn of(&self, number: usize) -> Turn<'_> {
        Turn { number, turns: self }
    }
}

/// The turn of a batch, which comes when those before it have passed.
pub(crate) struct Turn<'t> {
    number: usize,
    turns: &'t Turns,
}

impl Turn<'_> {
    /// Waits for it, and passes it on. Either all batches do so or none.
    pub(crate) fn take(self, act: impl FnOnce()) {
        // Also where this one breaks down, and the others with it.
        let _passed = Notice(&self.turns.passed);
        let number = self.turns.number.lock().expect("no turn breaks down");
        let is_early = |number: &mut usize| *number < self.number;
        let mut number = self.turns.passed.wait_while(number, is_early).expect("no turn breaks down");
        act();
        *number += 1;
    }
}

/// Wakes up all who wait, when it goes.
struct Notice<'t>(&'t Condvar);

impl Drop for Notice<'_> {
    fn drop(&mut self) {
        self.0.notify_all();
    }
}
