//! Ids of elements: `Patient.name:official.family`.
//!
//! Later steps find elements by id, but STU3 leaves ids optional and tools have written other things there.
//! An id that does not spell out the path is replaced by one made from paths and slice names. In STU3 the
//! order of the elements and their paths determine what belongs to which slice, whatever the ids say.

use std::borrow::Cow;

use ers_fhir_values::FhirVersion;

/// The parts of an element that identify it in its list, as they are written.
#[derive(Debug, Clone, Copy)]
pub struct Label<'a> {
    /// `ElementDefinition.id`; empty where there is none.
    pub id: &'a str,
    /// `ElementDefinition.path`.
    pub path: &'a str,
    /// `ElementDefinition.sliceName`.
    pub slice_name: Option<&'a str>,
}

/// An element with its id as far as it is known.
struct Named<'a> {
    id: Cow<'a, str>,
    path: &'a str,
    slice_name: Option<&'a str>,
}

/// The ids of a list of elements, made to agree with their paths.
pub(super) fn complete<'a>(
    labels: impl Iterator<Item = Label<'a>>,
    version: FhirVersion,
) -> Vec<Cow<'a, str>> {
    let mut done: Vec<Named<'a>> = Vec::new();
    // Places of the element before and of its ancestors.
    let mut open: Vec<usize> = Vec::new();
    for Label { id, path, slice_name } in labels {
        while let Some(parent) = open.last() {
            let above = done[*parent].path;
            if path.as_bytes().get(above.len()) == Some(&b'.') && path.starts_with(above) {
                break;
            }
            open.pop();
        }
        let parent = open.last().map(|parent| &done[*parent]);
        let mut named = Named { id: Cow::Borrowed(id), path, slice_name };
        let is_plain = id == path && slice_name.is_none() && !path.contains(':');
        if is_plain {
            // The usual case.
        } else if let Some(id) = shorthand(&named) {
            named.id = id.into();
        } else if !spells(&named) {
            named.id = derive(&named, parent).into();
        }
        if let (FhirVersion::Stu3, Some(parent)) = (version, parent)
            && let Some(id) = below(parent, &named)
        {
            named.id = id.into();
        }
        open.push(done.len());
        done.push(named);
    }
    done.into_iter().map(|named| named.id).collect()
}

/// Whether the steps of an id are those of the path, apart from slice names and the name of a choice.
fn spells(element: &Named<'_>) -> bool {
    let mut path = element.path.split('.');
    let mut slice = None;
    for step in element.id.split('.') {
        let (name, of) = step.split_once(':').map_or((step, None), |(name, slice)| (name, Some(slice)));
        slice = of;
        let Some(expected) = path.next() else { return false };
        let stem = name.strip_suffix("[x]");
        if name != expected && !stem.is_some_and(|stem| expected.starts_with(stem)) {
            return false;
        }
    }
    // The slice names of STU3 may differ from their ids in letter case.
    let named = element.slice_name;
    path.next().is_none()
        && named.is_none_or(|name| slice.is_some_and(|s| s.eq_ignore_ascii_case(name) || s.ends_with(name)))
}

/// The id of an element whose path has `valueQuantity` where its id has `value[x]:valueQuantity`.
///
/// The path says more: that the choice is narrowed to the type, and not just sliced.
fn shorthand(element: &Named<'_>) -> Option<String> {
    let narrows = |step: &str, path: &str| {
        let slice = step.split_once(':').filter(|(name, slice)| name.ends_with("[x]") && *slice == path);
        slice.is_some()
    };
    let pairs = || element.id.split('.').zip(element.path.split('.'));
    if element.slice_name.is_some() || !pairs().any(|(step, path)| narrows(step, path)) {
        return None;
    }
    let steps: Vec<&str> =
        pairs().map(|(step, path)| if narrows(step, path) { path } else { step }).collect();
    (steps.len() == element.id.split('.').count()).then(|| steps.join("."))
}

/// The id of an element below another, if its own id puts it elsewhere.
fn below(parent: &Named<'_>, element: &Named<'_>) -> Option<String> {
    let is_there = element.id.strip_prefix(&*parent.id).is_some_and(|rest| rest.starts_with('.'));
    if is_there {
        return None;
    }
    let depth = parent.id.split('.').count();
    let steps: Vec<&str> = element.id.split('.').skip(depth).collect();
    (!steps.is_empty()).then(|| format!("{}.{}", parent.id, steps.join(".")))
}

fn derive(element: &Named<'_>, parent: Option<&Named<'_>>) -> String {
    let mut id = match parent {
        Some(parent) => format!("{}{}", parent.id, &element.path[parent.path.len()..]),
        None => element.path.to_owned(),
    };
    if let Some(slice) = element.slice_name {
        id.push(':');
        id.push_str(slice);
    }
    id
}
