//! Ids of elements: `Patient.name:official.family`.
//!
//! Later steps find elements by id, but STU3 leaves them optional and tools have written other
//! things there. An id that does not spell out the path is replaced by one made from paths and
//! slice names. In STU3 the order of the elements and their paths tell what belongs to which slice, whatever
//! the ids say.

use ers_fhir_values::FhirVersion;

use crate::definition::ElementDefinition;

/// Gives each element of a list an id that agrees with its path.
pub(super) fn complete(elements: &mut [ElementDefinition], version: FhirVersion) {
    // Ids of the element before and of its ancestors, each with the length of its path.
    let mut open: Vec<(usize, usize)> = Vec::new();
    for index in 0..elements.len() {
        while let Some(&(parent, length)) = open.last() {
            let path = &elements[index].path;
            let inside =
                path.as_bytes().get(length) == Some(&b'.') && path.starts_with(&elements[parent].path);
            if inside {
                break;
            }
            open.pop();
        }
        if let Some(id) = shorthand(&elements[index]) {
            elements[index].id = id;
        } else if !spells(&elements[index].id, &elements[index]) {
            let id = derive(&elements[index], open.last().map(|&(parent, _)| &elements[parent]));
            elements[index].id = id;
        }
        if let (FhirVersion::Stu3, Some(&(parent, _))) = (version, open.last())
            && let Some(id) = below(&elements[parent], &elements[index])
        {
            elements[index].id = id;
        }
        open.push((index, elements[index].path.len()));
    }
}

/// Whether the steps of an id are those of the path, but for slice names and the name of a choice.
fn spells(id: &str, element: &ElementDefinition) -> bool {
    let mut path = element.path.split('.');
    let mut slice = None;
    for step in id.split('.') {
        let (name, of) = step.split_once(':').map_or((step, None), |(name, slice)| (name, Some(slice)));
        slice = of;
        let Some(expected) = path.next() else { return false };
        let stem = name.strip_suffix("[x]");
        if name != expected && !stem.is_some_and(|stem| expected.starts_with(stem)) {
            return false;
        }
    }
    // The slice names of STU3 may differ from their ids in letter case.
    let named = element.slice_name.as_deref();
    path.next().is_none()
        && named.is_none_or(|name| slice.is_some_and(|s| s.eq_ignore_ascii_case(name) || s.ends_with(name)))
}

/// The id of an element whose path has `valueQuantity` where its id has `value[x]:valueQuantity`.
///
/// The path says more: that the choice is narrowed to the type, and not just sliced.
fn shorthand(element: &ElementDefinition) -> Option<String> {
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

/// The id of an element below another, where its own puts it elsewhere.
fn below(parent: &ElementDefinition, element: &ElementDefinition) -> Option<String> {
    let is_there = element.id.strip_prefix(parent.id.as_str()).is_some_and(|rest| rest.starts_with('.'));
    if is_there {
        return None;
    }
    let depth = parent.id.split('.').count();
    let steps: Vec<&str> = element.id.split('.').skip(depth).collect();
    (!steps.is_empty()).then(|| format!("{}.{}", parent.id, steps.join(".")))
}

fn derive(element: &ElementDefinition, parent: Option<&ElementDefinition>) -> String {
    let mut id = match parent {
        Some(parent) => format!("{}{}", parent.id, &element.path[parent.path.len()..]),
        None => element.path.clone(),
    };
    if let Some(slice) = &element.slice_name {
        id.push(':');
        id.push_str(slice);
    }
    id
}
