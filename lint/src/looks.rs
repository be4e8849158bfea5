//! Whether a file in a folder that is not a FHIR resource was meant to be one, so that it is not
//! skipped.

use std::collections::HashSet;
use std::sync::LazyLock;

use ers_fhir_profiles::definition::StructureKind;
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_tree::{Document, Kind as TreeKind, Node, Syntax};
use ers_fhir_values::suggest;

/// The depth to which resources are looked for inside other objects.
const DEEPEST: usize = 3;

/// Whether JSON or XML that is not a resource looks like one: it has a `resourceType` in any spelling, a
/// `meta.profile`, a root that is named like a resource, or it is an array or a wrapper of resources.
pub fn like_fhir(text: &str) -> bool {
    match Document::parse(text.as_bytes()) {
        Ok(document) => is_meant(&document),
        // The reader refuses an array, but not as a member of an object.
        Err(_) if Syntax::of(text.as_bytes()) == Syntax::Json => {
            let array = text.trim_start_matches('\u{feff}');
            let wrapped = format!("{{\"items\":{array}}}");
            Document::parse(wrapped.as_bytes()).is_ok_and(|document| is_meant(&document))
        }
        Err(_) => false,
    }
}

fn is_meant(document: &Document<'_>) -> bool {
    let root = document.root();
    let has_profile = root.child("meta").is_some_and(|meta| meta.child("profile").is_some());
    has_profile
        || match document.syntax() {
            Syntax::Xml => is_resource(root.name()) || root.resource_type().is_some_and(is_resource),
            Syntax::Json => {
                let is_only = root.children().filter(|member| member.opens_member()).take(2).count() == 1;
                root.children().any(says_type)
                    || is_typeless(root)
                    || root.children().any(|member| holds(member, is_only))
                    || holds_resource(root, 0)
            }
        }
}

/// `resourceType`, `ResourceType`, `resource_type` ...
fn is_type_key(name: &str) -> bool {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).eq("resourcetype".chars())
}

/// The same, or a misspelling of it whose value is the name of a type: `"resourceTyp": "Patient"`.
fn says_type(member: Node<'_>) -> bool {
    let name = member.name();
    let is_slip = || name.len() > "resource".len() && suggest::nearest(name, ["resourceType"]).is_some();
    is_type_key(name) || is_slip() && member.value().is_some_and(is_resource)
}

/// Whether an object without a type has members that hardly anything but Parameters or a Bundle
/// has.
fn is_typeless(root: Node<'_>) -> bool {
    let objects = |list: &'static str| {
        let named = root.children().filter(move |child| child.name() == list);
        named.filter(|child| matches!(child.kind(), TreeKind::Object))
    };
    let is_parameter = |object: Node<'_>| {
        let is_known = |name: &str| matches!(name, "name" | "resource" | "part") || name.starts_with("value");
        object.child("name").is_some() && object.children().all(|member| is_known(member.name()))
    };
    let is_entry = |object: Node<'_>| {
        let resource = object.child("resource");
        resource.is_some_and(|resource| matches!(resource.kind(), TreeKind::Object))
            || object.child("fullUrl").is_some()
    };
    objects("parameter").any(is_parameter) || objects("entry").any(is_entry)
}

/// Whether a member of the root holds a resource under the name of its type, `{ "Patient": { ... } }`; a name in
/// another case must be the only member.
fn holds(member: Node<'_>, is_only: bool) -> bool {
    let is_exact = member.name().starts_with(|letter: char| letter.is_ascii_uppercase());
    matches!(member.kind(), TreeKind::Object) && (is_only || is_exact) && is_resource(member.name())
}

/// Whether a nested object declares itself a resource.
fn holds_resource(node: Node<'_>, depth: usize) -> bool {
    depth < DEEPEST
        && node.children().any(|child| {
            child
                .children()
                .any(|member| is_type_key(member.name()) && member.value().is_some_and(is_resource))
                || holds_resource(child, depth + 1)
        })
}

