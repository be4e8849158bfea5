//! Payloads in batches: threads check them while others are read and the results of earlier ones are reported, in
//! order; nothing else is kept in memory.

use std::io;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Condvar, Mutex};
use std::thread::{Builder, available_parallelism, panicking, scope};

use ers_fhir_lint::inputs::{Form, Item, Source, each};

/// The total memory of the batches that threads are checking, so that more threads take little more
/// memory.
const ALL: usize = 4 << 20;
/// The least size of a batch at which it is handed over.
const FULL: usize = 128 << 10;
/// The most payloads, or blocks of lines, in a batch: handing it over takes little time compared with its checks.
const MOST: usize = 64;
/// How many batches a thread may be ahead of the output.
const AHEAD: usize = 3;

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

/// Processes the payloads of sources, and hands over the results, batch by batch and in order, until the
/// receiver stops. Work that depends on the order of the payloads is done in the [`Turn`] of a batch.
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
    if jobs > 1
        && let Some(fed) = in_threads(sources, jobs, &work, &mut take)
    {
        return fed;
    }
    let turns = Turns::default();
    let mut taken = Ok(());
    read(sources, 1, &mut |number, batch| {
        taken = take(batch.worked(|items| work(items, turns.of(number))));
        taken.is_ok()
    });
    taken
}

/// The same with threads; `None` if no thread can be started, in which case nothing was read.
fn in_threads<'s, T: Send>(
    sources: &'s [Source],
    jobs: usize,
    work: &(impl Fn(Vec<Item<'s>>, Turn<'_>) -> Vec<T> + Sync),
    take: &mut impl FnMut(Batch<T>) -> io::Result<()>,
) -> Option<io::Result<()>> {
    let turns = Turns::default();
    let (to_check, batches) = channel::<Given<'s, T>>();
    let batches = Mutex::new(batches);
    let (to_tell, told) = sync_channel::<Receiver<Batch<T>>>(AHEAD * jobs);
    let check = || {
        while let Some((number, batch, done)) = next(&batches) {
            // A receiver that has gone needs no more.
            let _ = done.send(batch.worked(|items| work(items, turns.of(number))));
        }
    };
    scope(|scope| {
        let begin = |number| Builder::new().name(format!("check {number}")).spawn_scoped(scope, check).ok();
        let threads = (0..jobs).map_while(begin).count();
        if threads == 0 {
            return None;
        }
        let mut hand = move |number, batch| hand_over(number, batch, &to_check, &to_tell);
        let reader = Builder::new().name("read".to_owned());
        reader.spawn_scoped(scope, move || read(sources, threads, &mut hand)).ok()?;
        // If a batch has no result, its thread panicked, which is reported when the threads are joined.
        Some(told.into_iter().map_while(|done| done.recv().ok()).try_for_each(take))
    })
}

/// A batch on its way to a thread: its number, and where to send the result.
type Given<'s, T> = (usize, Batch<Item<'s>>, SyncSender<Batch<T>>);

/// Waits until there is room, then passes a batch to a free thread; returns whether more are
/// wanted.
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

