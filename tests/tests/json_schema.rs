//! JSON Schemas of e-RS profiles refuse what the validator refuses for its structure, and accept what it
//! accepts.
//!
//! Where they differ, it is for one of the reasons in [`Difference`].

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use ers_fhir_codegen::schema::JsonSchema;
use ers_fhir_corpora::{Suite, tests};
use ers_fhir_ers::Ers;
use ers_fhir_ers::service::{Body, SINGLE_OBJECTS};
use ers_fhir_profiles::definition::StructureKind;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_tests::bad::{Fault, bad_payloads, examples, packages, structures};
use ers_fhir_tests::ers::{folder, published, validator};
use ers_fhir_tests::note;
use ers_fhir_tests::spoil::spoiled;
use ers_fhir_validator::{Diagnostic, Options, Severity};
use jsonschema::{PatternOptions, Validator as Schema};
use rayon::prelude::*;
use serde_json::Value;

fn main() -> ExitCode {
    Suite::new()
        .always(tests![
            good_payloads_pass,
            what_breaks_a_row_of_a_profile_is_refused,
            spoiled_payloads_are_refused_as_by_the_validator,
        ])
        .reading([&folder()], tests![what_the_service_publishes_passes])
        .run()
}

/// The rules that a schema can express.
const STRUCTURAL: &[&str] = &[
    "array-expected",
    "array-not-expected",
    "binding-required",
    "cardinality-max",
    "cardinality-min",
    "control-character",
    "empty-array",
    "empty-element",
    "fixed-value",
    "max-length",
    "min-length",
    "missing-resource-type",
    "missing-time-zone",
    "misplaced-underscore",
    "nested-array",
    "not-a-resource",
    "pattern-value",
    "primitive-empty",
    "primitive-format",
    "primitive-range",
    "resource-id-extended",
    "slice-unmatched",
    "unknown-element",
    "unknown-resource-type",
    "wrong-json-kind",
    "wrong-resource-type",
    "wrong-type",
];

/// A profile of a resource, with its schemas.
struct Profile {
    version: FhirVersion,
    id: String,
    url: String,
    definitions: Arc<Definitions>,
    schema: Schema,
    /// The same with resources of every type, made on first use.
    every: OnceLock<Schema>,
    examples: Vec<(String, Value)>,
}

impl Profile {
    fn maker(&self) -> JsonSchema {
        JsonSchema::new(Arc::clone(&self.definitions))
    }

    fn compiled(&self, maker: &JsonSchema) -> Schema {
        let schema = maker.generate(&self.url).unwrap_or_else(|error| panic!("{}: {error}", self.id));
        compile(&schema)
    }

    fn lenient(&self) -> Schema {
        self.compiled(&self.maker().lenient(true).single_objects(SINGLE_OBJECTS))
    }

    /// The structural rules that a payload breaks, as the validator sees it.
    fn broken(&self, payload: &Value) -> Vec<Diagnostic> {
        let options = Options {
            profiles: vec![self.url.clone()],
            now: "2026-03-01T00:00:00Z".parse().ok(),
            lists_effects: true,
            ..Ers::new().strict(true).into()
        };
        let report = validator(self.version).check(payload.to_string().as_bytes(), &options);
        let errors = report.diagnostics.into_iter().filter(|found| found.severity >= Severity::Error);
        errors.filter(|found| STRUCTURAL.contains(&found.rule.code) || self.is_form(found)).collect()
    }

    /// Whether a broken invariant is a single regular expression, which a schema has as a pattern.
    fn is_form(&self, found: &Diagnostic) -> bool {
        let (Some(url), Some(id), Some(key)) = (&found.profile, &found.element, &found.key) else {
            return false;
        };
        let snapshot =
            self.definitions.snapshot(url).expect("it is readable").expect("it demanded something");
        let element = snapshot.elements().iter().find(|element| element.id == *id);
        let constraints = element.into_iter().flat_map(|element| &element.constraints);
        constraints.filter(|constraint| constraint.key == *key).any(|constraint| {
            let expression = constraint.expression.as_deref().unwrap_or_default();
            expression.starts_with("matches('^")
                && expression.ends_with("$')")
                && !expression.contains(" and ")
        })
    }

