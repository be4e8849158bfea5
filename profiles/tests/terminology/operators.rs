//! Includes, excludes and every filter operator, on a small code system of animals.

use crate::fixtures::{ANIMALS, Fixture, animals, codes, from_animals, importing, listing, set, with_filter};
use ers_fhir_profiles::definition::{CodeSystem, CodeSystemContent, ConceptSet, ValueSet};
use ers_fhir_profiles::terminology::{CodeLookup, Membership, Reason};

/// The animals that a value set with one filter holds, in the order of the code system.
fn filtered(property: &str, op: &str, value: &str) -> Vec<String> {
    Fixture::new([animals()], [set("s", [with_filter(property, op, value)])]).enumerate("s")
}

#[test]
fn filters_pick_the_codes_that_their_operator_says() {
    let table: &[(&str, &str, &str, &str)] = &[
        ("concept", "is-a", "mammal", "mammal dog puppy cat bat"),
        ("concept", "is-a", "puppy", "puppy"),
        ("concept", "descendent-of", "mammal", "dog puppy cat bat"),
        ("concept", "descendent-of", "puppy", ""),
        ("concept", "is-not-a", "mammal", "bird robin"),
        ("concept", "child-of", "mammal", "dog cat bat"),
        // A bat flies, and the property `parent` puts it under `bird` as well in this fixture.
        ("concept", "child-of", "bird", "robin bat"),
        ("concept", "descendent-leaf", "mammal", "puppy cat bat"),
        ("concept", "generalizes", "puppy", "mammal dog puppy"),
        ("concept", "generalizes", "bat", "mammal bird bat"),
        ("concept", "=", "cat", "cat"),
        ("code", "in", "cat, robin,unicorn", "robin cat"),
        ("code", "not-in", "cat,robin", "mammal bird dog puppy bat"),
        ("code", "regex", ".*t", "cat bat"),
        ("code", "regex", "at", ""),
        ("code", "regex", "cat|dog", "dog cat"),
        ("display", "=", "Young dog", "puppy"),
        ("display", "regex", "[A-Z][a-z]+ dog", "puppy"),
        ("legs", "=", "2", "bird robin bat"),
        ("legs", "in", "2,4", "bird dog robin bat"),
        ("legs", "not-in", "2", "mammal dog puppy cat"),
        ("legs", "exists", "true", "bird dog robin bat"),
        ("legs", "exists", "false", "mammal puppy cat"),
        ("parent", "=", "dog", "puppy"),
        ("child", "=", "puppy", "dog"),
        ("child", "exists", "false", "puppy robin cat bat"),
        ("inactive", "=", "false", "mammal bird dog puppy robin bat"),
        ("inactive", "=", "true", "cat"),
    ];
    for (property, op, value, expected) in table {
        let mut expected: Vec<&str> = expected.split_whitespace().collect();
        let mut found = filtered(property, op, value);
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{property} {op} {value}");
    }
}

#[test]
fn filters_that_cannot_be_evaluated_leave_codes_undecided() {
    for (property, op, value) in [
        ("concept", "is-a", "unicorn"),
        ("concept", "sounds-like", "cat"),
        ("code", "regex", "("),
        ("colour", "=", "black"),
        ("legs", "exists", "perhaps"),
    ] {
        let fixture = Fixture::new([animals()], [set("s", [with_filter(property, op, value)])]);
        let answer = fixture.contains("s", ANIMALS, "dog");
        let Membership::Undecided(reason @ Reason::Filter { .. }) = answer else {
            panic!("{property} {op} {value}: {answer:?}")
        };
        assert_eq!(reason.system(), Some(ANIMALS));
        assert_eq!(fixture.contains("s", ANIMALS, "unicorn"), Membership::Out, "{property} {op}");
    }
}

#[test]
fn all_filters_of_an_include_must_hold() {
    let mut include = with_filter("concept", "is-a", "mammal");
    include.filters.extend(with_filter("legs", "=", "2").filters);
    let fixture = Fixture::new([animals()], [set("s", [include])]);
    assert_eq!(fixture.enumerate("s"), ["bat"]);
}

