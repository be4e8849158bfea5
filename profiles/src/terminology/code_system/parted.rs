//! A large code system in the binary, of which only the part that holds a code is read.

use std::sync::{Arc, OnceLock};

use super::known::{Known, SystemIndex};
use crate::definition::CodeSystem;
use crate::error::Error;
use crate::store::CodeSystemParts;
use crate::terminology::membership::Reason;

/// The parts of a code system that were read.
#[derive(Debug)]
pub(crate) struct Parted {
    url: Arc<str>,
    parts: CodeSystemParts,
    read: Box<[OnceLock<Option<Arc<SystemIndex>>>]>,
    whole: OnceLock<Known>,
}

impl Parted {
    pub(crate) fn new(url: &str, parts: CodeSystemParts) -> Self {
        let read = (0..parts.number()).map(|_| OnceLock::new()).collect();
        Self { url: url.into(), parts, read, whole: OnceLock::new() }
    }

    /// The part that holds a code, exactly as written, and its place there.
    pub(crate) fn find(&self, code: &str) -> Option<(&Arc<SystemIndex>, u32)> {
        let part = self.part(self.parts.of(code))?;
        Some((part, part.find_exactly(code)?))
    }

    /// The facts that every part repeats: everything but the concepts.
    pub(crate) fn head(&self) -> Option<&CodeSystem> {
        let read = self.read.iter().find_map(|part| part.get().and_then(Option::as_ref));
        read.or_else(|| self.part(0)).map(|part| &*part.definition)
    }

    /// All of it.
    pub(crate) fn whole(&self) -> &Known {
        self.whole.get_or_init(|| match self.parts.whole() {
            Ok(definition) => Known::new(&self.url, Some(Arc::new(definition))),
            Err(error) => Known::Nothing(unreadable(&self.url, &error)),
        })
    }

    /// A part; `None` if it cannot be read; reading the whole then gives the reason.
    fn part(&self, part: u32) -> Option<&Arc<SystemIndex>> {
        let read = || Some(Arc::new(SystemIndex::new(Arc::new(self.parts.read(part).ok()?))));
        self.read.get(part as usize)?.get_or_init(read).as_ref()
    }
}

/// The reason why nothing is known about a definition that cannot be read.
pub(crate) fn unreadable(canonical: &str, error: &Error) -> Reason {
    Reason::Unreadable { canonical: canonical.into(), error: error.to_string().into() }
}
