//! Faults between calls, sown into a good session: nearly all are found.

use ers_fhir_lint::{capture, rule, traffic};
use ers_fhir_report::Payload;
use serde_json::Value;

fn session() -> Value {
    let Payload::Text(text) = rule::NO_OPERATION.good.payload else { panic!("the good session is a text") };
    serde_json::from_str(text).expect("it is JSON")
}

/// How many findings the calls have against each other.
fn found(har: &Value) -> usize {
    let exchanges =
        capture::read(har.to_string().as_bytes()).expect("it is a capture").expect("it has calls");
    let traffic = traffic(exchanges);
    traffic.judged.iter().map(|judged| judged.findings().len()).sum::<usize>() + traffic.strangers.len()
}

fn body(entry: &mut Value) -> Option<&mut Value> {
    entry.pointer_mut("/request/postData/text")
}

fn replaced(text: &Value, from: &str, to: &str) -> Option<Value> {
    let text = text.as_str()?;
    text.contains(from).then(|| text.replace(from, to).into())
}

/// Sessions with one fault each, and what the fault is.
fn faults() -> Vec<(String, Value)> {
    let good = session();
    let count = good["log"]["entries"].as_array().map_or(0, Vec::len);
    let mut all = Vec::new();
    for place in 0..count {
        let mut sow = |label: &str, change: &dyn Fn(&mut Value) -> bool| {
            let mut har = good.clone();
            if change(&mut har["log"]["entries"][place]) {
                all.push((format!("call {}: {label}", place + 1), har));
            }
        };
        sow("another UBRN in the path of a change", &|entry| {
            let is_change = entry["request"]["method"] == "POST";
            let new =
                replaced(&entry["request"]["url"], "000049912345", "000049912399").filter(|_| is_change);
            new.is_some_and(|new| {
                entry["request"]["url"] = new;
                true
            })
        });
        sow("an old version in If-Match", &|entry| {
            let headers = entry["request"]["headers"].as_array_mut().into_iter().flatten();
            let mut sown = false;
            for header in headers.filter(|header| header["name"] == "If-Match") {
                header["value"] = "W/\"2\"".into();
                sown = true;
            }
            sown
        });
        for (label, from, to) in [
            ("an old version in the body", "_history/4", "_history/3"),
            ("another UBRN in the body", "000049912345/_history", "000049912399/_history"),
            ("a slot that was not offered", "Slot/4410027", "Slot/4410099"),
            ("a file that was not uploaded", "9f3c1b52", "9f3c1b53"),
            ("a reason that was not earned", "BOOKING_ATTEMPT_PROBLEM", "NO_SLOTS_AT_SERVICE"),
        ] {
            sow(label, &|entry| {
                let Some(text) = body(entry) else { return false };
                replaced(text, from, to).is_some_and(|new| {
                    *text = new;
                    true
                })
            });
        }
        sow("a file for another referral", &|entry| {
            let headers = entry["request"]["headers"].as_array_mut().into_iter().flatten();
            let mut sown = false;
            for header in headers.filter(|header| header["name"] == "NHSD-eRS-Referral-ID") {
                header["value"] = "000049912399".into();
                sown = true;
            }
            sown
        });
        sow("a file for no referral", &|entry| {
            let Some(headers) = entry["request"]["headers"].as_array_mut() else { return false };
            let before = headers.len();
            headers.retain(|header| header["name"] != "NHSD-eRS-Referral-ID");
            headers.len() < before
        });
        let mut twice = good.clone();
        let again = twice["log"]["entries"][place].clone();
        if again["request"]["method"] == "POST" {
            twice["log"]["entries"].as_array_mut().expect("there are entries").insert(place, again);
            all.push((format!("call {}: sent twice", place + 1), twice));
        }
    }
    all
}

#[test]
fn nearly_all_faults_between_calls_are_found() {
    assert_eq!(found(&session()), 0);
    let all = faults();
    assert!(all.len() >= 15, "{}", all.len());
    let missed: Vec<&str> =
        all.iter().filter(|(_, har)| found(har) == 0).map(|(label, _)| label.as_str()).collect();
    assert!(missed.len() * 20 <= all.len(), "{} of {}: {missed:#?}", missed.len(), all.len());
}
