//! Changes to the requests that the service publishes are found: parameters removed, repeated and
//! renamed; codes, systems and identifiers changed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::ExitCode;

use ers_fhir_corpora::{Suite, tests};
use ers_fhir_ers::service::Body;
use ers_fhir_ers::{Context, Direction, Ers};
use ers_fhir_profiles::definition::Max;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_tests::ers::{folder, published, validator};
use ers_fhir_validator::{Options, Severity};
use serde_json::Value;

fn main() -> ExitCode {
    Suite::new().reading([&folder()], tests![changes_to_requests_are_found]).run()
}

/// Changes that nothing can object to, by the beginning of their labels, with the reason. The test does
/// not count them as missed: they yield another identifier in the right form.
const SURVIVORS: &[(&str, &str)] = &[
    ("shorter http://fhir.nhs.net/Id/ers-service", "ids of services are numbers of any length"),
    ("longer http://fhir.nhs.net/Id/ers-service", "ids of services are numbers of any length"),
    ("longer https://fhir.nhs.uk/Id/ods-organization-code", "an ODS code may have one character more"),
];

/// A changed payload, and what was changed.
struct Mutant {
    label: String,
    payload: Value,
}

/// Takes a label, a place, and what to do there.
type Mutate<'m> = dyn FnMut(String, &str, &dyn Fn(&mut Value)) + 'm;

/// How often the slices of a profile occur.
struct Slices(BTreeMap<String, (u32, u32)>);

impl Slices {
    /// Those of the parameters of a Parameters profile, or of the elements of another.
    fn of(definitions: &Definitions, profile: &str, path: &str) -> Self {
        let snapshot = definitions.snapshot(profile).expect("it is readable").expect("the profile is known");
        let bounds = |min: Option<u32>, max: Option<Max>| {
            let max = match max {
                Some(Max::Count(count)) => count,
                Some(Max::Unbounded) | None => u32::MAX,
            };
            (min.unwrap_or(0), max)
        };
        let slices = snapshot.elements().iter().filter(|element| element.path == path);
        Self(
            slices
                .filter_map(|slice| Some((slice.slice_name.clone()?, bounds(slice.min, slice.max))))
                .collect(),
        )
    }
}

/// Visits the values at which something can be changed, with their JSON pointers.
fn places(value: &Value, at: &str, visit: &mut dyn FnMut(&str, &Value)) {
    visit(at, value);
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                places(inner, &format!("{at}/{name}"), visit);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                places(inner, &format!("{at}/{index}"), visit);
            }
        }
        _ => {}
    }
}

fn mutants(definitions: &Definitions, payload: &Value) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    let mut mutate = |label: String, at: &str, change: &dyn Fn(&mut Value)| {
        let mut copy = payload.clone();
        let place = copy.pointer_mut(at).expect("the place was found in the payload");
        let before = place.clone();
        change(place);
        if *place != before {
            mutants.push(Mutant { label, payload: copy });
        }
    };
    places(payload, "", &mut |at, value| {
        if value["resourceType"] == "Parameters" {
            parameters(definitions, at, value, &mut mutate);
        }
        if value["system"].is_string() && value["code"].is_string() {
            mutate(format!("code {at}"), &format!("{at}/code"), &|code| *code = "NO_SUCH_CODE".into());
            mutate(format!("system {at}"), &format!("{at}/system"), &changed_text);
        }
        if value["system"].is_string() && value["value"].is_string() {
            mutate(format!("system {at}"), &format!("{at}/system"), &changed_text);
            let at_value = format!("{at}/value");
            let system = value["system"].as_str().unwrap_or_default();
            mutate(format!("shorter {system} {at}"), &at_value, &|value| {
                let text = value.as_str().unwrap_or_default();
                let mut kept: String = text.to_owned();
                kept.pop();
                *value = kept.into();
            });
            mutate(format!("longer {system} {at}"), &at_value, &|value| {
                let text = value.as_str().unwrap_or_default();
                *value = format!("{text}0").into();
            });
        }
    });
    mutants
}

fn changed_text(text: &mut Value) {
    *text = format!("{}-changed", text.as_str().unwrap_or_default()).into();
}

