//! The items of a Questionnaire, in order and by linkId.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_values::canonical;
use rustc_hash::FxHashMap;

/// A Questionnaire, prepared for checking responses.
pub(super) struct Form<'q> {
    pub(super) questionnaire: &'q Datum,
    pub(super) items: Vec<Item<'q>>,
    /// The items at the top.
    pub(super) top: Vec<ItemIndex>,
    by_link_id: FxHashMap<&'q str, ItemIndex>,
}

/// Position of an item in its form.
pub(super) type ItemIndex = usize;

/// An item of a Questionnaire.
pub(super) struct Item<'q> {
    pub(super) link_id: &'q str,
    pub(super) kind: ItemKind,
    pub(super) is_required: bool,
    pub(super) repeats: bool,
    pub(super) parent: Option<ItemIndex>,
    /// Position among its siblings.
    pub(super) rank: usize,
    pub(super) children: Vec<ItemIndex>,
    pub(super) datum: &'q Datum,
}

/// The kind of an item: a text, a group, or a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemKind {
    Group,
    Display,
    Boolean,
    Decimal,
    Integer,
    Date,
    DateTime,
    Time,
    Text,
    Url,
    Choice,
    OpenChoice,
    Attachment,
    Reference,
    Quantity,
    /// An unknown type: its answers are not checked.
    Other,
}

impl ItemKind {
    fn of(code: &str) -> Self {
        match code {
            "group" => Self::Group,
            "display" => Self::Display,
            "boolean" => Self::Boolean,
            "decimal" => Self::Decimal,
            "integer" => Self::Integer,
            "date" => Self::Date,
            "dateTime" => Self::DateTime,
            "time" => Self::Time,
            "string" | "text" => Self::Text,
            "url" => Self::Url,
            "choice" => Self::Choice,
            "open-choice" => Self::OpenChoice,
            "attachment" => Self::Attachment,
            "reference" => Self::Reference,
            "quantity" => Self::Quantity,
            _ => Self::Other,
        }
    }
}

impl<'q> Form<'q> {
    pub(super) fn new(questionnaire: &'q Datum) -> Self {
        let mut form =
            Self { questionnaire, items: Vec::new(), top: Vec::new(), by_link_id: FxHashMap::default() };
        let mut pending: Vec<_> = questionnaire.all("item").map(|datum| (None, datum)).collect();
        pending.reverse();
        while let Some((parent, datum)) = pending.pop() {
            let index = form.add(parent, datum);
            let first = pending.len();
            pending.extend(datum.all("item").map(|child| (Some(index), child)));
            pending[first..].reverse();
        }
        form
    }

    fn add(&mut self, parent: Option<ItemIndex>, datum: &'q Datum) -> ItemIndex {
        let index = self.items.len();
        let siblings = match parent {
            Some(parent) => &mut self.items[parent].children,
            None => &mut self.top,
        };
        let rank = siblings.len();
        siblings.push(index);
        let link_id = datum.str("linkId").unwrap_or_default();
        self.by_link_id.entry(link_id).or_insert(index);
        self.items.push(Item {
            link_id,
            kind: ItemKind::of(datum.str("type").unwrap_or_default()),
            is_required: datum.bool("required").unwrap_or(false),
            repeats: datum.bool("repeats").unwrap_or(false),
            parent,
            rank,
            children: Vec::new(),
            datum,
        });
        index
    }

    /// The item with that linkId.
    pub(super) fn find(&self, link_id: &str) -> Option<ItemIndex> {
        self.by_link_id.get(link_id).copied()
    }
}

impl<'q> Item<'q> {
    /// The values of its extensions with that URL, each with its type.
    pub(super) fn extensions(&self, url: &'q str) -> impl Iterator<Item = (&'q str, &'q Datum)> {
        extensions(self.datum, url)
    }

    /// The number in its extension with that URL.
    pub(super) fn count(&self, url: &'q str) -> Option<usize> {
        self.extensions(url).next()?.1.text.as_deref()?.parse().ok()
    }
}

/// Which answers are allowed in addition to those that a question lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AnswerConstraint {
    /// None.
    Listed,
    /// Any of the type of the question.
    OfType,
    /// Words.
    Words,
}

const ANSWER_CONSTRAINT: &str = "Questionnaire.item.answerConstraint";

impl Item<'_> {
    /// Constraints on answers that R5 has as elements, and other releases as extensions.
    pub(super) fn answer_constraint(&self) -> AnswerConstraint {
        let of_r5 = |extension: &&Datum| {
            let url = extension.str("url").and_then(canonical::element_of_another_release);
            url == Some(ANSWER_CONSTRAINT)
        };
        let mut extensions = self.datum.all("extension").chain(self.datum.all("modifierExtension"));
        let stated = extensions.find(of_r5).and_then(value).and_then(|(_, value)| value.text.as_deref());
        match stated.or_else(|| self.datum.str("answerConstraint")) {
            Some("optionsOrType") => AnswerConstraint::OfType,
            Some("optionsOrString") => AnswerConstraint::Words,
            _ if self.kind == ItemKind::OpenChoice => AnswerConstraint::Words,
            _ => AnswerConstraint::Listed,
        }
    }
}

/// Whether an option or item carries an extension with the value true.
pub(super) fn is_marked(datum: &Datum, url: &str) -> bool {
    extensions(datum, url).any(|(_, value)| value.text.as_deref() == Some("true"))
}

/// The values of the extensions with that URL, each with its type.
pub(super) fn extensions<'q>(datum: &'q Datum, url: &'q str) -> impl Iterator<Item = (&'q str, &'q Datum)> {
    datum.all("extension").filter(move |extension| extension.str("url") == Some(url)).filter_map(value)
}

/// A `value[x]` and its type.
pub(super) fn value(holder: &Datum) -> Option<(&str, &Datum)> {
    holder.choice("value")
}