#[test]
fn nesting_that_is_not_subsumption_decides_no_hierarchy() {
    let mut system = animals();
    system.hierarchy_meaning = Some("part-of".to_owned());
    let fixture = Fixture::new([system], [set("s", [with_filter("concept", "is-a", "dog")])]);
    assert_eq!(fixture.contains("s", ANIMALS, "dog"), Membership::In);
    assert!(matches!(fixture.contains("s", ANIMALS, "puppy"), Membership::Undecided(_)));
    let fixture = Fixture::new([animals()], [set("s", [with_filter("concept", "is-a", "dog")])]);
    assert_eq!(fixture.contains("s", ANIMALS, "puppy"), Membership::In);
}

#[test]
fn listed_codes_need_no_code_system() {
    let fixture = Fixture::new([], [set("s", [listing("urn:absent", &["a", "b"])])]);
    for (system, code, expected) in [
        ("urn:absent", "a", Membership::In),
        ("urn:absent", "c", Membership::Out),
        (ANIMALS, "a", Membership::Out),
    ] {
        assert_eq!(fixture.contains("s", system, code), expected, "{system} {code}");
    }
    assert_eq!(fixture.contains_anywhere("s", "b"), Membership::In);
    assert_eq!(fixture.contains_anywhere("s", "c"), Membership::Out);
    assert_eq!(fixture.systems_read(), 0);
    assert_eq!(fixture.enumerate("s"), ["a", "b"]);
}

#[test]
fn an_absent_code_system_leaves_only_its_own_codes_undecided() {
    let fixture = Fixture::new(
        [animals()],
        [set(
            "s",
            [from_animals(), ConceptSet { system: Some("http://loinc.org".into()), ..ConceptSet::default() }],
        )],
    );
    let undecided = Membership::Undecided(Reason::NoSystem("http://loinc.org".into()));
    for (system, code, expected) in [
        (ANIMALS, "dog", Membership::In),
        (ANIMALS, "unicorn", Membership::Out),
        ("urn:other", "dog", Membership::Out),
        ("http://loinc.org", "8480-6", undecided.clone()),
    ] {
        assert_eq!(fixture.contains("s", system, code), expected, "{system} {code}");
    }
    assert_eq!(fixture.contains_anywhere("s", "cat"), Membership::In);
    assert_eq!(fixture.contains_anywhere("s", "8480-6"), undecided);
    assert_eq!(fixture.gap("s"), Some(Reason::NoSystem("http://loinc.org".into())));
}

#[test]
fn a_part_of_a_code_system_decides_the_codes_it_has() {
    for content in [CodeSystemContent::Fragment, CodeSystemContent::Example] {
        let mut system = animals();
        system.content = content;
        let fixture = Fixture::new([system], [set("s", [from_animals()])]);
        assert_eq!(fixture.contains("s", ANIMALS, "dog"), Membership::In);
        let answer = fixture.contains("s", ANIMALS, "unicorn");
        assert_eq!(answer, Membership::Undecided(Reason::PartialSystem(ANIMALS.into())));
    }
    let mut system = animals();
    system.content = CodeSystemContent::NotPresent;
    let fixture = Fixture::new([system], [set("s", [from_animals()])]);
    assert!(matches!(fixture.contains("s", ANIMALS, "dog"), Membership::Undecided(Reason::NoSystem(_))));
}

#[test]
fn another_version_of_a_code_system_decides_no_absence() {
    let versioned = |version: &str| ConceptSet { version: Some(version.to_owned()), ..from_animals() };
    let fixture = Fixture::new([animals()], [set("one", [versioned("1")]), set("two", [versioned("2")])]);
    assert_eq!(fixture.contains("one", ANIMALS, "unicorn"), Membership::Out);
    assert_eq!(fixture.contains("two", ANIMALS, "dog"), Membership::In);
    assert!(matches!(fixture.contains("two", ANIMALS, "unicorn"), Membership::Undecided(_)));
}

