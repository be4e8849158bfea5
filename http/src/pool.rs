//! A fixed number of threads that check, and a queue of fixed length in front of them.

use std::collections::VecDeque;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// A piece of work for the threads.
type Job = Box<dyn FnOnce() + Send>;

/// Stack size: enough for the deepest payload in a build without optimisation.
const STACK: usize = 16 << 20;

/// The threads.
#[derive(Debug)]
pub(crate) struct Pool(Arc<Inner>);

struct Inner {
    queue: Mutex<Queue>,
    wake: Condvar,
    capacity: usize,
    busy: AtomicUsize,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    is_closed: bool,
}

/// The queue is full.
#[derive(Debug)]
pub(crate) struct Full;

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}

impl Pool {
    /// Starts this many threads, with a queue for this many jobs.
    pub(crate) fn new(threads: usize, capacity: usize) -> io::Result<Self> {
        let inner = Arc::new(Inner {
            queue: Mutex::default(),
            wake: Condvar::new(),
            capacity,
            busy: AtomicUsize::new(0),
        });
        let pool = Self(inner);
        for number in 0..threads.max(1) {
            let inner = Arc::clone(&pool.0);
            let thread = thread::Builder::new().name(format!("check-{number}")).stack_size(STACK);
            thread.spawn(move || inner.work())?;
        }
        Ok(pool)
    }

    /// Gives a job to the next free thread.
    ///
    /// # Errors
    ///
    /// If the queue is full.
    pub(crate) fn submit(&self, job: Job) -> Result<(), Full> {
        let mut queue = self.0.lock();
        if queue.jobs.len() >= self.0.capacity {
            return Err(Full);
        }
        queue.jobs.push_back(job);
        drop(queue);
        self.0.wake.notify_one();
        Ok(())
    }

    /// The number of waiting jobs.
    pub(crate) fn waiting(&self) -> usize {
        self.0.lock().jobs.len()
    }

    /// The number of running jobs.
    pub(crate) fn busy(&self) -> usize {
        self.0.busy.load(Ordering::Relaxed)
    }
}

/// The threads end when they have done all waiting jobs.
impl Drop for Pool {
    fn drop(&mut self) {
        self.0.lock().is_closed = true;
        self.0.wake.notify_all();
    }
}

impl Inner {
    /// A job never runs while the lock is held, so nothing poisons it.
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        while let Some(job) = self.next() {
            self.busy.fetch_add(1, Ordering::Relaxed);
            // The code that waits for a crashed job notices that its answer will not come.
            let _ = panic::catch_unwind(AssertUnwindSafe(job));
            self.busy.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn next(&self) -> Option<Job> {
        let mut queue = self.lock();
        loop {
            if let Some(job) = queue.jobs.pop_front() {
                return Some(job);
            }
            if queue.is_closed {
                return None;
            }
            queue = self.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_full_queue_refuses_and_a_job_that_breaks_down_ends_no_thread() {
        let pool = Pool::new(1, 1).expect("a thread starts");
        let (started, is_started) = mpsc::channel();
        let (release, is_released) = mpsc::channel::<()>();
        pool.submit(Box::new(move || {
            let _ = started.send(());
            let _ = is_released.recv();
            panic!("on purpose");
        }))
        .expect("there is place");
        is_started.recv().expect("it starts");
        let (done, is_done) = mpsc::channel();
        pool.submit(Box::new(move || done.send(7).expect("somebody waits"))).expect("one may wait");
        assert_eq!((pool.waiting(), pool.busy()), (1, 1));
        assert!(pool.submit(Box::new(|| ())).is_err());
        drop(release);
        assert_eq!(is_done.recv(), Ok(7));
    }
}
