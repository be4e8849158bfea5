//! The steps of an element id: `name:official` of `Patient.name:official.family`.

/// One step of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step<'a> {
    /// Name of the element: `name`, `value[x]`, or the shorthand `valueQuantity`.
    pub(super) name: &'a str,
    /// Slice of it, with the slices it re-slices: `a/b`.
    pub(super) slice: Option<&'a str>,
}

impl<'a> Step<'a> {
    /// The steps of an id, the root included.
    pub(super) fn of(id: &'a str) -> impl Iterator<Item = Self> + 'a {
        id.split('.').map(|step| match step.split_once(':') {
            Some((name, slice)) => Self { name, slice: Some(slice) },
            None => Self { name: step, slice: None },
        })
    }

    /// The slices on the way to the slice, outermost first: `a`, `a/b`.
    pub(super) fn slices(self) -> impl Iterator<Item = &'a str> {
        let slice = self.slice.unwrap_or_default();
        let ends = slice.match_indices('/').map(|(at, _)| at).chain([slice.len()]);
        ends.map(|end| &slice[..end]).filter(|slice| !slice.is_empty())
    }
}