#[test]
fn a_code_rule_decides_even_where_the_system_is_absent() {
    let mut include = with_filter("code", "regex", "[A-Z]{3}");
    include.system = Some("urn:absent".to_owned());
    let fixture = Fixture::new([], [set("s", [include])]);
    assert_eq!(fixture.contains("s", "urn:absent", "GB"), Membership::Out);
    assert!(matches!(fixture.contains("s", "urn:absent", "GBR"), Membership::Undecided(_)));
}

#[test]
fn excludes_take_codes_away() {
    let mut taken = set("s", [from_animals()]);
    taken.exclude = vec![with_filter("concept", "is-a", "mammal"), listing(ANIMALS, &["robin"])];
    let fixture = Fixture::new([animals()], [taken]);
    assert_eq!(fixture.enumerate("s"), ["bird"]);
    assert_eq!(fixture.contains("s", ANIMALS, "dog"), Membership::Out);

    let mut unsure = set("s", [listing("urn:absent", &["a"])]);
    unsure.exclude = vec![ConceptSet { system: Some("urn:absent".into()), ..ConceptSet::default() }];
    let fixture = Fixture::new([], [unsure]);
    assert!(matches!(fixture.contains("s", "urn:absent", "a"), Membership::Undecided(_)));
    assert_eq!(fixture.contains("s", "urn:absent", "b"), Membership::Out);
}

#[test]
fn includes_add_up_and_imports_of_one_include_intersect() {
    let fixture = Fixture::new(
        [animals()],
        [
            set("pets", [listing(ANIMALS, &["dog", "cat", "robin"])]),
            set("mammals", [with_filter("concept", "is-a", "mammal")]),
            set("either", [importing(&["pets"]), importing(&["mammals"])]),
            set("both", [importing(&["pets", "mammals"])]),
            set(
                "both-of-system",
                [ConceptSet { value_sets: vec!["pets".into()], ..with_filter("legs", "=", "4") }],
            ),
        ],
    );
    assert_eq!(fixture.enumerate("either"), ["dog", "cat", "robin", "mammal", "puppy", "bat"]);
    assert_eq!(fixture.enumerate("both"), ["dog", "cat"]);
    assert_eq!(fixture.enumerate("both-of-system"), ["dog"]);
    assert_eq!(fixture.contains_anywhere("both", "cat"), Membership::In);
    assert_eq!(fixture.contains_anywhere("both", "robin"), Membership::Out);
}

#[test]
fn an_absent_import_is_undecided_where_it_matters() {
    let fixture = Fixture::new([animals()], [set("s", [listing(ANIMALS, &["dog"]), importing(&["absent"])])]);
    assert_eq!(fixture.contains("s", ANIMALS, "dog"), Membership::In);
    let absent = Membership::Undecided(Reason::NoValueSet("absent".into()));
    assert_eq!(fixture.contains("s", ANIMALS, "cat"), absent);
    assert_eq!(fixture.contains_anywhere("s", "cat"), absent);
}

#[test]
fn value_sets_that_import_each_other_come_to_an_end() {
    let fixture = Fixture::new(
        [],
        [
            set("a", [importing(&["b"]), listing("urn:x", &["1"])]),
            set("b", [importing(&["a"]), listing("urn:x", &["2"])]),
        ],
    );
    assert_eq!(fixture.contains("a", "urn:x", "2"), Membership::In);
    assert!(matches!(fixture.contains("a", "urn:x", "3"), Membership::Undecided(Reason::Cycle(_))));
    assert!(matches!(fixture.contains_anywhere("a", "3"), Membership::Undecided(_)));
}

