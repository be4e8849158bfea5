//! Where terminology comes from.

use std::fmt::Debug;
use std::sync::Arc;

use crate::definition::{CodeSystem, ValueSet};
use crate::error::Error;
use crate::package::Kind;
use crate::store::{CodeSystemParts, Definitions};
use crate::terminology::compact::CompactFile;

/// Value sets and code systems by canonical URL.
pub trait Source: Debug + Send + Sync {
    /// The value set with that canonical URL, which may carry a `|version`.
    fn value_set(&self, canonical: &str) -> Result<Option<Arc<ValueSet>>, Error>;

    /// The value set that a canonical URL means although there is no definition of that URL.
    fn implicit_value_set(&self, _canonical: &str) -> Option<ValueSet> {
        None
    }

    /// The code system with that canonical URL, which may carry a `|version`.
    fn code_system(&self, canonical: &str) -> Result<Option<Arc<CodeSystem>>, Error>;

    /// The versions of the code system with that URL.
    fn code_system_versions(&self, _url: &str) -> Vec<String> {
        Vec::new()
    }

    /// The code systems that supplement the one with that URL, in a stable order.
    fn supplements(&self, url: &str) -> Result<Vec<Arc<CodeSystem>>, Error>;

    /// The code system with that URL as a compact file, which takes precedence over its definition.
    fn compact(&self, _url: &str) -> Option<Arc<CompactFile>> {
        None
    }

    /// The parts of the code system with that canonical URL, which take precedence over its definition.
    fn code_system_parts(&self, _canonical: &str) -> Option<CodeSystemParts> {
        None
    }
}

impl Source for Definitions {
    fn value_set(&self, canonical: &str) -> Result<Option<Arc<ValueSet>>, Error> {
        self.defined_value_set(canonical)
    }

    fn implicit_value_set(&self, canonical: &str) -> Option<ValueSet> {
        Definitions::implicit_value_set(self, canonical)
    }

    fn code_system(&self, canonical: &str) -> Result<Option<Arc<CodeSystem>>, Error> {
        Definitions::code_system(self, canonical)
    }

    fn code_system_versions(&self, url: &str) -> Vec<String> {
        self.versions(Kind::CodeSystem, url)
    }

    fn supplements(&self, url: &str) -> Result<Vec<Arc<CodeSystem>>, Error> {
        self.supplements_of(url)
    }

    fn compact(&self, url: &str) -> Option<Arc<CompactFile>> {
        Definitions::compact(self, url)
    }

    fn code_system_parts(&self, canonical: &str) -> Option<CodeSystemParts> {
        Definitions::code_system_parts(self, canonical)
    }
}

impl<S: Source + ?Sized> Source for Arc<S> {
    fn value_set(&self, canonical: &str) -> Result<Option<Arc<ValueSet>>, Error> {
        (**self).value_set(canonical)
    }

    fn implicit_value_set(&self, canonical: &str) -> Option<ValueSet> {
        (**self).implicit_value_set(canonical)
    }

    fn code_system(&self, canonical: &str) -> Result<Option<Arc<CodeSystem>>, Error> {
        (**self).code_system(canonical)
    }

    fn code_system_versions(&self, url: &str) -> Vec<String> {
        (**self).code_system_versions(url)
    }

    fn supplements(&self, url: &str) -> Result<Vec<Arc<CodeSystem>>, Error> {
        (**self).supplements(url)
    }

    fn compact(&self, url: &str) -> Option<Arc<CompactFile>> {
        (**self).compact(url)
    }

    fn code_system_parts(&self, canonical: &str) -> Option<CodeSystemParts> {
        (**self).code_system_parts(canonical)
    }
}
