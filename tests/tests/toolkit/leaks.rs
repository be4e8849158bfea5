//! Wherever a marker of a patient occurs in a payload, masked output does not show it.

use std::time::Duration;

use ers_fhir_fuzz::{MARKERS, TARGETS, drive, leaks};
use rayon::prelude::*;

/// What is put at every place of a payload.
const PIECES: [&str; 12] = [
    "Exampler",
    " 9999999999 ",
    "\"Quentin Exampler\"",
    "\"Exampler\":\"9999999999\",",
    "<Exampler>",
    "</Exampler>",
    "<!--Quentin-->",
    "<![CDATA[Exampler]]>",
    "<?Quentin 9999999999?>",
    "&Exampler;",
    " Exampler=\"Quentin\"",
    "\n::error::Exampler\u{202e}\u{1b}[1m##[Exampler]",
];

/// A payload in which every value is a marker already.
const JSON: &str = r#"{"resourceType":"Patient","id":"Exampler","meta":{"profile":["http://Quentin.example/x"]},
"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Exampler</div>"},
"identifier":[{"system":"http://Exampler.example","value":"9999999999"}],"name":[{"family":"Exampler"}],
"gender":"Quentin","birthDate":"9999999999","photo":[{"data":"Exampler","contentType":"Quentin"}],
"maritalStatus":{"coding":[{"system":"urn:Exampler","code":"Quentin","display":"Exampler"}]},
"generalPractitioner":[{"reference":"Exampler/9999999999"}],"extension":[{"url":"http://Exampler.example"}]}"#;

const XML: &str = r#"<Patient xmlns="http://hl7.org/fhir"><id value="Exampler"/><text><status value="Quentin"/>
<div xmlns="http://www.w3.org/1999/xhtml"><p title="Quentin">Exampler</p></div></text><name id="Exampler">
<family value="Exampler"/></name><gender value="Quentin"/><birthDate value="9999999999"/></Patient>"#;

/// Definitions whose author names everything after a patient.
const PROFILE: &str = r#"{"resourceType":"StructureDefinition","url":"http://Exampler.example/p","name":"Exampler",
"status":"draft","kind":"resource","abstract":false,"type":"Patient","derivation":"constraint",
"baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","differential":{"element":[
{"id":"Patient","path":"Patient","constraint":[{"key":"x-1","severity":"error","human":"x","expression":"name(Exampler"}]},
{"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"}],"rules":"open"}},
{"id":"Patient.identifier:Exampler","path":"Patient.identifier","sliceName":"Exampler"},
{"id":"Patient.identifier:Quentin","path":"Patient.identifier","sliceName":"Quentin"},
{"id":"Patient.Exampler","path":"Patient.Exampler"},{"id":"Patient.gender","path":"Patient.gender","type":[{"code":"Exampler"}]},
{"id":"Patient.active","path":"Patient.active","min":2,"max":"1","fixedExampler":"Quentin","fixedCode":"Exampler"}]}}"#;

const FORM: &str = r#"{"resourceType":"Questionnaire","url":"http://Exampler.example/q","status":"draft","item":[
{"linkId":"Exampler","type":"boolean"},{"linkId":"b","type":"string","enableWhen":[{"question":"Exampler",
"operator":"=","answerExampler":"Quentin","answerInteger":1}]},{"linkId":"c","type":"Exampler"}]}"#;

pub(crate) fn markers_in_every_slot_are_hidden() {
    let wrong: Vec<String> = [JSON, XML, PROFILE, FORM]
        .into_iter()
        .flat_map(|payload| (0..=payload.len()).map(move |at| (payload, at)))
        .collect::<Vec<_>>()
        .into_par_iter()
        .flat_map_iter(|(payload, at)| {
            // Each piece comes to every fourth place, and some piece to each.
            let here = PIECES.iter().enumerate().filter(move |(number, _)| (number + at) % 4 == 0);
            here.flat_map(move |(_, piece)| {
                let mut spoiled = payload.as_bytes().to_vec();
                spoiled.splice(at..at, piece.bytes());
                leaks(&spoiled).into_iter().map(move |line| format!("{piece} at {at}: {line}"))
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{} lines show {MARKERS:?}: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}

pub(crate) fn whatever_holds_of_any_bytes_holds_of_some() {
    for target in TARGETS {
        let outcome = drive(target, 1, Duration::from_secs(2));
        let broken: Vec<String> = outcome
            .broken
            .iter()
            // Time and memory are measured where nothing else runs in the process: by the driver.
            .filter(|(_, what)| !what.starts_with("it takes") && !what.starts_with("it holds"))
            .map(|(data, what)| format!("{what}: {}", String::from_utf8_lossy(data)))
            .collect();
        assert!(broken.is_empty(), "{}: {broken:#?}", target.0);
    }
}
