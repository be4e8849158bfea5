//! The head of a resource: what is needed to find it, without reading the rest.
//!
//! The build script shares this file, so that embedded packages are found in the same way as others.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The kinds of definitions that are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// StructureDefinition.
    Structure,
    /// ValueSet.
    ValueSet,
    /// CodeSystem.
    CodeSystem,
    /// NamingSystem; its key is any of its unique ids.
    NamingSystem,
    /// OperationDefinition.
    Operation,
    /// Questionnaire.
    Questionnaire,
    /// Measure.
    Measure,
    /// SearchParameter.
    SearchParameter,
    /// Library.
    Library,
    /// `ImplementationGuide`.
    Guide,
}

impl Kind {
    /// Every kind, in order.
    pub const ALL: [Self; 10] = [
        Self::Structure,
        Self::ValueSet,
        Self::CodeSystem,
        Self::NamingSystem,
        Self::Operation,
        Self::Questionnaire,
        Self::Measure,
        Self::SearchParameter,
        Self::Library,
        Self::Guide,
    ];

    /// The resource type.
    pub const fn resource_type(self) -> &'static str {
        match self {
            Self::Structure => "StructureDefinition",
            Self::ValueSet => "ValueSet",
            Self::CodeSystem => "CodeSystem",
            Self::NamingSystem => "NamingSystem",
            Self::Operation => "OperationDefinition",
            Self::Questionnaire => "Questionnaire",
            Self::Measure => "Measure",
            Self::SearchParameter => "SearchParameter",
            Self::Library => "Library",
            Self::Guide => "ImplementationGuide",
        }
    }

    fn of(resource_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.resource_type() == resource_type)
    }
}

/// What identifies a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Which kind of definition it is.
    pub kind: Kind,
    /// Canonical URL; of a NamingSystem, which has none in every release, its first unique id.
    pub url: Box<str>,
    /// Business version.
    pub version: Option<Box<str>>,
    /// Computer-friendly name.
    pub name: Option<Box<str>>,
    /// StructureDefinition: the type that is defined or constrained.
    pub type_name: Option<Box<str>>,
    /// StructureDefinition: `resource`, `complex-type` ...
    pub structure_kind: Option<Box<str>>,
    /// StructureDefinition: whether it constrains a type, rather than adding one.
    pub is_constraint: bool,
    /// The FHIR release that it declares.
    pub fhir_version: Option<Box<str>>,
    /// CodeSystem: the system it supplements, without a version.
    pub supplements: Option<Box<str>>,
    /// CodeSystem: the value set of all its codes, without a version.
    pub value_set: Option<Box<str>>,
    /// NamingSystem: every identifier of the namespace.
    pub unique_ids: Vec<Box<str>>,
    /// `ImplementationGuide`: the types that it requires to conform to a profile, each with the profile as it
    /// names it.
    pub globals: Vec<Global>,
}

/// `ImplementationGuide.global`: a type and a profile, by its canonical (R4) or a reference (STU3).
pub type Global = (Box<str>, Box<str>);

impl Head {
    /// Reads the head of a JSON resource; `None` for a resource that is not a definition or has no URL.
    pub fn scan(json: &[u8]) -> Result<Option<Self>, serde_json::Error> {
        if leading_type(json).is_some_and(|name| Kind::of(name).is_none()) {
            return Ok(None);
        }
        let mut members: Members = serde_json::from_slice(json)?;
        let unique_ids = std::mem::take(&mut members.unique_ids.0);
        let globals = std::mem::take(&mut members.globals.0);
        Ok(Self::from_members(|member| members.texts[member as usize].0.take(), unique_ids, globals))
    }

    /// The head of a resource whose text members, unique ids and globals are given; `None` for a resource
    /// that is not a definition or has no URL.
    pub(crate) fn from_members(
        mut text: impl FnMut(Member) -> Option<Box<str>>,
        unique_ids: Vec<Box<str>>,
        globals: Vec<Global>,
    ) -> Option<Self> {
        let kind = Kind::of(&text(Member::ResourceType)?)?;
        let is_structure = kind == Kind::Structure;
        let url = match kind {
            Kind::NamingSystem => unique_ids.first()?.clone(),
            _ => text(Member::Url).filter(|url| !url.is_empty())?,
        };
        // Written out by hand, since the build script compiles this file without the values crate.
        let mut unversioned = |member| {
            let canonical = text(member).filter(|_| kind == Kind::CodeSystem);
            canonical.map(|url| url.split('|').next().unwrap_or_default().into())
        };
        let (supplements, value_set) = (unversioned(Member::Supplements), unversioned(Member::ValueSet));
        Some(Self {
            kind,
            url,
            version: text(Member::Version),
            name: text(Member::Name),
            type_name: text(Member::Type).filter(|_| is_structure),
            structure_kind: text(Member::Kind).filter(|_| is_structure),
            fhir_version: text(Member::FhirVersion),
            is_constraint: text(Member::Derivation).as_deref() == Some("constraint"),
            supplements,
            value_set,
            unique_ids,
            globals: if kind == Kind::Guide { globals } else { Vec::new() },
        })
    }
}

/// Whether a JSON resource may be a Bundle: it is one, or `resourceType` is not its first member.
pub(crate) fn may_be_bundle(json: &[u8]) -> bool {
    leading_type(json).is_none_or(|name| name == "Bundle")
}

