//! Payloads in batches: while one is told of, the next is checked and the one after it read, and no more is held.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use ers_fhir_lint::inputs::{Form, Item, Source, each};
use rayon::prelude::*;

/// What a batch weighs: enough to keep all processors busy.
const FULL: usize = 4 << 20;

/// Payloads that are checked together, and how many sources are done with them.
pub(crate) struct Batch<T> {
    pub(crate) items: Vec<T>,
    pub(crate) sources: usize,
    weight: usize,
}

impl<T> Batch<T> {
    fn new() -> Self {
        Self { items: Vec::new(), sources: 0, weight: 0 }
    }
}

/// Works on the payloads of sources, and hands over what came of them, batch by batch and in order, until that
/// cannot be taken.
pub(crate) fn feed<T: Send, E>(
    sources: &[Source],
    work: impl Fn(Item) -> T + Sync,
    mut take: impl FnMut(Batch<T>) -> Result<(), E>,
) -> Result<(), E> {
    let worked = |Batch { items, sources, weight }: Batch<Item>| Batch {
        items: in_parallel(items, &work),
        sources,
        weight,
    };
    if let [only] = sources
        && only.form() == Form::Whole
    {
        // Starting a thread takes as long as checking a payload.
        let mut batch = Batch { sources: 1, ..Batch::new() };
        each(only, &mut |item| {
            batch.items.push(item);
            true
        });
        return take(worked(batch));
    }
    if rayon::current_num_threads() == 1 {
        let mut taken = Ok(());
        read(sources, |batch| {
            taken = take(worked(batch));
            taken.is_ok()
        });
        return taken;
    }
    thread::scope(|scope| {
        let (sender, batches) = sync_channel(1);
        scope.spawn(move || read(sources, |batch| sender.send(batch).is_ok()));
        let (done, told) = sync_channel(1);
        scope.spawn(move || check(batches, &done, worked));
        told.into_iter().try_for_each(&mut take)
    })
}

/// Reads all sources, and hands over batches until one is not wanted.
fn read(sources: &[Source], mut send: impl FnMut(Batch<Item>) -> bool) {
    let mut batch = Batch::new();
    for source in sources {
        let goes_on = each(source, &mut |item| {
            batch.weight += item.weight();
            batch.items.push(item);
            batch.weight < FULL || send(std::mem::replace(&mut batch, Batch::new()))
        });
        if !goes_on {
            return;
        }
        batch.sources += 1;
    }
    send(batch);
}

fn check<T>(
    batches: Receiver<Batch<Item>>,
    done: &SyncSender<Batch<T>>,
    worked: impl Fn(Batch<Item>) -> Batch<T>,
) {
    for batch in batches {
        // Whoever does not listen any more wants no more.
        if done.send(worked(batch)).is_err() {
            return;
        }
    }
}

/// Works on each of some things, and keeps their order.
pub(crate) fn in_parallel<T: Send, R: Send>(things: Vec<T>, work: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    // Waking up a pool of threads takes as long as checking a payload.
    if things.len() < 2 || rayon::current_num_threads() == 1 {
        return things.into_iter().map(work).collect();
    }
    things.into_par_iter().map(work).collect()
}