/// Reads all sources, and hands over numbered batches, until no more are wanted.
fn read<'s>(sources: &'s [Source], jobs: usize, send: &mut dyn FnMut(usize, Batch<Item<'s>>) -> bool) {
    let full = (ALL / jobs).max(FULL);
    let mut batch = Batch { items: Vec::new(), sources: 0 };
    let (mut number, mut handed, mut weight) = (0, 0, 0);
    for source in sources {
        let goes_on = each(source, &mut |item| {
            weight += item.weight();
            batch.items.push(item);
            // A few payloads are handed out one by one, many in groups.
            let most = (handed / (AHEAD * jobs)).clamp(1, MOST);
            if weight < full && batch.items.len() < most {
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

/// The batch whose turn it is.
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

/// The turn of a batch, which comes after those of all earlier batches.
pub(crate) struct Turn<'t> {
    number: usize,
    turns: &'t Turns,
}

impl Turn<'_> {
    /// Waits for the turn, and passes it on. Either all batches do so or none.
    pub(crate) fn take(self, act: impl FnOnce()) {
        let number = self.turns.number.lock().expect("no turn breaks down");
        let is_early = |number: &mut usize| *number < self.number;
        let mut number = self.turns.passed.wait_while(number, is_early).expect("no turn breaks down");
        act();
        *number = number.saturating_add(1);
        drop(number);
        self.turns.passed.notify_all();
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if panicking() {
            // The turn of a batch whose thread panicked never comes, so nobody may wait for it.
            if let Ok(mut number) = self.turns.number.lock() {
                *number = usize::MAX;
            }
            self.turns.passed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::time::Duration;

    use super::*;

    const NUMBERS: [Option<u16>; 4] = [Some(1), Some(2), Some(7), None];

    fn sources(number: usize) -> Vec<Source> {
        (0..number).map(|number| Source::Found(format!("{number}.json").into())).collect()
    }

    fn names(items: Vec<Item<'_>>) -> Vec<String> {
        let name =
            |item| if let Item::Whole(source) = item { source.name() } else { unreachable!("all are whole") };
        items.into_iter().map(name).collect()
    }

    #[test]
    fn what_came_of_payloads_keeps_their_order() {
        for (jobs, number) in
            NUMBERS.into_iter().flat_map(|jobs| [0, 1, 2, 1000].map(|number| (jobs, number)))
        {
            let sources = sources(number);
            let (mut told, mut done) = (Vec::new(), 0);
            let fed = feed(
                &sources,
                jobs,
                |items, _| names(items),
                |batch| {
                    told.extend(batch.items);
                    done += batch.sources;
                    Ok(())
                },
            );
            assert!(fed.is_ok() && done == number);
            assert_eq!(told, sources.iter().map(Source::name).collect::<Vec<_>>(), "{jobs:?}");
        }
    }

    #[test]
    fn turns_come_in_the_order_of_the_payloads_however_long_their_checks_take() {
        for jobs in NUMBERS {
            let sources = sources(300);
            let turns = Mutex::new(Vec::new());
            let work = |items: Vec<Item<'_>>, turn: Turn<'_>| {
                let names = names(items);
                std::thread::sleep(Duration::from_micros(names.len() as u64 * 37 % 200));
                turn.take(|| turns.lock().expect("no turn breaks down").extend(names));
                Vec::<()>::new()
            };
            feed(&sources, jobs, work, |_| Ok(())).expect("all is taken");
            let turns = turns.into_inner().expect("no turn breaks down");
            assert_eq!(turns, sources.iter().map(Source::name).collect::<Vec<_>>(), "{jobs:?}");
        }
    }

    #[test]
    fn a_run_ends_where_nothing_more_can_be_taken() {
        for jobs in NUMBERS {
            let mut taken = 0;
            let fed = feed(
                &sources(5000),
                jobs,
                |items, _| names(items),
                |_| {
                    taken += 1;
                    if taken < 3 { Ok(()) } else { Err(io::Error::other("full")) }
                },
            );
            assert!(fed.is_err_and(|error| error.to_string() == "full") && taken == 3);
        }
    }

    #[test]
    fn a_thread_that_breaks_down_ends_the_run() {
        #[derive(Debug, Clone, Copy, PartialEq)]
        enum Where {
            WithoutTurns,
            BeforeItsTurn,
            InItsTurn,
        }
        let places = [Where::WithoutTurns, Where::BeforeItsTurn, Where::InItsTurn];
        for (jobs, place) in NUMBERS.into_iter().flat_map(|jobs| places.map(|place| (jobs, place))) {
            let work = |items: Vec<Item<'_>>, turn: Turn<'_>| {
                let names = names(items);
                let break_down = || assert!(!names.iter().any(|name| name == "200.json"), "broken");
                if place == Where::InItsTurn {
                    turn.take(break_down);
                    return names;
                }
                break_down();
                if place == Where::BeforeItsTurn {
                    turn.take(|| ());
                }
                names
            };
            let fed = catch_unwind(AssertUnwindSafe(|| feed(&sources(5000), jobs, work, |_| Ok(()))));
            assert!(fed.is_err(), "{jobs:?} {place:?}");
        }
    }
}
