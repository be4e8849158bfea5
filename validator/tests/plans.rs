//! Plans, messages, graphs and guides: what they name is there and fits, and their expressions can be read.

use std::sync::LazyLock;

use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Severity, Validator};

static STU3: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::Stu3)));
static R4: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::R4)));

/// Code and location of each error in a resource of a type with these members, without the type.
fn found(validator: &Validator, type_name: &str, members: &str) -> Vec<String> {
    let payload = format!(r#"{{ "resourceType": "{type_name}", "status": "draft", {members} }}"#);
    let report = validator.check(payload.as_bytes(), &Options::default());
    let errors = report.diagnostics.iter().filter(|found| found.severity >= Severity::Error);
    let short = |location: &str| location.split_once('.').map(|(_, rest)| rest.to_owned());
    errors.map(|d| format!("{} {}", d.rule.code, short(&d.location).unwrap_or_default())).collect()
}

#[test]
fn actions_name_goals_and_actions_of_their_plan() {
    let related =
        |id: &str| format!(r#""relatedAction": [{{ "actionId": "{id}", "relationship": "before" }}]"#);
    // An action in another, and one beside it.
    let actions = |inner: &str, next: &str| {
        format!(
            r#""action": [{{ "id": "a", "title": "a", "action": [{{ "id": "b", "title": "b", {inner} }}] }},
                          {{ "id": "c", "title": "c", {next} }}]"#
        )
    };
    let goal = r#""goal": [{ "id": "g", "description": { "text": "g" } }], "#;
    let request = r#""intent": "plan", "#;
    let resource = |rest: &str| format!(r#""resource": {{ "display": "r" }}, {rest}"#);
    for validator in [&*STU3, &*R4] {
        for (inner, next, expected) in [
            ("c", "b", &[][..]),
            ("d", "a", &["plan-unknown-id action[0].action[0].relatedAction[0].actionId"]),
            ("a", "g", &["plan-unknown-id action[1].relatedAction[0].actionId"]),
        ] {
            let (inner, next) = (related(inner), related(next));
            let plan = [goal, &actions(&inner, &next)].concat();
            assert_eq!(found(validator, "PlanDefinition", &plan), expected, "{plan}");
            let plan = [request, &actions(&resource(&inner), &resource(&next))].concat();
            assert_eq!(found(validator, "RequestGroup", &plan), expected, "{plan}");
        }
        for (id, expected) in [("g", &[][..]), ("a", &["plan-unknown-id action[0].action[0].goalId[0]"])] {
            let inner = format!(r#""goalId": ["{id}"]"#);
            let plan = [goal, &actions(&inner, r#""description": "c""#)].concat();
            assert_eq!(found(validator, "PlanDefinition", &plan), expected, "{id}");
        }
    }
}

#[test]
fn fhirpath_can_be_read_wherever_it_is() {
    let expression = |language: &str, text: &str| {
        format!(r#"{{ "language": "text/{language}", "expression": "{text}" }}"#)
    };
    for (language, text, is_right) in [
        ("fhirpath", "Patient.name.exists()", true),
        ("fhirpath", "Patient.name.exists(", false),
        ("cql", "exists (", true),
    ] {
        let expression = expression(language, text);
        for (type_name, members, at) in [
            (
                "PlanDefinition",
                r#""action": [{ "title": "a", "condition": [{ "kind": "start", "expression": EXPRESSION }] }]"#,
                "action[0].condition[0].expression.expression",
            ),
            (
                "PlanDefinition",
                r#""action": [{ "title": "a", "trigger": [{ "type": "data-added", "data": [{ "type": "Patient" }],
                     "condition": EXPRESSION }] }]"#,
                "action[0].trigger[0].condition.expression",
            ),
            (
                "ActivityDefinition",
                r#""dynamicValue": [{ "path": "status", "expression": EXPRESSION }]"#,
                "dynamicValue[0].expression.expression",
            ),
            (
                "Measure",
                r#""supplementalData": [{ "criteria": EXPRESSION }]"#,
                "supplementalData[0].criteria.expression",
            ),
            (
                "Measure",
                r#""group": [{ "population": [{ "criteria": EXPRESSION }] }]"#,
                "group[0].population[0].criteria.expression",
            ),
            (
                "Questionnaire",
                r#""extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/variable",
                     "valueExpression": EXPRESSION }]"#,
                "extension[0].value.ofType(Expression).expression",
            ),
        ] {
            let found = found(&R4, type_name, &members.replace("EXPRESSION", &expression));
            let found: Vec<_> =
                found.into_iter().filter(|found| found.starts_with("expression-syntax")).collect();
            let expected: Vec<_> =
                (!is_right).then(|| format!("expression-syntax {at}")).into_iter().collect();
            assert_eq!(found, expected, "{members} {text}");
        }
    }
}