/// Whether a name is that of a resource type in either release, in any case.
fn is_resource(name: &str) -> bool {
    // Most names in other files are not types, and there may be many.
    static TYPES: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let mut types = HashSet::new();
        for version in [FhirVersion::R4, FhirVersion::Stu3] {
            let definitions = Definitions::embedded(version);
            let known = definitions.known(Kind::Structure).into_iter();
            types.extend(known.filter_map(|known| known.type_name).map(str::to_ascii_lowercase));
        }
        types
    });
    TYPES.contains(&name.to_ascii_lowercase()) && is_resource_type(name)
}

fn is_resource_type(name: &str) -> bool {
    [FhirVersion::R4, FhirVersion::Stu3].into_iter().any(|version| {
        let definitions = Definitions::embedded(version);
        let known = definitions.known(Kind::Structure);
        let mut types = known.iter().filter(|known| !known.is_constraint).filter_map(|known| known.type_name);
        let Some(exact) = types.find(|known| known.eq_ignore_ascii_case(name)) else { return false };
        let definition = definitions.type_definition(exact).ok().flatten();
        definition.is_some_and(|definition| definition.kind == StructureKind::Resource)
    })
}

#[cfg(test)]
mod tests {
    use super::like_fhir;

    #[test]
    fn what_was_meant_to_be_fhir_looks_like_it() {
        for text in [
            r#"{ "ResourceType": "Patient" }"#,
            r#"{ "resource_type": "Slot" }"#,
            r#"{ "resourceType": 7 }"#,
            r#"{ "resourceTyp": "Patient" }"#,
            r#"{ "resorceType": "Patient" }"#,
            r#"{ "parameter": [{ "name": "service" }] }"#,
            r#"{ "type": "batch", "entry": [{ "fullUrl": "urn:uuid:1" }] }"#,
            r#"{ "meta": { "profile": ["https://example.org/p"] } }"#,
            r#"{ "Patient": { "active": true } }"#,
            r#"{ "patient": { "active": true } }"#,
            r#"[{ "resourceType": "Patient" }, { "resourceType": "Slot" }]"#,
            r#"{ "status": 200, "body": { "data": { "resourceType": "bundle" } } }"#,
            r#"<Patient><active value="true"/></Patient>"#,
            r#"<referralRequest xmlns="urn:x"/>"#,
        ] {
            assert!(like_fhir(text), "{text}");
        }
    }

    #[test]
    fn many_members_take_no_longer_each() {
        // If each name were compared with the others or with all types, this would take forever.
        let many = |member: &str| {
            let members: Vec<String> = (0..200_000).map(|at| member.replace('#', &at.to_string())).collect();
            format!("{{{}}}", members.join(","))
        };
        for member in [r#""key#":"Patient#""#, r#""Key#":{"a":1}"#, r#""resourceTyp#":"x""#] {
            assert!(!like_fhir(&many(member)), "{member}");
        }
    }

    #[test]
    fn what_lies_beside_payloads_does_not() {
        for text in [
            r#"{ "name": "my-package", "version": "1.0.0", "dependencies": { "group": "1" } }"#,
            r#"{ "resources": ["a"], "resource_types": 3, "sourceType": "module" }"#,
            r#"{ "parameter": [1], "entry": [{ "name": "main" }] }"#,
            r#"{ "parameter": [{ "name": "branch", "type": "string" }] }"#,
            r#"{ "entry": [{ "resource": "main.js" }] }"#,
            r#"{ "$schema": "https://json-schema.org/draft/2020-12/schema",
                 "properties": { "resourceType": { "const": "Patient" } } }"#,
            r#"{ "Type": "AWS", "meta": { "resources": [{ "resourceType": "AWS::S3::Bucket" }] } }"#,
            "[1, 2]",
            "[]",
            "<project><name>payloads</name></project>",
        ] {
            assert!(!like_fhir(text), "{text}");
        }
    }
}
