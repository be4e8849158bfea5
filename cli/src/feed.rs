//! Payloads in batches: while one is checked, the next is read, and no more is held than that.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use ers_fhir_lint::inputs::{Form, Item, Source, each};

/// What a batch weighs: enough to keep all processors busy.
const FULL: usize = 4 << 20;

/// Payloads that are checked together, and how many sources are done with them.
#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) items: Vec<Item>,
    pub(crate) sources: usize,
    weight: usize,
}

/// Hands over the payloads of sources, batch by batch and in order, until one cannot be taken.
pub(crate) fn feed<E>(sources: &[Source], mut take: impl FnMut(Batch) -> Result<(), E>) -> Result<(), E> {
    if let [only] = sources
        && only.form() == Form::Whole
    {
        // Starting a thread takes as long as checking a payload.
        let mut items = Vec::new();
        each(only, &mut |item| {
            items.push(item);
            true
        });
        return take(Batch { items, sources: 1, weight: 0 });
    }
    thread::scope(|scope| {
        let (sender, batches) = sync_channel(1);
        scope.spawn(move || read(sources, &sender));
        batches.into_iter().try_for_each(&mut take)
    })
}

fn read(sources: &[Source], sender: &SyncSender<Batch>) {
    let mut batch = Batch::default();
    for source in sources {
        let goes_on = each(source, &mut |item| {
            batch.weight += item.weight();
            batch.items.push(item);
            batch.weight < FULL || sender.send(std::mem::take(&mut batch)).is_ok()
        });
        if !goes_on {
            return;
        }
        batch.sources += 1;
    }
    // Whoever does not listen any more wants no more.
    let _ = sender.send(batch);
}