    /// The payload without those claims to conform to a profile that the schema ignores.
    fn without_claims(&self, payload: &Value) -> Value {
        let mut claims = Vec::new();
        find_claims(payload, "", &mut claims);
        let mut payload = payload.clone();
        for claim in claims {
            let mut without = payload.clone();
            if let Some(claim) = without.pointer_mut(&claim) {
                *claim = "http://hl7.org/fhir/StructureDefinition/Element".into();
            }
            if self.schema.is_valid(&without) {
                payload = without;
            }
        }
        payload
    }

    /// How schema and validator disagree about a payload, if they do.
    fn difference(&self, payload: &Value) -> Option<Difference> {
        let broken = self.broken(payload);
        let is_refused = !self.schema.is_valid(payload);
        if is_refused != broken.is_empty() {
            return None;
        }
        if is_refused {
            return Some(Difference::Unexplained(errors(&self.schema, payload)));
        }
        let own = self.broken(&self.without_claims(payload));
        let every = self.every.get_or_init(|| self.compiled(&self.maker().every_resource(true)));
        Some(if own.is_empty() {
            Difference::Declared
        } else if are_without_extension(&own) {
            Difference::NoExtension
        } else if !every.is_valid(payload) {
            Difference::AnyResource
        } else {
            Difference::Unexplained(format!("{own:#?}"))
        })
    }
}

/// The places of everything in a `meta.profile`.
fn find_claims(value: &Value, at: &str, claims: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                find_claims(inner, &format!("{at}/{name}"), claims);
            }
        }
        Value::Array(items) if at.ends_with("/meta/profile") => {
            claims.extend((0..items.len()).map(|index| format!("{at}/{index}")));
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                find_claims(inner, &format!("{at}/{index}"), claims);
            }
        }
        _ => {}
    }
}

/// Why a schema may differ from the validator.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    /// Only a schema of every resource says what a resource must be where any is allowed.
    AnyResource,
    /// The payload breaks a profile that it declares itself, and that the schema's profile does not require there.
    Declared,
    /// A `_name` without a value or an extension: refusing it would double the size of a schema.
    NoExtension,
    /// None of these.
    Unexplained(String),
}

/// Whether all is about values that are neither there nor extended; what is said of their form follows from that.
fn are_without_extension(found: &[Diagnostic]) -> bool {
    let is_without_value =
        |place: &str| found.iter().any(|other| other.location == place && is_without_extension(other));
    found.iter().all(|finding| is_without_value(&finding.location))
}

fn is_without_extension(found: &Diagnostic) -> bool {
    found.rule.code == "primitive-empty"
        && found.message.masked().contains("neither a value nor an extension")
}

fn compile(schema: &Value) -> Schema {
    jsonschema::draft202012::options()
        .with_pattern_options(PatternOptions::regex())
        .build(schema)
        .unwrap_or_else(|error| panic!("{}: {error}", schema["$id"]))
}

fn errors(schema: &Schema, payload: &Value) -> String {
    let errors = schema.iter_errors(payload).map(|error| format!("{}: {error}", error.instance_path()));
    errors.collect::<Vec<_>>().join("\n  ")
}

fn profiles() -> Vec<Profile> {
    let mut profiles = Vec::new();
    for (version, package) in packages() {
        let definitions = Arc::new(ers_fhir_ers::definitions(version));
        for (id, url) in structures(&package) {
            let definition = definitions.structure(&url).expect("it is readable").expect("it is known");
            if definition.kind != StructureKind::Resource {
                continue;
            }
            let schema = JsonSchema::new(Arc::clone(&definitions)).generate(&url);
            let schema = schema.unwrap_or_else(|error| panic!("{id}: {error}"));
            profiles.push(Profile {
                version,
                definitions: Arc::clone(&definitions),
                schema: compile(&schema),
                every: OnceLock::new(),
                examples: examples(&package, &id),
                id,
                url,
            });
        }
    }
    profiles
}