/// The resource type, if it is the first member, as publishers write it.
pub(crate) fn leading_type(json: &[u8]) -> Option<&str> {
    let skip = |bytes: &'_ [u8], token: &[u8]| bytes.trim_ascii_start().strip_prefix(token).map(<[u8]>::len);
    let after = |left: usize| &json[json.len() - left..];
    let rest = after(skip(json, b"{")?);
    let rest = after(skip(rest, b"\"resourceType\"")?);
    let rest = after(skip(rest, b":")?);
    let rest = after(skip(rest, b"\"")?);
    let end = rest.iter().take(64).position(|byte| *byte == b'"')?;
    std::str::from_utf8(&rest[..end]).ok()
}

/// The members of a resource that its head is made of, each with one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Member {
    ResourceType,
    Url,
    Version,
    Name,
    Type,
    Kind,
    Derivation,
    Supplements,
    ValueSet,
    FhirVersion,
}

impl Member {
    const ALL: [Self; 10] = [
        Self::ResourceType,
        Self::Url,
        Self::Version,
        Self::Name,
        Self::Type,
        Self::Kind,
        Self::Derivation,
        Self::Supplements,
        Self::ValueSet,
        Self::FhirVersion,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ResourceType => "resourceType",
            Self::Url => "url",
            Self::Version => "version",
            Self::Name => "name",
            Self::Type => "type",
            Self::Kind => "kind",
            Self::Derivation => "derivation",
            Self::Supplements => "supplements",
            Self::ValueSet => "valueSet",
            Self::FhirVersion => "fhirVersion",
        }
    }
}

/// The members that were found.
#[derive(Default)]
struct Members {
    texts: [Text; Member::ALL.len()],
    unique_ids: UniqueIds,
    globals: Globals,
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a resource")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Members::default();
        while let Some(Text(Some(key))) = map.next_key()? {
            if let Some(member) = Member::ALL.into_iter().find(|member| member.name() == &*key) {
                members.texts[member as usize] = map.next_value()?;
            } else if &*key == "uniqueId" {
                members.unique_ids = map.next_value()?;
            } else if &*key == "global" {
                members.globals = map.next_value()?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(members)
    }
}

/// The text of a string; nothing for any other value, which the readers report later.
#[derive(Default)]
struct Text(Option<Box<str>>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Text, E> {
        Ok(Text(Some(text.into())))
    }

    fn visit_unit<E>(self) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Text, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Text(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Text(None))
    }
}

/// The values of `NamingSystem.uniqueId`.
#[derive(Default)]
struct UniqueIds(Vec<Box<str>>);

impl<'de> Deserialize<'de> for UniqueIds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        struct UniqueId {
            value: Text,
        }
        let ids = Vec::<UniqueId>::deserialize(deserializer)?;
        Ok(Self(ids.into_iter().filter_map(|id| id.value.0).collect()))
    }
}

/// The types and profiles of `ImplementationGuide.global`; malformed ones are skipped.
#[derive(Default)]
struct Globals(Vec<Global>);

impl<'de> Deserialize<'de> for Globals {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = serde_json::Value::deserialize(deserializer)?;
        let entries = entries.as_array().map(Vec::as_slice).unwrap_or_default();
        let global = |entry: &serde_json::Value| {
            let profile = &entry["profile"];
            let profile = profile.as_str().or_else(|| profile["reference"].as_str())?;
            Some((entry["type"].as_str()?.into(), profile.into()))
        };
        Ok(Self(entries.iter().filter_map(global).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(json: &str) -> Option<Head> {
        Head::scan(json.as_bytes()).unwrap()
    }

    #[test]
    fn finds_what_identifies_a_definition() {
        let profile = head(
            r#"{"contained":[{"resourceType":"Patient"}],"resourceType":"StructureDefinition","url":"http://example.org/p",
                "version":"1","type":"Patient","derivation":"constraint","kind":"resource"}"#,
        )
        .unwrap();
        assert_eq!(
            (profile.kind, &*profile.url, profile.is_constraint),
            (Kind::Structure, "http://example.org/p", true)
        );
        assert_eq!(profile.type_name.as_deref(), Some("Patient"));
        let supplement = head(
            r#"{"resourceType":"CodeSystem","url":"http://example.org/s","supplements":"http://example.org/c|2"}"#,
        );
        assert_eq!(supplement.unwrap().supplements.as_deref(), Some("http://example.org/c"));
        let naming = head(
            r#"{"resourceType":"NamingSystem","type":{"text":"x"},"uniqueId":[{"type":"oid","value":"1.2"},{"value":"urn:x"}]}"#,
        );
        assert_eq!(naming.unwrap().unique_ids, ["1.2".into(), "urn:x".into()]);
    }

    #[test]
    fn finds_what_a_guide_holds_types_to() {
        let guide = head(
            r#"{"resourceType":"ImplementationGuide","url":"http://example.org/g","global":[
                {"type":"Patient","profile":"http://example.org/p"},{"type":"Group"},7,
                {"type":"Encounter","profile":{"reference":"StructureDefinition/e"}}]}"#,
        );
        let globals: Vec<(Box<str>, Box<str>)> = vec![
            ("Patient".into(), "http://example.org/p".into()),
            ("Encounter".into(), "StructureDefinition/e".into()),
        ];
        assert_eq!(guide.unwrap().globals, globals);
        let faulty = r#"{"resourceType":"ImplementationGuide","url":"http://example.org/g","global":"x"}"#;
        assert_eq!(head(faulty).unwrap().globals, []);
    }

    #[test]
    fn passes_over_what_is_no_definition() {
        assert_eq!(head(r#"{"resourceType":"Patient","url":"http://example.org/p"}"#), None);
        assert_eq!(head(r#"{"name":"a.package"}"#), None);
        assert_eq!(head(r#"{"resourceType":"ValueSet"}"#), None);
        assert!(Head::scan(br#"{"resourceType":"ValueSet","#).is_err());
    }
}