#[test]
fn an_artifact_has_its_address_in_one_place() {
    for (rest, is_right) in [
        (r#""url": "http://example.org/a""#, true),
        (r#""resource": "http://example.org/a""#, true),
        (r#""url": "http://example.org/a", "resource": "http://example.org/a""#, false),
        (r#""url": "http://example.org/a", "document": { "title": "a" }"#, false),
    ] {
        let members = format!(r#""relatedArtifact": [{{ "type": "citation", {rest} }}]"#);
        let expected: &[&str] = if is_right { &[] } else { &["related-artifact-url relatedArtifact[0].url"] };
        assert_eq!(found(&R4, "PlanDefinition", &members), expected, "{rest}");
    }
}

#[test]
fn a_profile_is_for_the_type_beside_it() {
    let canonical = |name: &str| format!(r#""http://hl7.org/fhir/StructureDefinition/{name}""#);
    let reference = |name: &str| format!(r#"{{ "reference": {} }}"#, canonical(name));
    let guide = r#""url": "http://example.org/a", "name": "A", "#;
    let package = r#""packageId": "a.b", "fhirVersion": ["4.0.1"], "#;
    let message = r#""date": "2024", "eventUri": "http://example.org/e", "#;
    let event = r#""date": "2024", "event": { "system": "http://example.org/e", "code": "e" }, "#;
    for (name, is_right) in
        [("Observation", true), ("bodyweight", true), ("Resource", true), ("Patient", false)]
    {
        let expect = |validator: &Validator, type_name: &str, members: String, at: &str| {
            let expected: Vec<_> =
                (!is_right).then(|| format!("profile-of-other-type {at}")).into_iter().collect();
            assert_eq!(found(validator, type_name, &members), expected, "{members}");
        };
        let global =
            |profile: &str| format!(r#""global": [{{ "type": "Observation", "profile": {profile} }}]"#);
        let members = [guide, package, &global(&canonical(name))].concat();
        expect(&R4, "ImplementationGuide", members, "global[0].profile");
        let members = [guide, &global(&reference(name))].concat();
        expect(&STU3, "ImplementationGuide", members, "global[0].profile.reference");
        let focus = |profile: &str| {
            format!(r#""focus": [{{ "code": "Observation", "min": 0, "max": "*", "profile": {profile} }}]"#)
        };
        expect(&R4, "MessageDefinition", [message, &focus(&canonical(name))].concat(), "focus[0].profile");
        let members = [event, &focus(&reference(name))].concat();
        expect(&STU3, "MessageDefinition", members, "focus[0].profile.reference");
        for validator in [&*STU3, &*R4] {
            let members = format!(
                r#""name": "A", "start": "Patient", "link": [{{ "path": "Patient.link", "target": [{{
                     "type": "Observation", "profile": {} }}] }}]"#,
                canonical(name)
            );
            expect(validator, "GraphDefinition", members, "link[0].target[0].profile");
        }
    }
}

#[test]
fn a_message_does_not_need_more_than_it_may_have() {
    for (max, expected) in [("2", &[][..]), ("*", &[]), ("1", &["message-definition-focus focus[0].max"])] {
        let members = format!(
            r#""date": "2024", "eventUri": "http://example.org/e",
               "focus": [{{ "code": "Patient", "min": 2, "max": "{max}" }}]"#
        );
        assert_eq!(found(&R4, "MessageDefinition", &members), expected, "{max}");
    }
}

#[test]
fn a_link_ends_at_a_reference_or_is_searched_for_by_one() {
    let target = |rest: &str| format!(r#""target": [{{ "type": "Observation"{rest} }}]"#);
    let searched = |text: &str| target(&format!(r#", "params": "{text}""#));
    let bad_path = "graph-definition-link link[0].path";
    let bad_search = "graph-definition-link link[0].target[0].params";
    for (link, expected) in [
        (r#""path": "Patient.link.other""#.to_owned(), &[][..]),
        (r#""path": "Patient.link.other.resolve()""#.to_owned(), &[bad_path]),
        (searched("code=a&subject={ref}"), &[]),
        (searched("subject=Patient/{ref}"), &[]),
        (searched("subject=ref"), &[bad_search]),
        (searched("{ref}"), &[bad_search]),
        (
            target(&format!(r#", "link": [{{ {} }}]"#, searched("code=a"))),
            &["graph-definition-link link[0].target[0].link[0].target[0].params"],
        ),
    ] {
        let members = format!(r#""name": "A", "start": "Patient", "link": [{{ {link} }}]"#);
        assert_eq!(found(&R4, "GraphDefinition", &members), expected, "{link}");
    }
}
