//! Profiles: structs that hold what a profile leaves open, over a base structure.

use super::{Facts, Field, Type};

/// The owner of structs that more than one profile uses; no type has this name, as it is no word of Rust.
pub(crate) const SHARED: &str = "(shared)";

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
    /// What it is known by: the canonical URL of a profile, else that with the id of the element; empty where
    /// it is called after what it holds.
    pub key: String,
    /// Other names that it has, after elements that say the same.
    pub aliases: Vec<Alias>,
    /// What became of each field of the base.
    pub fields: Vec<ProfileField>,
}

impl ProfileStruct {
    /// Every field, slices among them, in order.
    pub(crate) fn kept(&self) -> impl Iterator<Item = &Kept> {
        self.fields.iter().flat_map(|field| match &field.handling {
            Handling::Forbidden | Handling::Fixed { .. } => Vec::new(),
            Handling::Kept(kept) => vec![&**kept],
            Handling::Sliced(of) => {
                let slices = of.slices.iter().filter_map(|slice| slice.field.as_ref());
                slices.chain(&of.rest).collect()
            }
        })
    }

    /// Every field, and what is said of the types of its choice, in order.
    pub(crate) fn said(&self) -> impl Iterator<Item = &Kept> {
        self.kept().flat_map(|kept| std::iter::once(kept).chain(kept.narrowed.iter().map(|of| &of.kept)))
    }

    /// The same, to be changed.
    pub(crate) fn change(&mut self, change: &mut dyn FnMut(&mut Kept)) {
        for kept in self.kept_mut() {
            change(kept);
            kept.narrowed.iter_mut().for_each(|of| change(&mut of.kept));
        }
    }

    /// Every field, to be changed.
    pub(crate) fn kept_mut(&mut self) -> impl Iterator<Item = &mut Kept> {
        self.fields.iter_mut().flat_map(|field| match &mut field.handling {
            Handling::Forbidden | Handling::Fixed { .. } => Vec::new(),
            Handling::Kept(kept) => vec![&mut **kept],
            Handling::Sliced(of) => {
                let slices = of.slices.iter_mut().filter_map(|slice| slice.field.as_mut());
                slices.chain(&mut of.rest).collect()
            }
        })
    }
}

/// Another name of a struct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The element that it is called after: the canonical URL of the profile, with the id of the element.
    pub key: String,
    /// Rust name.
    pub name: String,
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
    /// It always has one value.
    Fixed {
        /// Name in JSON: of a choice, with the type of the value.
        name: String,
        /// The value in JSON.
        json: String,
    },
    /// It is a field.
    Kept(Box<Kept>),
    /// Its repeats are told apart.
    Sliced(Box<Sliced>),
}

/// An element whose repeats are told apart.
#[derive(Debug, Clone)]
pub struct Sliced {
    /// The slices that can be told, in order.
    pub slices: Vec<Slice>,
    /// Field for what belongs to none of them; `None` where nothing may.
    pub rest: Option<Kept>,
    /// How often it occurs, all slices together.
    pub times: Times,
    /// Whether the slices come in their order.
    pub is_ordered: bool,
    /// Whether what belongs to none of them comes last.
    pub rest_is_last: bool,
}

