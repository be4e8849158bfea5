//! Codes in their systems: existence, displays, and what was meant by a wrong one.

use crate::fixtures::{ANIMALS, Fixture, animals, from_animals, listing, set};
use ers_fhir_profiles::definition::{CodeSystemContent, Concept};
use ers_fhir_profiles::terminology::{CodeLookup, Reason};

#[test]
fn a_code_exists_or_not_or_cannot_be_known() {
    let fixture = Fixture::new([animals()], []);
    let lookup = |system: &str, code: &str| fixture.terminology.lookup(system, code);
    assert!(matches!(lookup(ANIMALS, "dog"), CodeLookup::Found(found) if found.code() == "dog"));
    assert!(matches!(lookup(ANIMALS, "Dog"), CodeLookup::Unknown));
    assert!(matches!(lookup(ANIMALS, "unicorn"), CodeLookup::Unknown));
    assert!(matches!(lookup("http://loinc.org", "8480-6"), CodeLookup::Undecided(Reason::NoSystem(_))));
    assert!(matches!(lookup("urn:ietf:bcp:13", "text/plain"), CodeLookup::WellFormed));
    assert!(matches!(lookup("urn:ietf:bcp:13", "plain"), CodeLookup::Unknown));

    let mut fragment = animals();
    fragment.content = CodeSystemContent::Fragment;
    let fixture = Fixture::new([fragment], []);
    let answer = fixture.terminology.lookup(ANIMALS, "unicorn");
    assert!(matches!(answer, CodeLookup::Undecided(Reason::PartialSystem(_))), "{answer:?}");
}

#[test]
fn a_display_is_right_if_the_system_or_a_supplement_has_it() {
    let mut system = animals();
    system.concepts[3].designations.push((Some("de".into()), "Welpe".into()));
    let mut supplement = animals();
    supplement.url = "urn:animals:welsh".into();
    supplement.content = CodeSystemContent::Supplement;
    supplement.supplements = Some(ANIMALS.into());
    supplement.concepts = vec![Concept {
        code: "puppy".into(),
        designations: vec![(Some("cy".into()), "Ci bach".into())],
        ..Concept::default()
    }];
    system.concepts[4].display = None;
    let fixture = Fixture::new([system, supplement], []);
    let CodeLookup::Found(puppy) = fixture.terminology.lookup(ANIMALS, "puppy") else {
        panic!("the fixture has puppies")
    };
    for right in ["Young dog", "young  DOG", "Welpe", "ci bach"] {
        assert!(puppy.accepts_display(right), "{right}");
    }
    for wrong in ["Dog", "Youngdog", ""] {
        assert!(!puppy.accepts_display(wrong), "{wrong}");
    }
    assert_eq!(puppy.display(), Some("Young dog"));
    assert_eq!(puppy.displays(), ["Young dog", "Welpe", "Ci bach"]);
    let CodeLookup::Found(robin) = fixture.terminology.lookup(ANIMALS, "robin") else {
        panic!("the fixture has robins")
    };
    assert!(robin.accepts_display("anything, as the system has no display"));
}

#[test]
fn what_is_inactive_or_abstract_is_known() {
    let mut system = animals();
    system.concepts[0].properties.push(("notSelectable".into(), "true".into()));
    let fixture = Fixture::new([system], []);
    for (code, is_inactive, is_abstract) in
        [("cat", true, false), ("mammal", false, true), ("dog", false, false)]
    {
        let CodeLookup::Found(found) = fixture.terminology.lookup(ANIMALS, code) else {
            panic!("the fixture has a {code}")
        };
        assert_eq!((found.is_inactive(), found.is_abstract()), (is_inactive, is_abstract), "{code}");
    }
}

#[test]
fn near_codes_are_suggested_nearest_first() {
    let fixture =
        Fixture::new([animals()], [set("s", [from_animals()]), set("x", [listing("urn:x", &["dig"])])]);
    let expansion = fixture.terminology.expansion("s").expect("a value set of the fixture");
    for (wrong, expected) in [
        ("DOG", vec!["dog"]),
        ("Young Dog", vec!["puppy"]),
        ("mamal", vec!["mammal"]),
        ("dgo", vec!["dog"]),
        // One letter from both, in the order of the value set.
        ("at", vec!["cat", "bat"]),
        ("unicorn", vec![]),
        ("", vec![]),
    ] {
        let suggestion = expansion.suggest(&fixture.terminology, Some(ANIMALS), wrong);
        let codes: Vec<_> = suggestion.nearest.iter().map(|c| c.code.as_str()).collect();
        assert_eq!(codes, expected, "{wrong}");
        assert_eq!(suggestion.allowed.len(), 7);
        let in_system = fixture.terminology.suggest_code(ANIMALS, wrong);
        assert_eq!(in_system, suggestion, "{wrong}");
    }
    let other = fixture.terminology.expansion("x").expect("a value set of the fixture");
    let suggestion = other.suggest(&fixture.terminology, Some(ANIMALS), "dig");
    assert_eq!(suggestion.nearest[0].system.as_deref(), Some("urn:x"));
}

#[test]
fn only_short_lists_that_are_whole_are_shown() {
    let thirteen: Vec<String> = (0..13).map(|i| format!("code-{i}")).collect();
    let thirteen: Vec<&str> = thirteen.iter().map(String::as_str).collect();
    let mut unsure = set("unsure", [listing("urn:x", &["a"])]);
    unsure.include.push(from_animals());
    let fixture = Fixture::new([], [set("long", [listing("urn:x", &thirteen)]), unsure]);
    for url in ["long", "unsure"] {
        let expansion = fixture.terminology.expansion(url).expect("a value set of the fixture");
        let suggestion = expansion.suggest(&fixture.terminology, None, "zzz");
        assert!(suggestion.allowed.is_empty(), "{url}");
    }
}
