//! Slices that are distinguished by one text, such as the URL of extensions and the name of parameters: they
//! are looked up in a table instead of tested one after another.

use ers_fhir_tree::Node;
use rustc_hash::FxHashMap;

use super::Slice;
use crate::schema::constraint::host::Host;
use crate::schema::label::Label;

/// Where the text is, and the slice of each.
#[derive(Debug)]
pub(super) struct ByText {
    /// Names of the children that lead to it.
    path: Box<[Label]>,
    slices: FxHashMap<Box<str>, usize>,
}

/// The expected place does not have exactly one plain text.
pub(super) struct Undecided;

impl ByText {
    /// The table of slices, if all of them but the default are distinguished by the text in one place.
    pub(super) fn compile(slices: &[Slice], default: Option<usize>) -> Option<Self> {
        let mut path: Option<Vec<&Label>> = None;
        let mut table = FxHashMap::default();
        for (at, slice) in slices.iter().enumerate().filter(|(at, _)| Some(*at) != default) {
            let [only] = slice.tests.as_deref()? else { return None };
            let (own, text) = only.text_of_child()?;
            if *path.get_or_insert_with(|| own.clone()) != own || table.insert(text.into(), at).is_some() {
                return None;
            }
        }
        Some(Self { path: path?.into_iter().cloned().collect(), slices: table })
    }

    /// The slice of an element, if it is in one; an error if the table does not decide it.
    pub(super) fn slice_of<'v, 'd>(
        &self,
        host: &impl Host<'v, 'd>,
        node: Node<'d>,
    ) -> Result<Option<usize>, Undecided> {
        let mut at = node;
        for name in &self.path {
            let mut found = at.selected(|child| host.is_named(child, name));
            let Some(next) = found.next() else { return Ok(None) };
            if found.next().is_some() {
                return Err(Undecided);
            }
            at = next;
        }
        match at.value() {
            Some(text) if !at.has_children() => Ok(self.slices.get(text).copied()),
            _ => Err(Undecided),
        }
    }
}