/// Removes, repeats and renames the parameters of a Parameters resource.
fn parameters(definitions: &Definitions, at: &str, value: &Value, mutate: &mut Mutate<'_>) {
    let Some(profile) = value["meta"]["profile"][0].as_str() else { return };
    let slices = Slices::of(definitions, profile, "Parameters.parameter");
    let list = format!("{at}/parameter");
    for (index, parameter) in value["parameter"].as_array().into_iter().flatten().enumerate() {
        let name = parameter["name"].as_str().unwrap_or_default();
        let (min, max) = slices.0.get(name).copied().unwrap_or((0, u32::MAX));
        let is_alone = value["parameter"]
            .as_array()
            .is_some_and(|all| all.iter().filter(|other| other["name"] == name).count() == 1);
        if min > 0 && is_alone {
            mutate(format!("delete {at} {name}"), &list, &|list| {
                list.as_array_mut().map(|list| list.remove(index));
            });
        }
        if max == 1 {
            mutate(format!("repeat {at} {name}"), &list, &|list| {
                if let Some(list) = list.as_array_mut() {
                    list.push(list[index].clone());
                }
            });
        }
        mutate(format!("rename {at} {name}"), &format!("{list}/{index}/name"), &|name| {
            *name = format!("{}x", name.as_str().unwrap_or_default()).into();
        });
    }
}

/// Removes the mandatory elements of a resource that is sent by itself, and renames all elements.
fn members(definitions: &Definitions, profile: &str, payload: &Value) -> Vec<Mutant> {
    let snapshot = definitions.snapshot(profile).expect("it is readable").expect("the profile is known");
    let type_name = payload["resourceType"].as_str().unwrap_or_default();
    let is_mandatory = |name: &str| {
        let path = format!("{type_name}.{name}");
        let own =
            snapshot.elements().iter().find(|element| element.path == path && element.slice_name.is_none());
        own.and_then(|element| element.min).is_some_and(|min| min > 0)
    };
    let names = payload.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    names
        .filter(|name| *name != "resourceType")
        .flat_map(|name| {
            let mut without = payload.clone();
            let value = without.as_object_mut().and_then(|members| members.remove(name));
            let mut renamed = without.clone();
            renamed[format!("{name}x")] = value.unwrap_or_default();
            let deleted = Mutant { label: format!("delete {name}"), payload: without };
            let renamed = Mutant { label: format!("rename {name}"), payload: renamed };
            is_mandatory(name).then_some(deleted).into_iter().chain([renamed])
        })
        .collect()
}

fn changes_to_requests_are_found() {
    let published = published();
    let definitions = ers_fhir_ers::definitions(FhirVersion::Stu3);
    let (mut made, mut surviving, mut listed) = (0_u32, String::new(), 0_u32);
    let mut survived = 0_u32;
    for request in published.iter().filter(|payload| payload.context.direction == Direction::Request) {
        let payload: Value = serde_json::from_slice(&request.bytes).expect("it is JSON");
        let before = problems(&request.context, &payload);
        let mut mutants = mutants(&definitions, &payload);
        if let Body::Resource([profile]) = request.context.body()
            && payload["resourceType"] != "Parameters"
        {
            mutants.extend(members(&definitions, profile, &payload));
        }
        for mutant in mutants {
            made += 1;
            let after = problems(&request.context, &mutant.payload);
            if after.iter().any(|(rule, count)| before.get(rule).is_none_or(|before| count > before)) {
                continue;
            }
            if SURVIVORS.iter().any(|(label, _)| mutant.label.starts_with(label)) {
                listed += 1;
            } else {
                survived += 1;
                let _infallible = writeln!(surviving, "{}: {}", request.path.display(), mutant.label);
            }
        }
    }
    assert!(made > 400, "{made}");
    assert!(
        survived * 100 <= made,
        "{survived} of {made} changes are not found ({listed} more are listed):\n{surviving}"
    );
}

/// How often a request breaks each rule.
fn problems(context: &Context, payload: &Value) -> BTreeMap<&'static str, usize> {
    let options = Options { now: "2026-03-01T00:00:00Z".parse().ok(), ..Ers::called(context.clone()).into() };
    let report = validator(FhirVersion::Stu3).check(payload.to_string().as_bytes(), &options);
    let mut problems = BTreeMap::new();
    for found in report.all().filter(|found| found.severity >= Severity::Warning) {
        *problems.entry(found.rule.code).or_default() += 1;
    }
    problems
}
