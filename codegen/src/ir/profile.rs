//! Profiles: structs that hold what a profile leaves open, over a base structure.

use super::{Facts, Field, Type};

/// A struct for a profile, or for an element that a profile constrains.
#[derive(Debug, Clone)]
pub struct ProfileStruct {
    /// Rust name.
    pub name: String,
    /// Rust name of the base structure.
    pub base: String,
    /// The profile it belongs to, by its Rust name.
    pub owner: String,
    /// Canonical URL, for a profile itself.
    pub url: Option<String>,
    /// Id of the element: `Parameters.parameter:patient`.
    pub path: String,
    /// A few words from the package.
    pub short: Option<String>,
    /// Attributes asked for by a setting, as Rust.
    pub attributes: Vec<String>,
    /// What became of each field of the base.
    pub fields: Vec<ProfileField>,
}

/// What a profile makes of a field.
#[derive(Debug, Clone)]
pub struct ProfileField {
    /// The field of the base.
    pub base: Field,
    /// What becomes of it.
    pub handling: Handling,
}

/// What becomes of a field.
#[derive(Debug, Clone)]
pub enum Handling {
    /// The profile forbids it.
    Forbidden,
    /// It always has this value, in JSON.
    Fixed(String),
    /// It is a field.
    Kept(Box<Kept>),
    /// Its repeats are told apart.
    Sliced {
        /// The slices, in order.
        slices: Vec<Slice>,
        /// Field for what belongs to no slice; `None` where nothing may.
        rest: Option<String>,
    },
}

/// How often a field of a profile occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cardinality {
    /// Exactly once.
    One,
    /// Once at most.
    Optional,
    /// Any number of times.
    Any,
    /// At least once.
    Some,
}

impl Cardinality {
    /// How often a field of the base occurs.
    fn in_base(base: &Field) -> Self {
        match (base.is_many, base.is_required) {
            (true, _) => Self::Any,
            (_, true) => Self::One,
            _ => Self::Optional,
        }
    }
}

/// A field of a profile.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Rust name.
    pub name: String,
    /// Name in JSON; of a choice of which more than one type is left, the part before the type.
    pub json: String,
    /// How often it occurs.
    pub cardinality: Cardinality,
    /// What the base holds there: of a choice, the one type that is left.
    pub ty: Type,
    /// What it holds.
    pub form: Form,
    /// Value it has where it is there, in JSON.
    pub fixed: Option<String>,
    /// What its value must contain, in JSON.
    pub pattern: Option<String>,
    /// Elements around the value that hold nothing else, from the outside in.
    pub around: Vec<Around>,
    /// For its documentation.
    pub facts: Facts,
    /// Id of the element.
    pub path: String,
}

impl Kept {
    /// A field as the base has it.
    pub(crate) fn from_base(base: &Field) -> Self {
        Self {
            name: base.name.clone(),
            json: base.json.clone(),
            cardinality: Cardinality::in_base(base),
            ty: base.ty.clone(),
            form: Form::Base,
            fixed: None,
            pattern: None,
            around: Vec::new(),
            facts: base.facts.clone(),
            path: base.path.clone(),
        }
    }

    /// Whether a profile leaves the field as it is in the base.
    pub(crate) fn is_as_in(&self, base: &Field) -> bool {
        self.form == Form::Base
            && self.ty == base.ty
            && self.cardinality == Cardinality::in_base(base)
            && self.fixed.is_none()
            && self.pattern.is_none()
            && self.around.is_empty()
    }
}

/// What a field of a profile holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// What the base holds.
    Base,
    /// A struct of a profile or of a constrained element, by its Rust name.
    Struct(String),
    /// An enum of a narrower binding, by its Rust name.
    Code(String),
}

/// An element of which a profile leaves one value, so that a field holds that value instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// Name of the value in JSON.
    pub inner: String,
    /// Whether the value is an array, of which the profile leaves one.
    pub is_many: bool,
    /// What else is always there: names and values in JSON.
    pub implied: Vec<(String, String)>,
    /// Names in JSON that the profile forbids.
    pub forbidden: Vec<String>,
    /// Starts of names of choices that it forbids, but for `inner`.
    pub stems: Vec<String>,
}

/// A slice.
#[derive(Debug, Clone)]
pub struct Slice {
    /// Its field.
    pub field: Kept,
    /// What tells it apart; all must hold.
    pub tests: Vec<SliceTest>,
}

/// What tells a slice apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SliceTest {
    /// JSON names from the sliced element to what is compared.
    pub path: Vec<String>,
    /// What must be there, in JSON; `None` where it is enough that there is something.
    pub expected: Option<String>,
}