#[test]
fn imports_that_double_at_every_step_are_asked_once() {
    let doubled = |i: usize| {
        let next = format!("d{}", i + 1);
        set(&format!("d{i}"), [importing(&[&next]), importing(&[&next])])
    };
    let fixture = Fixture::new([], (0..30).map(doubled).chain([set("d30", [listing("urn:x", &["1"])])]));
    assert_eq!(fixture.contains("d0", "urn:x", "1"), Membership::In);
    assert_eq!(fixture.contains("d0", "urn:x", "2"), Membership::Out);
    assert_eq!(fixture.contains_anywhere("d0", "2"), Membership::Out);
    assert_eq!(fixture.enumerate("d0"), ["1"]);
}

#[test]
fn inactive_codes_are_refused_where_the_set_says_so() {
    for (inactive, expected) in
        [(None, Membership::In), (Some(true), Membership::In), (Some(false), Membership::Out)]
    {
        let fixture = Fixture::new([animals()], [ValueSet { inactive, ..set("s", [from_animals()]) }]);
        assert_eq!(fixture.contains("s", ANIMALS, "cat"), expected, "{inactive:?}");
        assert_eq!(fixture.contains("s", ANIMALS, "dog"), Membership::In);
    }
}

#[test]
fn abstract_codes_are_members_but_not_values() {
    let mut system = animals();
    system.concepts[0].properties.push(("notSelectable".into(), "true".into()));
    let fixture =
        Fixture::new([system], [set("all", [from_animals()]), set("one", [listing(ANIMALS, &["mammal"])])]);
    assert_eq!(fixture.contains("all", ANIMALS, "mammal"), Membership::In);
    assert!(!fixture.enumerate("all").contains(&"mammal".to_owned()));
    assert_eq!(fixture.enumerate("one"), ["mammal"]);
}

#[test]
fn case_counts_as_the_code_system_says() {
    let all = || [set("all", [from_animals()]), set("some", [listing(ANIMALS, &["dog"])])];
    let fixture = Fixture::new([animals()], all());
    assert_eq!(fixture.contains("all", ANIMALS, "DOG"), Membership::Out);
    assert_eq!(fixture.contains("some", ANIMALS, "DOG"), Membership::Out);
    let mut system = animals();
    system.case_sensitive = false;
    let fixture = Fixture::new([system], all());
    assert_eq!(fixture.contains("all", ANIMALS, "DOG"), Membership::In);
    assert_eq!(fixture.contains("some", ANIMALS, "DOG"), Membership::In);
    assert_eq!(fixture.contains("some", ANIMALS, "CAT"), Membership::Out);
    let fixture = Fixture::new([], all());
    assert!(matches!(fixture.contains("some", ANIMALS, "DOG"), Membership::Undecided(_)));
}

#[test]
fn a_published_expansion_stands_in_for_a_compose() {
    let mut published = set("s", []);
    published.expansion = codes("urn:x", &["1", "2"]);
    let part = ValueSet { url: "part".to_owned(), ..published.clone() };
    published.is_whole_expansion = true;
    let fixture = Fixture::new([], [published, part, set("nothing", [])]);
    assert_eq!(fixture.enumerate("s"), ["1", "2"]);
    assert_eq!(fixture.contains("s", "urn:x", "3"), Membership::Out);
    assert_eq!(fixture.contains("part", "urn:x", "1"), Membership::In);
    assert!(matches!(fixture.contains("part", "urn:x", "3"), Membership::Undecided(Reason::NoContent(_))));
    assert!(matches!(fixture.gap("part"), Some(Reason::NoContent(_))));
    assert!(matches!(fixture.contains("nothing", "urn:x", "1"), Membership::Undecided(Reason::NoContent(_))));
}

