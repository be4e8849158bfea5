//! The code that the generator makes of each feature of types: it compiles, and what it reads it
//! writes again.

use ers_fhir_model::runtime::{Extensible as _, Json, ReadOptions};

macro_rules! features {
    ($kind:literal: $($name:ident)*) => {
        $(
            pub mod $name {
                include!(concat!("../../../codegen/tests/features/", $kind, "/", stringify!($name), ".snap.rs"));
            }
        )*
    };
}

mod base {
    features! { "base": choice codes content_reference fields nested primitives recursion resource }
}

mod profile {
    features! {
        "profile": binding cardinality choice choice_narrowed choice_required choice_sliced choice_types counts
        derived extension fixed forbidden names_taken nested_resource pattern reference slices_by_alternatives
        slices_by_binding slices_by_existence slices_by_pattern slices_by_profile slices_by_type slices_by_value slices_closed
        slices_default slices_ordered slices_undecided slices_without_discriminator sole_member wrapped_values
    }
}

/// Reads and writes a payload, and gives what was read.
fn through<T: Json>(json: &str) -> T {
    let value = T::from_json(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(value.to_json(), json);
    value
}

/// Holds what is said of a payload that breaks a profile against where, and what.
fn broken<T: Json>(json: &str, said: &[&str]) {
    let Err(error) = T::from_json(json) else { panic!("{json} was read") };
    let error = error.to_string();
    for part in said {
        assert!(error.contains(part), "'{error}' does not say '{part}'");
    }
}

fn main() {
    types();
    profiles();
    slices();
    counts();
    choices();
    names();
}

fn types() {
    use base::*;

    let lamp: fields::Lamp =
        through(r#"{"label":"desk","_label":{"id":"l"},"bulb":["a","b"],"switch":["x"]}"#);
    assert_eq!((lamp.label.as_str(), lamp.note, lamp.bulb.len()), ("desk", None, 2));
    assert!(fields::Lamp::from_json(r#"{"switch":["x"]}"#).is_err(), "a label is mandatory");

    let lamp: primitives::Lamp =
        through(r#"{"isOn":true,"lit":"2024-02","price":1.50,"floor":-1,"bulbs":0}"#);
    assert_eq!((lamp.is_on, lamp.floor), (Some(true), Some(-1)));

    let lamp: choice::Lamp = through(r#"{"powerSocket":{"plug":"G"},"ageInteger":7}"#);
    assert_eq!(lamp.age, choice::LampAge::Integer(7));

    let lamp: codes::Lamp = through(r#"{"state":"on","earlier":["<","dimmed"],"wished":"gone"}"#);
    assert_eq!(lamp.state, codes::LampState::On);
    assert_eq!(lamp.earlier, [codes::LampState::LessThan, codes::LampState::Unlisted("dimmed".to_owned())]);

    let lamp: nested::Lamp = through(r#"{"bulb":[{"socket":"E27","filament":{"metal":"W"}}]}"#);
    assert_eq!(lamp.bulb[0].filament.as_ref().and_then(|filament| filament.metal.as_deref()), Some("W"));

    let lamp: content_reference::Lamp =
        through(r#"{"bulb":[{"socket":"a","spare":[{"socket":"b"}]}],"fallen":{"socket":"c"}}"#);
    assert_eq!(lamp.bulb[0].spare[0].socket, "b");

    let lamp: recursion::Lamp =
        through(r#"{"shade":{"lamp":{"shade":{"inner":{"id":"in"},"layer":[{},{"id":"two"}]}}}}"#);
    assert!(lamp.shade.and_then(|shade| shade.lamp).is_some());

    let lamp: resource::Lamp = through(
        r#"{"resourceType":"Lamp","serial":"1","attached":[{"resourceType":"Lamp","serial":"2"},{"resourceType":"Shade","a":1}]}"#,
    );
    assert!(matches!(&lamp.attached[..], [resource::Resource::Lamp(_), resource::Resource::Other(_)]));
}

fn profiles() {
    use ers_fhir_model::stu3;
    use profile::*;

    let name: cardinality::CardName = through(r#"{"family":"Ashdown","given":["Ivy"],"prefix":["Dr"]}"#);
    assert_eq!((name.family.as_str(), name.prefix.as_deref()), ("Ashdown", Some("Dr")));
    broken::<cardinality::CardName>(r#"{"prefix":["Dr","Sir"]}"#, &["family", "given", "prefix"]);
    let base = stu3::HumanName { family: Some("Ashdown".to_owned()), ..Default::default() };
    assert!(
        cardinality::CardName::try_from(base)
            .is_err_and(|violations| violations.to_string().contains("given"))
    );

    let name: derived::LegalName = through(r#"{"family":"Ashdown","given":["Ivy"]}"#);
    assert_eq!((name.family.as_str(), name.given.as_str()), ("Ashdown", "Ivy"));
    broken::<derived::LegalName>(r#"{"text":"Ivy","family":"Ashdown","given":["Ivy"]}"#, &["text"]);

    through::<forbidden::PlainName>(r#"{"family":"Ashdown"}"#);
    broken::<forbidden::PlainName>(r#"{"suffix":["Jr"],"period":{}}"#, &["suffix", "period"]);

    let number = fixed::CardNumber::new("17");
    assert_eq!(number.to_json(), r#"{"system":"http://example.org/card","value":"17"}"#);
    through::<fixed::CardNumber>(&number.to_json());
    broken::<fixed::CardNumber>(r#"{"system":"http://example.org/other","value":"17"}"#, &["system"]);
    broken::<fixed::CardNumber>(
        r#"{"use":"temp","system":"http://example.org/card","value":"17"}"#,
        &["use"],
    );
    let base = stu3::Identifier::from(number);
    assert_eq!(base.system.as_deref(), Some("http://example.org/card"));

    let json = r#"{"type":{"coding":[{"system":"http://example.org/papers","code":"passport"}],"text":"red"},"value":"7"}"#;
    through::<pattern::PassportNumber>(json);
    broken::<pattern::PassportNumber>(r#"{"type":{"text":"red"}}"#, &["type"]);

    let coding: binding::ColourCoding = through(r#"{"code":"green"}"#);
    assert_eq!(coding.code, binding::Colour::Green);
    let coding: binding::ColourCoding = through(r#"{"code":"blue"}"#);
    assert_eq!(coding.code, binding::Colour::Unlisted("blue".to_owned()));
    broken::<binding::ColourCoding>(r#"{"system":"http://example.org/colours"}"#, &["code"]);
    assert!(
        binding::ColourCoding::try_from(stu3::Coding::from(coding)).is_err(),
        "blue is in the system, not in the set"
    );

    let note: choice::SignedNote = through(r#"{"authorString":"Ivy","text":"Call"}"#);
    assert_eq!(note.author, "Ivy");
    broken::<choice::SignedNote>(r#"{"authorReference":{"display":"Ivy"},"text":"Call"}"#, &["author"]);

    let json = r#"{"coding":[{"system":"http://example.org/local","code":"a"},{"system":"http://example.org/third"},{"system":"http://example.org/national","code":"b"}]}"#;
    let concept: slices_by_value::TwofoldConcept = through(json);
    assert_eq!((concept.local.len(), concept.other_coding.len()), (1, 1));
    assert_eq!(concept.national.code.as_deref(), Some("b"));
    broken::<slices_closed::ClosedConcept>(json, &["coding[1]"]);
    broken::<slices_closed::ClosedConcept>(r#"{"coding":[]}"#, &["coding"]);

    // Where nothing tells the slices apart, they stay in one list.
    let concept: slices_without_discriminator::VagueConcept = through(json);
    assert_eq!(concept.coding.len(), 3);

    let json = r#"{"resourceType":"Parameters","parameter":[{"name":"a","valueBoolean":true},{"name":"b","valueInteger":1},{"name":"c","valueString":"x"}]}"#;
    let parameters: slices_by_type::MixedParameters = through(json);
    assert_eq!(parameters.text.as_ref().map(|text| text.value.as_str()), Some("x"));
    assert_eq!((parameters.switch.len(), parameters.other_parameter.len()), (1, 1));

    let json = r#"{"resourceType":"Parameters","parameter":[{"name":"lamp","valueString":"desk"},{"name":"minutes","valueUnsignedInt":5}]}"#;
    let parameters: wrapped_values::SwitchParameters = through(json);
    assert_eq!((parameters.lamp.as_str(), parameters.minutes.len()), ("desk", 1));
    assert_eq!(
        wrapped_values::SwitchParameters::new("desk").with_minutes(parameters.minutes[0]).to_json(),
        json
    );
    broken::<wrapped_values::SwitchParameters>(
        r#"{"resourceType":"Parameters","parameter":[{"name":"lamp","valueInteger":1},{"name":"colour"}]}"#,
        &[
            "Parameters.parameter[0].value",
            "(slice 'lamp'): is required but missing",
            "parameter[1]: belongs to no slice",
        ],
    );

    // What is beside a value that stands for its element is kept, and refused as strictly as elsewhere.
    let json = r#"{"resourceType":"Parameters","parameter":[{"name":"lamp","_valueString":{"id":"v"},"id":"p","glow":1,"valueString":"desk"}]}"#;
    through::<wrapped_values::SwitchParameters>(json);
    let error = wrapped_values::SwitchParameters::from_json_with(json, ReadOptions::strict());
    let error = error.map(drop).expect_err("a parameter has no glow");
    let paths: Vec<&str> = error.violations().iter().map(|violation| violation.path.as_str()).collect();
    assert_eq!(paths, ["Parameters.parameter[0].glow"]);

    // A value that has only extensions is there.
    let json = r#"{"resourceType":"Parameters","parameter":[{"name":"lamp","_valueString":{"extension":[{"url":"http://example.org/why","valueCode":"unknown"}]}},{"name":"minutes","valueUnsignedInt":0},{"name":"minutes","id":"p","_valueUnsignedInt":{"id":"m"}}]}"#;
    wrapped_values::SwitchParameters::from_json_with(json, ReadOptions::strict()).expect("nothing is missing");
    let mut parameters: wrapped_values::SwitchParameters = through(json);
    assert_eq!((parameters.lamp.as_str(), parameters.minutes.len()), ("", 2));
    assert_eq!(parameters.beside("parameter:minutes", 1, 0).last(), Some(&("_valueUnsignedInt", r#"{"id":"m"}"#)));
    let base = stu3::Parameters::from(parameters.clone());
    let again = wrapped_values::SwitchParameters::try_from(base);
    assert!(again.is_ok_and(|again| again.to_json() == json));
    parameters.lamp = "desk".to_owned();
    parameters.minutes.swap(0, 1);
    assert_eq!(
        parameters.to_json(),
        r#"{"resourceType":"Parameters","parameter":[{"name":"lamp","valueString":"desk"},{"name":"minutes","valueUnsignedInt":0},{"name":"minutes","id":"p","_valueUnsignedInt":{"id":"m"}}]}"#,
        "equal values are told apart by their order"
    );
    for lamp in [r#""_valueString":null"#, r#""valueString":null"#] {
        let json = format!(r#"{{"resourceType":"Parameters","parameter":[{{"name":"lamp",{lamp}}}]}}"#);
        broken::<wrapped_values::SwitchParameters>(&json, &["(slice 'lamp'): is required but missing"]);
    }
    broken::<nested_resource::UploadParameters>(
        r#"{"resourceType":"Parameters","parameter":[{"name":"file","_resource":{"id":"a"}}]}"#,
        &["is required but missing"],
    );

    let json = r#"{"extension":[{"url":"http://example.org/other"},{"url":"http://example.org/fhir/StructureDefinition/nick","valueString":"Vy"}]}"#;
    let name: extension::NickedName = through(json);
    assert_eq!(name.other_extension.len(), 1);
    assert!(name.nick.is_some());
    let json = r#"{"extension":[{"url":"http://example.org/fhir/StructureDefinition/pet","_url":{"id":"u"},"extension":[{"url":"http://example.org/other"}],"valueString":"Vy"}]}"#;
    through::<extension::NickedName>(json);
    let error = extension::NickedName::from_json_with(json, ReadOptions::strict()).map(drop);
    let error = error.expect_err("it has both").to_string();
    assert!(error.contains("is not an element") && error.contains("a value or extensions"), "{error}");

    let number: reference::AssignedNumber = through(r#"{"assigner":{"display":"The clinic"}}"#);
    assert_eq!(number.assigner.display, "The clinic");
    broken::<reference::AssignedNumber>(
        r#"{"assigner":{"reference":"Organization/1"}}"#,
        &["assigner.reference", "assigner.display"],
    );

    let json = r#"{"resourceType":"Parameters","parameter":[{"name":"file","resource":{"resourceType":"Binary","contentType":"text/plain","content":"aGk="}}]}"#;
    let upload: nested_resource::UploadParameters = through(json);
    assert_eq!(upload.file.content.decode().as_deref(), Ok(&b"hi"[..]));
    broken::<nested_resource::UploadParameters>(
        r#"{"resourceType":"Parameters","parameter":[{"name":"file","resource":{"resourceType":"Binary","contentType":"image/png","content":"aGk="}}]}"#,
        &["contentType"],
    );
}

/// Slices are told as the specification says: by all discriminators, by what a pattern contains, by profiles.
fn slices() {
    use profile::*;

    let json = r#"{"coding":[{"system":"http://example.org/colours","code":"red","display":"Red"},{"system":"http://example.org/colours","code":"blue"}]}"#;
    let concept: slices_by_pattern::LabelledConcept = through(json);
    assert_eq!((concept.red.len(), concept.other_coding.len(), concept.local), (1, 1, None));
    broken::<slices_by_pattern::LabelledConcept>(r#"{"text":"red"}"#, &["coding", "missing"]);

    let json = r#"{"extension":[{"url":"http://example.org/rank","valueInteger":2},{"url":"http://example.org/rank","valueInteger":3},{"url":"http://example.org/rank","valueInteger":1}]}"#;
    let name: slices_by_pattern::SortedName = through(json);
    assert!(name.first.is_some() && name.second.is_some());
    assert_eq!(name.other_extension.len(), 1);

    let json = r#"{"resourceType":"Parameters","parameter":[{"name":"a","valueString":"x"},{"name":"b","resource":{"resourceType":"Binary","contentType":"a/b","content":"aGk="}}]}"#;
    let parameters: slices_by_existence::DatedParameters = through(json);
    assert_eq!((parameters.plain.len(), parameters.attached.len()), (1, 1));

    let binary = |claim: &str, kind: &str| {
        format!(
            r#"{{"resourceType":"Parameters","parameter":[{{"name":"b","resource":{{"resourceType":"Binary",{claim}"contentType":"text/{kind}","content":"aGk="}}}}]}}"#
        )
    };
    let parameters: slices_by_profile::ShapedParameters = through(&binary("", "tall"));
    assert!(parameters.tall.is_some() && parameters.wide.is_none(), "what follows the profile is tried");
    let parameters: slices_by_profile::ShapedParameters = through(&binary("", "wide"));
    assert!(parameters.wide.is_some(), "the first slice does not take what is of the second");
    let parameters: slices_by_profile::ShapedParameters = through(&binary("", "round"));
    assert_eq!(parameters.other_parameter.len(), 1);
    let claim = r#""meta":{"profile":["http://example.org/fhir/StructureDefinition/wide"]},"#;
    broken::<slices_by_profile::ShapedParameters>(&binary(claim, "round"), &["contentType"]);

    let called = |names: &[&str]| {
        let one = |name: &&str| format!(r#"{{"url":"http://example.org/fhir/StructureDefinition/{name}"}}"#);
        format!(r#"{{"extension":[{}]}}"#, names.iter().map(one).collect::<Vec<_>>().join(","))
    };
    let name: slices_by_alternatives::CalledName = through(&called(&["other", "pet"]));
    assert_eq!((name.other_extension.len(), name.called.url.as_str()), (1, "http://example.org/fhir/StructureDefinition/pet"));
    broken::<slices_by_alternatives::CalledName>(&called(&["nick", "pet"]), &["extension[1]", "more than once"]);

    let concept: slices_by_binding::PaintedConcept =
        through(r#"{"coding":[{"system":"http://example.org/colours","code":"orange"},{"code":"green"}]}"#);
    assert_eq!(concept.other_coding.len(), 1);
    broken::<slices_by_binding::PaintedConcept>(
        r#"{"coding":[{"system":"http://example.org/colours","code":"red"},{"system":"http://example.org/colours","code":"blue"}]}"#,
        &["coding[1]", "forbids"],
    );

    let queue = |names: &[&str]| {
        let items: Vec<String> = names.iter().map(|name| format!(r#"{{"name":"{name}"}}"#)).collect();
        format!(r#"{{"resourceType":"Parameters","parameter":[{}]}}"#, items.join(","))
    };
    through::<slices_ordered::QueuedParameters>(&queue(&["one", "two", "two", "three"]));
    broken::<slices_ordered::QueuedParameters>(&queue(&["two", "one"]), &["parameter", "order"]);
    broken::<slices_ordered::QueuedParameters>(&queue(&["one", "three", "two"]), &["parameter", "order"]);

    let json =
        r#"{"extension":[{"url":"http://example.org/far","valueReference":{"reference":"Binary/1"}}]}"#;
    assert_eq!(through::<slices_undecided::LinkedReference>(json).extension.len(), 1);
}

/// Things occur as often as the profile says.
fn counts() {
    use ers_fhir_model::runtime::Profile;
    use profile::*;

    through::<counts::CrowdedName>(r#"{"given":["A","B","C"],"prefix":["Dr","Sir"]}"#);
    broken::<counts::CrowdedName>(r#"{"given":["A"]}"#, &["given", "at least 2"]);
    broken::<counts::CrowdedName>(r#"{"given":["A","B","C","D"]}"#, &["given", "at most 3"]);
    broken::<counts::CrowdedName>(r#"{"given":["A","B"],"prefix":["a","b","c"]}"#, &["prefix", "at most 2"]);
    let nick = r#"{"url":"http://example.org/nick"}"#;
    broken::<counts::CrowdedName>(
        &format!(r#"{{"extension":[{nick},{nick},{nick}],"given":["A","B"]}}"#),
        &["slice 'nick'", "at most 2"],
    );
    let name: counts::CrowdedName = through(r#"{"given":["A","B"]}"#);
    let crowd = counts::CrowdedName { given: vec!["A".to_owned()], ..name.clone() };
    assert!(name.build().is_ok());
    assert!(crowd.build().is_err_and(|found| found.to_string().contains("at least 2")));

    through::<choice_types::LimitedParameters>(
        r#"{"resourceType":"Parameters","parameter":[{"name":"a","valueBoolean":true}]}"#,
    );
    broken::<choice_types::LimitedParameters>(
        r#"{"resourceType":"Parameters","parameter":[{"name":"a","valueInteger":1}]}"#,
        &["valueInteger"],
    );
    broken::<choice_required::TimedNote>(r#"{"text":"x"}"#, &["author"]);
}

/// What a profile says of one type of a choice holds for values of that type.
fn choices() {
    use ers_fhir_model::runtime::Profile;
    use ers_fhir_model::stu3;
    use profile::choice_narrowed::{
        CodedContext, Hue, HueValue, Hues, NamedContext, SettledContext, WeighedContext, WeighedContextValue,
    };
    use profile::choice_sliced::MeasuredContext;

    let context = |value: &str| format!(r#"{{"code":{{"code":"load"}},{value}}}"#);
    let weighed: WeighedContext =
        through(&context(r#""valueQuantity":{"value":70,"unit":"kilo","code":"kg"}"#));
    let WeighedContextValue::Quantity(quantity) = &weighed.value else { panic!("{weighed:?}") };
    assert_eq!(quantity.unit, "kilo");
    let place: WeighedContext = through(&context(r#""valueCodeableConcept":{"coding":[{"code":"ward"}]}"#));
    assert!(matches!(&place.value, WeighedContextValue::CodeableConcept(coding) if coding.code.is_some()));
    assert_eq!(place.clone(), place);
    let base: stu3::UsageContext = place.clone().into();
    assert!(matches!(&base.value, stu3::UsageContextValue::CodeableConcept(_)));
    assert_eq!(WeighedContext::try_from(base).ok(), Some(place));
    for (value, said) in [
        (r#""valueQuantity":{"value":70,"code":"g"}"#, &[".unit", ".code"][..]),
        (r#""valueCodeableConcept":{"text":"ward"}"#, &[".text", "forbids", ".coding"]),
        (r#""valueRange":{"low":{"value":1}}"#, &["UsageContext.value", "type"]),
        (
            r#""valueCodeableConcept":{"coding":[{"code":"a"}]},"valueQuantity":{"unit":"kg","code":"kg"}"#,
            &["more than once"],
        ),
    ] {
        broken::<WeighedContext>(&context(value), said);
    }

    through::<CodedContext>(&context(r#""valueQuantity":{"value":1}"#));
    let coded = context(r#""valueCodeableConcept":{"coding":[{"system":"http://example.org/places"}]}"#);
    through::<CodedContext>(&coded);
    broken::<CodedContext>(&context(r#""valueCodeableConcept":{"text":"ward"}"#), &["valueCodeableConcept"]);
    let kept = CodedContext::new(stu3::Coding::default(), stu3::CodeableConcept::default());
    assert!(kept.to_json().contains("http://example.org/places"), "what the slice implies is written");
    assert!(kept.build().is_ok());

    through::<SettledContext>(&context(r#""valueRange":{"low":{"value":1}}"#));
    broken::<SettledContext>(&context(r#""valueRange":{"high":{"value":1}}"#), &[".low"]);
    broken::<SettledContext>(&context(r#""valueQuantity":{"value":1}"#), &["value", "type"]);

    through::<NamedContext>(&context(r#""valueCodeableConcept":{"text":"ward"}"#));
    broken::<NamedContext>(&context(r#""valueQuantity":{"value":1,"comparator":"<"}"#), &["comparator"]);

    let hue = |value: &str| format!(r#"{{"url":"http://example.org/fhir/StructureDefinition/hue",{value}}}"#);
    assert_eq!(through::<Hue>(&hue(r#""valueCode":"red""#)).value, HueValue::Code(Hues::Red));
    through::<Hue>(&hue(r#""valueCode":"red","_valueCode":{"id":"h"}"#));
    assert!(Hue::new(Hues::from("blue")).build().is_err_and(|found| found.to_string().contains("ofType(code)")));
    through::<Hue>(&hue(r#""valueString":"grey""#));
    broken::<Hue>(&hue(r#""valueString":"red""#), &["grey"]);
    broken::<Hue>(&hue(r#""valueInteger":1"#), &["value", "type"]);

    through::<MeasuredContext>(&context(r#""valueQuantity":{"unit":"kg"}"#));
    broken::<MeasuredContext>(&context(r#""valueQuantity":{"value":1}"#), &[".unit"]);
}

/// Names of Rust, of the runtime and of the base stay what they are.
fn names() {
    use profile::*;

    through::<names_taken::OptionCoding>(r#"{"code":"a"}"#);
    through::<names_taken::FromCoding>(r#"{"code":"a"}"#);
    through::<names_taken::XhtmlCoding>(r#"{"code":"a"}"#);
    through::<names_taken::VecCoding>(r#"{"code":"a"}"#);
    through::<names_taken::CodingProfile>(r#"{"code":"a"}"#);
    through::<sole_member::Stamp>(
        r#"{"extension":[{"url":"mark","valueCode":"x"}],"url":"http://example.org/fhir/StructureDefinition/stamp"}"#,
    );
}
