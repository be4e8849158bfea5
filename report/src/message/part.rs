//! The parts that a message may be built from.

use std::fmt::Display;

use ers_fhir_values::FhirVersion;

use super::Message;
use crate::mask::is_structure;
use crate::severity::Severity;

/// A piece of a message that knows where it comes from.
#[diagnostic::on_unimplemented(
    message = "it is not known whether this text comes from the payload",
    label = "not known to be shown or hidden",
    note = "mark it: use `def(…)` for text of a definition, `value(…)` or `key(…)` for text of the payload"
)]
pub trait Part {
    /// Adds it to a message.
    fn put(&self, message: &mut Message);
}

/// Our own words.
impl Part for &'static str {
    fn put(&self, message: &mut Message) {
        message.show(self);
    }
}

macro_rules! plain {
    ($($plain:ty),*) => {$(
        impl Part for $plain {
            fn put(&self, message: &mut Message) {
                message.show(self);
            }
        }
    )*};
}

plain!(u8, u16, u32, u64, usize, i32, i64, FhirVersion, Severity);

impl Part for Message {
    fn put(&self, message: &mut Message) {
        message.append(self);
    }
}

impl<P: Part> Part for Option<P> {
    fn put(&self, message: &mut Message) {
        if let Some(part) = self {
            part.put(message);
        }
    }
}

/// Text of a definition, or given by the user who started the run: always shown.
#[derive(Debug, Clone, Copy)]
pub struct Defined<T>(T);

/// Text of a definition, or given by the user who started the run. Using it for text of a payload is a leak.
pub const fn def<T: Display>(text: T) -> Defined<T> {
    Defined(text)
}

impl<T: Display> Part for Defined<T> {
    fn put(&self, message: &mut Message) {
        message.name(&self.0);
    }
}

/// A value of the payload: quoted, and hidden where values are masked.
#[derive(Debug, Clone, Copy)]
pub struct Value<'t>(&'t str);

/// A value of the payload.
pub const fn value(text: &str) -> Value<'_> {
    Value(text)
}

impl Part for Value<'_> {
    fn put(&self, message: &mut Message) {
        message.show('\'');
        message.hide(self.0);
        message.show('\'');
    }
}

/// A key, tag or attribute of the payload: hidden where values are masked, unless FHIR has that name.
#[derive(Debug, Clone, Copy)]
pub struct Key<'t>(&'t str);

/// The name of a key, tag or attribute of the payload.
pub const fn key(name: &str) -> Key<'_> {
    Key(name)
}

impl Part for Key<'_> {
    fn put(&self, message: &mut Message) {
        if is_structure(self.0) {
            message.name(self.0);
        } else {
            message.hide(self.0);
        }
    }
}
