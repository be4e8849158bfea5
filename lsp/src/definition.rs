//! The target of a reference: a contained resource, or an entry of the Bundle.

use crate::outline::{Outline, Spot};

/// The target of the reference at a place.
pub(crate) fn target(outline: &Outline<'_>, offset: usize) -> Option<usize> {
    let Spot::Value { part, .. } = outline.spot(offset)? else { return None };
    let reference = outline.text(part)?;
    let is_reference = matches!(outline.key(part), Some("reference" | "fullUrl" | "valueUri" | "uri"));
    if !is_reference {
        return None;
    }
    match reference.strip_prefix('#') {
        Some(id) => contained(outline, part, id),
        None => entry(outline, part, reference),
    }
}

/// A contained resource, or the one that contains it.
fn contained(outline: &Outline<'_>, part: usize, id: &str) -> Option<usize> {
    let holds = |object: usize| outline.member(object, "contained");
    let root = outline.ancestors(part).find(|object| holds(*object).is_some())?;
    if id.is_empty() {
        return Some(root);
    }
    let all = outline.repeats(root, "contained").into_iter().map(|part| outline.resource(part));
    all.into_iter().find(|resource| outline.member_text(*resource, "id") == Some(id))
}

fn entry(outline: &Outline<'_>, part: usize, reference: &str) -> Option<usize> {
    let is_bundle = |object: &usize| outline.type_name(*object) == Some("Bundle");
    let bundles = outline.ancestors(part).filter(is_bundle);
    let resource = |entry: usize| outline.member(entry, "resource").map(|part| outline.resource(part));
    for bundle in bundles {
        let entries = outline.repeats(bundle, "entry");
        let own = outline.ancestors(part).find(|part| entries.contains(part));
        let base = own.and_then(|entry| base(outline.member_text(entry, "fullUrl")?));
        let whole = base.map(|base| format!("{base}/{reference}"));
        let reference = reference.split("/_history/").next().unwrap_or(reference);
        let found = entries.iter().copied().find(|entry| {
            let url = outline.member_text(*entry, "fullUrl");
            url.is_some() && (url == Some(reference) || url == whole.as_deref())
        });
        let by_id = || {
            let (type_name, id) = reference.rsplit_once('/')?;
            let is_it = |entry: &usize| {
                resource(*entry).is_some_and(|resource| {
                    outline.type_name(resource) == Some(type_name)
                        && outline.member_text(resource, "id") == Some(id)
                })
            };
            entries.iter().copied().find(is_it)
        };
        if let Some(entry) = found.or_else(by_id) {
            return resource(entry).or(Some(entry));
        }
    }
    None
}

/// `https://example.org/fhir` of `https://example.org/fhir/Patient/1`.
fn base(full_url: &str) -> Option<&str> {
    full_url.rsplitn(3, '/').nth(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(text: &str) -> Option<String> {
        let at = text.find('‸').expect("it has a caret");
        let text = text.replace('‸', "");
        let outline = Outline::new(&text);
        target(&outline, at).map(|part| text[outline.part(part).span.clone()].to_owned())
    }

    #[test]
    fn references_lead_to_what_they_name() {
        let contained = r##"{"contained": [{"id": "a"}, {"id": "b"}], "subject": {"reference": "#b‸"}}"##;
        assert_eq!(lead(contained).as_deref(), Some(r#"{"id": "b"}"#));
        let bundle = |reference: &str| {
            lead(&format!(
                r#"{{"resourceType": "Bundle", "entry": [
                    {{"fullUrl": "https://a.org/f/Patient/1", "resource": {{"x": 1}}}},
                    {{"fullUrl": "urn:uuid:9", "resource": {{"x": 2}}}},
                    {{"resource": {{"resourceType": "Patient", "id": "7"}}}},
                    {{"fullUrl": "https://a.org/f/Task/2", "resource": {{"for": {{"reference": "‸{reference}"}}}}}}
                ]}}"#
            ))
        };
        assert_eq!(bundle("urn:uuid:9").as_deref(), Some(r#"{"x": 2}"#));
        assert_eq!(bundle("Patient/1").as_deref(), Some(r#"{"x": 1}"#));
        assert_eq!(bundle("Patient/7").as_deref(), Some(r#"{"resourceType": "Patient", "id": "7"}"#));
        assert_eq!(bundle("Patient/8"), None);
        let in_xml = "<Task><contained><Slot><id value='s'/></Slot></contained><for><reference value='‸#s'/></for></Task>";
        assert_eq!(lead(in_xml).as_deref(), Some("<Slot><id value='s'/></Slot>"));
    }
}