fn good_payloads_pass() {
    let mut wrong = String::new();
    let profiles = profiles();
    for profile in &profiles {
        assert!(!profile.examples.is_empty(), "{} has no example", profile.id);
        let lenient = profile.lenient();
        for (name, payload) in &profile.examples {
            for schema in [&profile.schema, &lenient] {
                if !schema.is_valid(payload) {
                    let _infallible = writeln!(wrong, "{name}: {}", errors(schema, payload));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(profiles.len() > 40, "{}", profiles.len());
}

fn what_breaks_a_row_of_a_profile_is_refused() {
    let (mut wrong, mut made, mut refused) = (String::new(), BTreeMap::<Fault, u32>::new(), 0);
    for profile in profiles() {
        let snapshot = profile.definitions.snapshot(&profile.url);
        let snapshot = snapshot.expect("it is readable").expect("it is known");
        let rows = profile.definitions.structure(&profile.url).expect("it is readable").expect("it is known");
        for (name, good) in &profile.examples {
            for row in &rows.differential {
                for bad in bad_payloads(&snapshot, row, good) {
                    *made.entry(bad.fault).or_default() += 1;
                    refused += u32::from(!profile.schema.is_valid(&bad.payload));
                    if let Some(difference) = profile.difference(&bad.payload) {
                        let _infallible = writeln!(
                            wrong,
                            "{name}: {} {:?} at {}: {difference:?}",
                            row.id, bad.fault, bad.location
                        );
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{refused} refused of {made:?}:\n{wrong}");
    // The rest break a rule about format, which only warns.
    assert!(refused > 750, "{refused} refused of {made:?}");
}

fn spoiled_payloads_are_refused_as_by_the_validator() {
    let profiles = profiles();
    let each = |profile: &Profile| {
        let mut found = Vec::new();
        for (name, good) in &profile.examples {
            for (label, payload) in spoiled(good) {
                found.push((format!("{name}: {label}"), profile.difference(&payload)));
            }
        }
        found
    };
    let found: Vec<(String, Option<Difference>)> = profiles.par_iter().flat_map_iter(each).collect();
    let mut reasons: BTreeMap<&Difference, u32> = BTreeMap::new();
    let mut wrong = String::new();
    for (label, difference) in &found {
        match difference {
            Some(Difference::Unexplained(why)) => {
                let _infallible = writeln!(wrong, "{label}: {why}");
            }
            Some(known) => *reasons.entry(known).or_default() += 1,
            None => {}
        }
    }
    let made = found.len();
    assert!(wrong.is_empty(), "of {made}, {reasons:?}:\n{wrong}");
    let differing: u32 = reasons.values().sum();
    note(&format!("of {made} spoiled payloads, schema and validator agree but for {reasons:?}"));
    assert!(made > 25_000 && (differing as usize) * 20 < made, "of {made}, {reasons:?}");
}

/// Schemas describe what FHIR demands; lenient ones also allow what the service sends in spite of it.
fn what_the_service_publishes_passes() {
    let published = published();
    let profiles = profiles();
    let (mut wrong, mut passed, mut deviating) = (String::new(), 0, 0);
    for payload in &published {
        let Body::Resource(urls) = payload.context.body() else { continue };
        let Ok(value) = serde_json::from_slice::<Value>(&payload.bytes) else { continue };
        if value["resourceType"] == "OperationOutcome" {
            continue;
        }
        let candidates: Vec<&Profile> =
            profiles.iter().filter(|profile| urls.contains(&profile.url.as_str())).collect();
        if candidates.iter().any(|profile| profile.schema.is_valid(&value)) {
            passed += 1;
        } else if candidates.iter().any(|profile| profile.lenient().is_valid(&value)) {
            deviating += 1;
            let is_broken = candidates.iter().all(|profile| !profile.broken(&value).is_empty());
            assert!(is_broken, "{}: {}", payload.path.display(), errors(&candidates[0].schema, &value));
        } else {
            for profile in candidates {
                let found = errors(&profile.lenient(), &value);
                let _infallible = writeln!(wrong, "{} {}: {found}", payload.path.display(), profile.id);
            }
        }
    }
    assert!(wrong.is_empty(), "{passed} pass, {deviating} deviate, but not:\n{wrong}");
    note(&format!("{passed} payloads of the service pass, and {deviating} more where its deviations may"));
    assert!(passed > 60, "{passed} pass, {deviating} deviate");
}
