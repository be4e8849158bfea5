//! Profiles: structs over a base structure that hold only what a profile leaves open.

use super::{Facts, Field, Type};

/// The owner of structs that more than one profile uses; no type has this name, as it is not an identifier.
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
    /// Attributes from settings, as Rust.
    pub attributes: Vec<String>,
    /// Its key: the canonical URL of a profile, for an element followed by the id of the element; empty where
    /// the struct is named after its content.
    pub key: String,
    /// Its other names, after elements with the same content.
    pub aliases: Vec<Alias>,
    /// How the profile handles each field of the base.
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

    /// Every field, and what the profile says about the types of its choice, in order.
    pub(crate) fn said(&self) -> impl Iterator<Item = &Kept> {
        self.kept().flat_map(|kept| std::iter::once(kept).chain(kept.narrowed.iter().map(|of| &of.kept)))
    }

    /// Changes each of these.
    pub(crate) fn change(&mut self, change: &mut dyn FnMut(&mut Kept)) {
        for kept in self.kept_mut() {
            change(kept);
            kept.narrowed.iter_mut().for_each(|of| change(&mut of.kept));
        }
    }

    /// Every field, mutably.
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
    /// The element that it is named after: the canonical URL of the profile, with the id of the element.
    pub key: String,
    /// Rust name.
    pub name: String,
}

/// A field as a profile handles it.
#[derive(Debug, Clone)]
pub struct ProfileField {
    /// The field of the base.
    pub base: Field,
    /// How the profile handles it.
    pub handling: Handling,
}

/// How a profile handles a field.
#[derive(Debug, Clone)]
pub enum Handling {
    /// The profile forbids it.
    Forbidden,
    /// It always has one value.
    Fixed {
        /// Name in JSON; for a choice, with the type of the value.
        name: String,
        /// The value in JSON.
        json: String,
    },
    /// It is a field of the struct.
    Kept(Box<Kept>),
    /// It is sliced.
    Sliced(Box<Sliced>),
}

/// A sliced element.
#[derive(Debug, Clone)]
pub struct Sliced {
    /// The slices that can be told apart, in order.
    pub slices: Vec<Slice>,
    /// The field for repeats outside all slices; `None` where there may be none.
    pub rest: Option<Kept>,
    /// How often it occurs, over all slices.
    pub times: Times,
    /// Whether the slices must come in their order.
    pub is_ordered: bool,
    /// Whether repeats outside all slices must come last.
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
    /// Name in JSON; for a choice with more than one type left, the part before the type.
    pub json: String,
    /// How often it occurs.
    pub cardinality: Cardinality,
    /// The same in numbers.
    pub times: Times,
    /// The type in the base; for a choice, the one type that is left.
    pub ty: Type,
    /// The form of its content.
    pub form: Form,
    /// Whether it is optional and in a box.
    pub is_boxed: bool,
    /// The narrowed types of a choice that keeps more than one.
    pub narrowed: Vec<Narrowed>,
    /// The name and key of an enum for its types, where the profile narrows the content of one of them.
    pub types: Option<Alias>,
    /// The alias by which it refers to the struct that it holds, where it has one.
    pub called: Option<String>,
    /// The value that it has if it is present, in JSON.
    pub fixed: Option<String>,
    /// The content that its value must contain, in JSON.
    pub pattern: Option<String>,
    /// Names in JSON of the parts of the value that repeat in the base but occur only once in the profile.
    pub singles: Vec<String>,
    /// Elements around the value that hold nothing else, outermost first.
    pub around: Vec<Around>,
    /// Whether it holds the repeats outside all slices.
    pub is_rest: bool,
    /// Its slices that nothing in JSON tells apart, and that therefore have no field: name and reason.
    pub untold: Vec<(String, String)>,
    /// Facts for its documentation.
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

    /// Its own enum, for a choice in which the content of a type differs from the base.
    pub(crate) fn own_types(&self) -> Option<&Alias> {
        self.types.as_ref().filter(|_| self.narrowed.iter().any(|of| of.kept.is_other_type()))
    }

    /// Whether its content differs from that of the base.
    fn is_other_type(&self) -> bool {
        self.form != Form::Base || !self.around.is_empty()
    }

    /// What the profile says about a type of its choice.
    pub(crate) fn of_type(&self, fhir: &str) -> Option<&Self> {
        self.narrowed.iter().find(|of| of.fhir == fhir).map(|of| &of.kept)
    }

    /// Whether the profile allows a type of its choice.
    pub(crate) fn leaves(&self, fhir: &str) -> bool {
        self.facts.types.is_empty() || self.facts.types.iter().any(|code| code == fhir)
    }

    /// The Rust name of the struct that it holds before it is read; for a choice, that of the first type.
    pub(crate) fn starts_with(&self) -> Option<&str> {
        let first = || self.of_type(self.facts.types.first()?)?.holds();
        self.holds().or_else(first)
    }

    /// Whether the profile allows every type of the choice.
    fn variants_as_in(&self, base: &Field) -> bool {
        self.facts.types.len() == base.facts.types.len() || !matches!(base.ty, Type::Choice(_))
    }

    /// Whether the profile leaves the field as it is in the base.
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

/// What a profile says about one type of a choice that keeps more than one.
#[derive(Debug, Clone)]
pub struct Narrowed {
    /// FHIR name of the type.
    pub fhir: String,
    /// What it says, as if about a field of this type.
    pub kept: Kept,
}

/// The content of a field of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// The same as in the base.
    Base,
    /// A struct of a profile or of a constrained element, by its Rust name.
    Struct(String),
    /// An enum of a narrower binding, by its Rust name.
    Code(String),
}

/// An element with only one variable value in a profile, so that a field holds that value instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// Name of the value in JSON.
    pub inner: String,
    /// Whether the value is an array in the base, of which the profile allows one item.
    pub is_many: bool,
    /// Other properties, which are always the same: names and values in JSON.
    pub implied: Vec<(String, String)>,
    /// Names in JSON that the profile forbids.
    pub forbidden: Vec<String>,
    /// Prefixes of the names of choices that it forbids, except for `inner`.
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
    /// The tests that tell it apart; all must hold.
    pub tests: Vec<SliceTest>,
}

/// A test that tells a slice apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SliceTest {
    /// The path from the sliced element to the part that is compared.
    pub path: Vec<SliceStep>,
    /// What must be at the end of the path.
    pub expected: Expected,
}

/// A step of such a path, in terms of JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SliceStep {
    /// A property.
    Child(String),
    /// Any property of a choice, by the part before the type.
    Choice(String),
    /// Extensions with this URL.
    Extension(String),
}

/// What must be at the end of a path.
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
    /// A value that claims or follows one of these profiles: canonical URL, and Rust name of the struct.
    Profile(Vec<(String, String)>),
}