#[test]
fn a_published_expansion_decides_what_a_compose_cannot() {
    let everything = ConceptSet { system: Some("urn:x".into()), ..ConceptSet::default() };
    let part = ValueSet { expansion: codes("urn:x", &["1"]), ..set("part", [everything, from_animals()]) };
    let whole = ValueSet { url: "whole".to_owned(), is_whole_expansion: true, ..part.clone() };
    let outer = set("outer", [importing(&["whole"])]);
    let fixture = Fixture::new([animals()], [part, whole, outer]);
    for (url, other) in [
        ("part", Membership::Undecided(Reason::NoSystem("urn:x".into()))),
        ("whole", Membership::Out),
        ("outer", Membership::Out),
    ] {
        assert_eq!(fixture.contains(url, "urn:x", "1"), Membership::In);
        assert_eq!(fixture.contains(url, "urn:x", "2"), other, "{url}");
        assert_eq!(fixture.contains_anywhere(url, "2"), other, "{url}");
        assert_eq!(fixture.contains(url, ANIMALS, "dog"), Membership::In, "what it can decide holds");
    }
    assert!(fixture.enumerate("outer").contains(&"1".to_owned()));
    assert_eq!(fixture.gap("part"), Some(Reason::NoSystem("urn:x".into())));
}

#[test]
fn a_coding_and_an_include_select_the_version_that_they_name() {
    let old = CodeSystem { version: Some("0".into()), ..animals() };
    let new = CodeSystem { concepts: animals().concepts.into_iter().take(2).collect(), ..animals() };
    let pinned = ConceptSet { version: Some("0".into()), ..from_animals() };
    let fixture = Fixture::new([new, old], [set("any", [from_animals()]), set("old", [pinned])]);
    let contains = |url: &str, version, code: &str| {
        let set = fixture.terminology.expansion(url).expect("a value set of the fixture");
        set.contains_version(&fixture.terminology, Some(ANIMALS), version, code)
    };
    for (version, expected) in
        [(None, Membership::Out), (Some("1"), Membership::Out), (Some("0"), Membership::In)]
    {
        assert_eq!(contains("any", version, "dog"), expected, "{version:?}");
        assert_eq!(contains("old", version, "dog"), Membership::In, "{version:?}");
        assert_eq!(contains("any", version, "bird"), Membership::In, "{version:?}");
    }
    let lookup = |version, code| fixture.terminology.lookup_version(ANIMALS, version, code);
    assert!(matches!(lookup(None, "dog"), CodeLookup::Found(_)), "some version has it");
    assert!(matches!(lookup(Some("0"), "dog"), CodeLookup::Found(_)));
    assert!(matches!(lookup(Some("1"), "dog"), CodeLookup::Unknown));
    assert!(matches!(lookup(Some("2"), "dog"), CodeLookup::Undecided(Reason::PartialSystem(_))));
    assert!(matches!(lookup(Some("2"), "bird"), CodeLookup::Found(_)));
    assert!(matches!(lookup(None, "unicorn"), CodeLookup::Unknown));
}

#[test]
fn only_the_code_system_that_is_asked_about_is_read() {
    let other = ConceptSet { system: Some("urn:other".into()), ..ConceptSet::default() };
    let fixture = Fixture::new([animals()], [set("s", [other, from_animals()])]);
    assert_eq!(fixture.systems_read(), 0);
    assert_eq!(fixture.contains("s", ANIMALS, "dog"), Membership::In);
    assert_eq!(fixture.contains("s", ANIMALS, "cat"), Membership::In);
    assert_eq!(fixture.systems_read(), 1);
}

#[test]
fn systems_with_a_grammar_are_decided_by_it() {
    let all_of = |system: &str| ConceptSet { system: Some(system.to_owned()), ..ConceptSet::default() };
    let fixture = Fixture::new(
        [],
        [set("types", [all_of("urn:ietf:bcp:13")]), set("tags", [all_of("urn:ietf:bcp:47")])],
    );
    assert_eq!(fixture.contains_anywhere("types", "application/pdf"), Membership::In);
    assert_eq!(fixture.contains_anywhere("types", "pdf"), Membership::Out);
    assert_eq!(fixture.contains("tags", "urn:ietf:bcp:47", "en-GB"), Membership::In);
    assert_eq!(fixture.contains("tags", "urn:ietf:bcp:47", "in English"), Membership::Out);
}