/// How often an element must and may occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// At least.
    pub min: u32,
    /// At most, if there is a limit.
    pub max: Option<u32>,
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
    /// The same in numbers.
    pub times: Times,
    /// What the base holds there: of a choice, the one type that is left.
    pub ty: Type,
    /// What it holds.
    pub form: Form,
    /// Whether it is optional and in a box.
    pub is_boxed: bool,
    /// What is said of types of a choice that keeps more than one.
    pub narrowed: Vec<Narrowed>,
    /// Name of an enum for its types, and what is called so, where what one of them holds is said.
    pub types: Option<Alias>,
    /// What it calls the struct that it holds, where that has another name, too.
    pub called: Option<String>,
    /// Value it has where it is there, in JSON.
    pub fixed: Option<String>,
    /// What its value must contain, in JSON.
    pub pattern: Option<String>,
    /// Names in JSON of parts of the value that repeat in the base, and of which the profile leaves one.
    pub singles: Vec<String>,
    /// Elements around the value that hold nothing else, from the outside in.
    pub around: Vec<Around>,
    /// Whether it holds what belongs to no slice.
    pub is_rest: bool,
    /// Slices of it that nothing in JSON tells apart, which therefore have no field: name, and why.
    pub untold: Vec<(String, String)>,
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
            times: base.times,
            ty: base.ty.clone(),
            form: Form::Base,
            is_boxed: false,
            narrowed: Vec::new(),
            types: None,
            called: None,
            fixed: None,
            pattern: None,
            singles: Vec::new(),
            around: Vec::new(),
            is_rest: false,
            untold: Vec::new(),
            facts: base.facts.clone(),
            path: base.path.clone(),
        }
    }

    /// The Rust name of the struct that it holds.
    pub(crate) fn holds(&self) -> Option<&str> {
        match &self.form {
            Form::Struct(name) => Some(name),
            Form::Base | Form::Code(_) => None,
        }
    }

    /// The enum of its own, of a choice of which a type does not hold what the base holds there.
    pub(crate) fn own_types(&self) -> Option<&Alias> {
        self.types.as_ref().filter(|_| self.narrowed.iter().any(|of| of.kept.is_other_type()))
    }

    /// Whether it does not hold what the base holds there.
    fn is_other_type(&self) -> bool {
        self.form != Form::Base || !self.around.is_empty()
    }

    /// What is said of a type of its choice.
    pub(crate) fn of_type(&self, fhir: &str) -> Option<&Self> {
        self.narrowed.iter().find(|of| of.fhir == fhir).map(|of| &of.kept)
    }

    /// Whether a profile leaves a type of its choice.
    pub(crate) fn leaves(&self, fhir: &str) -> bool {
        self.facts.types.is_empty() || self.facts.types.iter().any(|code| code == fhir)
    }

    /// The Rust name of the struct that it holds before it is read: of a choice, that of the first type.
    pub(crate) fn starts_with(&self) -> Option<&str> {
        let first = || self.of_type(self.facts.types.first()?)?.holds();
        self.holds().or_else(first)
    }

    /// Whether a profile leaves every type of a choice.
    fn variants_as_in(&self, base: &Field) -> bool {
        self.facts.types.len() == base.facts.types.len() || !matches!(base.ty, Type::Choice(_))
    }

    /// Whether a profile leaves the field as it is in the base.
    pub(crate) fn is_as_in(&self, base: &Field) -> bool {
        self.form == Form::Base
            && self.ty == base.ty
            && self.cardinality == Cardinality::in_base(base)
            && self.times == base.times
            && self.variants_as_in(base)
            && self.narrowed.is_empty()
            && self.fixed.is_none()
            && self.pattern.is_none()
            && self.around.is_empty()
            && self.untold.is_empty()
    }
}

/// What a profile says of one type of a choice that keeps more than one.
#[derive(Debug, Clone)]
pub struct Narrowed {
    /// FHIR name of the type.
    pub fhir: String,
    /// What is said, as of a field of that type.
    pub kept: Kept,
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
    /// Its name.
    pub name: String,
    /// Its field; `None` where the profile forbids it.
    pub field: Option<Kept>,
    /// How often it occurs.
    pub times: Times,
    /// What tells it apart; all must hold.
    pub tests: Vec<SliceTest>,
}

/// What tells a slice apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SliceTest {
    /// From the sliced element to what is compared.
    pub path: Vec<SliceStep>,
    /// What must be there.
    pub expected: Expected,
}

/// A step to what is compared, in words of JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SliceStep {
    /// A property.
    Child(String),
    /// Any property of a choice, by the part before the type.
    Choice(String),
    /// Extensions with that URL.
    Extension(String),
}

/// What must be where a path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// Exactly this, in JSON.
    Is(String),
    /// At least this, in JSON.
    Contains(String),
    /// All of these.
    All(Vec<SliceTest>),
    /// One of these.
    Any(Vec<SliceTest>),
    /// A code of these: system and code.
    Code(Vec<(String, String)>),
    /// Something, or nothing.
    Exists(bool),
    /// A resource of one of these types.
    Resource(Vec<String>),
    /// What claims one of these profiles, or follows it: canonical URL, and Rust name of the struct.
    Profile(Vec<(String, String)>),
}
