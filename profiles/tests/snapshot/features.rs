//! One feature of generation at a time, on a world of a few types.

use ers_fhir_profiles::FhirVersion::{self, R4, Stu3};
use ers_fhir_profiles::definition::{ElementBase, Max};
use ers_fhir_profiles::snapshot::SnapshotError;

use crate::world::World;

/// The elements under `prefix` of a profile on `Thing` with that differential.
fn thing(version: FhirVersion, differential: &str, prefix: &str) -> String {
    World::new(version).profile("urn:p", "Thing", differential).show("urn:p", prefix)
}

#[test]
fn a_type_has_the_elements_of_its_base_first() {
    let expected = "Thing 0..* inv=thg-1\n\
        Thing.id 0..1 System.String\n\
        Thing.extension 0..* Extension inv=ele-1 inv=ext-1\n\
        Thing.code 0..* string inv=ele-1\n\
        Thing.size 0..1 Amount binding=example:sizes inv=ele-1\n\
        Thing.value[x] 0..1 string|Amount inv=ele-1\n\
        Thing.part 0..* BackboneElement inv=ele-1\n\
        Thing.part.id 0..1 System.String\n\
        Thing.part.extension 0..* Extension inv=ele-1 inv=ext-1\n\
        Thing.part.name 1..1 string inv=ele-1\n\
        Thing.part.part 0..* ref=#Thing.part inv=ele-1";
    assert_eq!(World::new(R4).show("Thing", ""), expected);
}

#[test]
fn stu3_repeats_the_invariant_of_elements_only_where_they_are_defined_in_place() {
    let world = World::new(Stu3);
    assert_eq!(world.show("Thing", "Thing.code"), "Thing.code 0..* string");
    assert_eq!(
        world.show("Thing", "Thing.part").lines().next(),
        Some("Thing.part 0..* BackboneElement inv=ele-1")
    );
}

#[test]
fn facts_of_the_differential_replace_and_invariants_add_up() {
    for (stated, expected) in [
        ("Thing.size 1..1", "Thing.size 1..1 Amount binding=example:sizes inv=ele-1"),
        ("Thing.size 0..0", "Thing.size 0..0 Amount binding=example:sizes inv=ele-1"),
        ("Thing.size binding=required:", "Thing.size 0..1 Amount binding=required:sizes inv=ele-1"),
        ("Thing.size binding=required:mine", "Thing.size 0..1 Amount binding=required:mine inv=ele-1"),
        (
            "Thing.size inv=mine-1 inv=ele-1",
            "Thing.size 0..1 Amount binding=example:sizes inv=ele-1 inv=mine-1",
        ),
        (
            "Thing.part.name binding=required:names",
            "Thing.part.name 1..1 string binding=required:names inv=ele-1",
        ),
        ("Thing.code fixed=a", "Thing.code 0..* string fixed=a inv=ele-1"),
        ("Thing.value[x] string", "Thing.value[x] 0..1 string inv=ele-1"),
        ("Thing.id uri", "Thing.id 0..1 System.String"),
    ] {
        let id = stated.split(' ').next().unwrap_or_default();
        assert_eq!(thing(R4, stated, id), expected, "{stated}");
    }
}

#[test]
fn an_invariant_names_the_definition_that_introduced_it() {
    let world = World::new(R4).profile("urn:p", "Thing", "Thing.size inv=mine-1");
    let snapshot = world.snapshot("urn:p").expect("it can be made");
    let size = snapshot.find("Thing.size").expect("it is there");
    let sources = snapshot.element(size).constraints.iter().map(|constraint| constraint.source.as_deref());
    let element = Some("http://hl7.org/fhir/StructureDefinition/Element");
    assert_eq!(sources.collect::<Vec<_>>(), [element, Some("urn:p")]);
}

#[test]
fn base_tells_where_an_element_was_introduced() {
    let world = World::new(R4).profile("urn:p", "Thing", "Thing.part 1..3\nThing.size.unit 1..1");
    let snapshot = world.snapshot("urn:p").expect("it can be made");
    for (id, path, min, max) in [
        ("Thing", "Thing", 0, Max::Unbounded),
        ("Thing.id", "Resource.id", 0, Max::Count(1)),
        ("Thing.part", "Thing.part", 0, Max::Unbounded),
        ("Thing.part.extension", "Element.extension", 0, Max::Unbounded),
        ("Thing.size.unit", "Amount.unit", 0, Max::Count(1)),
    ] {
        let index = snapshot.find(id).expect("it is there");
        let expected = ElementBase { path: path.to_owned(), min, max };
        assert_eq!(snapshot.element(index).base, Some(expected), "{id}");
    }
}

#[test]
fn walking_into_a_type_unfolds_it() {
    let expected = "Thing.size 0..1 Amount binding=example:sizes inv=ele-1\n\
        Thing.size.id 0..1 System.String\n\
        Thing.size.extension 0..* Extension slicing=value:url inv=ele-1 inv=ext-1\n\
        Thing.size.value 0..1 string inv=ele-1\n\
        Thing.size.value.id 0..1 System.String\n\
        Thing.size.value.extension 0..* Extension slicing=value:url inv=ele-1 inv=ext-1\n\
        Thing.size.value.value 1..1 System.String\n\
        Thing.size.unit 0..1 string inv=ele-1";
    assert_eq!(thing(R4, "Thing.size.value.value 1..1", "Thing.size"), expected);
}

#[test]
fn walking_into_a_profiled_type_unfolds_the_profile() {
    let world = World::new(R4)
        .profile("urn:metres", "Amount", "Amount inv=met-1\nAmount.unit 1..1 fixed=m")
        .profile("urn:p", "Thing", "Thing.size Amount profile=urn:metres\nThing.size.value 1..1");
    let expected = "Thing.size 0..1 Amount profile=urn:metres binding=example:sizes inv=ele-1 inv=amt-1 inv=met-1\n\
        Thing.size.id 0..1 System.String\n\
        Thing.size.extension 0..* Extension slicing=value:url inv=ele-1 inv=ext-1\n\
        Thing.size.value 1..1 string inv=ele-1\n\
        Thing.size.unit 1..1 string fixed=m inv=ele-1";
    assert_eq!(world.show("urn:p", "Thing.size"), expected);
}

#[test]
fn walking_into_a_content_reference_unfolds_the_type_without_the_profile_s_constraints() {
    let expected = "Thing.part.part 0..* BackboneElement inv=ele-1\n\
        Thing.part.part.id 0..1 System.String\n\
        Thing.part.part.extension 0..* Extension inv=ele-1 inv=ext-1\n\
        Thing.part.part.name 1..1 string pattern=b inv=ele-1\n\
        Thing.part.part.part 0..* ref=#Thing.part inv=ele-1";
    let stated = "Thing.part.name fixed=a\nThing.part.part.name pattern=b";
    assert_eq!(thing(R4, stated, "Thing.part.part"), expected);
}

#[test]
fn a_shorthand_narrows_the_choice() {
    let below = |prefix: &str| {
        format!(
            "{prefix}.id 0..1 System.String\n\
             {prefix}.extension 0..* Extension slicing=value:url inv=ele-1 inv=ext-1\n\
             {prefix}.value 0..1 string inv=ele-1\n\
             {prefix}.unit 1..1 string inv=ele-1"
        )
    };
    let below_stu3 = below("Thing.value[x]").replace(" inv=ele-1", "").replace(" inv=ext-1", "");
    let stated = "Thing.valueAmount 1..1\nThing.valueAmount.unit 1..1";
    assert_eq!(
        thing(Stu3, stated, "Thing.value"),
        format!("Thing.value[x] 1..1 Amount\n{below_stu3}"),
        "STU3 narrows in place"
    );
    assert_eq!(
        thing(R4, stated, "Thing.value"),
        format!(
            "Thing.value[x] 0..1 Amount slicing=type:$this inv=ele-1\n\
             Thing.value[x]:valueAmount 1..1 Amount inv=ele-1\n{}",
            below("Thing.value[x]:valueAmount")
        ),
        "R4 slices"
    );
}

#[test]
fn a_shorthand_for_the_only_type_is_the_element() {
    let expected = "Thing.value[x] 1..1 string fixed=a inv=ele-1";
    assert_eq!(thing(R4, "Thing.value[x] string\nThing.valueString 1..1 fixed=a", "Thing.value"), expected);
}

#[test]
fn a_binding_does_not_get_weaker() {
    let world = World::new(R4).profile("urn:base", "Thing", "Thing.code binding=required:codes").profile(
        "urn:p",
        "urn:base",
        "Thing.code binding=example:fewer",
    );
    assert_eq!(world.show("urn:p", "Thing.code"), "Thing.code 0..* string binding=required:fewer inv=ele-1");
}

#[test]
fn two_shorthands_are_slices_in_both_releases() {
    let expected = "Thing.value[x] 0..1 string|Amount slicing=type:$this\n\
        Thing.value[x]:valueString 0..1 string fixed=a\n\
        Thing.value[x]:valueAmount 0..1 Amount";
    assert_eq!(thing(Stu3, "Thing.valueString fixed=a\nThing.valueAmount", "Thing.value"), expected);
}

#[test]
fn slices_follow_what_they_slice_with_what_holds_there() {
    let stated = "Thing.part 1..* slicing=value:name\n\
        Thing.part.name binding=required:names\n\
        Thing.part:a 1..1\n\
        Thing.part:a.name fixed=a\n\
        Thing.part:b\n\
        Thing.part:a/x 0..1";
    let below = |id: &str, name: &str| {
        format!(
            "{id}.id 0..1 System.String\n{id}.extension 0..* Extension inv=ele-1 inv=ext-1\n\
             {id}.name 1..1 string {name}binding=required:names inv=ele-1\n{id}.part 0..* ref=#Thing.part inv=ele-1"
        )
    };
    let expected = [
        "Thing.part 1..* BackboneElement slicing=value:name inv=ele-1".to_owned(),
        below("Thing.part", ""),
        "Thing.part:a 1..1 BackboneElement inv=ele-1".to_owned(),
        below("Thing.part:a", "fixed=a "),
        "Thing.part:a/x 0..1 BackboneElement inv=ele-1".to_owned(),
        below("Thing.part:a/x", "fixed=a "),
        "Thing.part:b 0..* BackboneElement inv=ele-1".to_owned(),
        below("Thing.part:b", ""),
    ];
    assert_eq!(thing(R4, stated, "Thing.part"), expected.join("\n"));
}

#[test]
fn a_derived_profile_constrains_slices_of_its_base_and_all_of_them_at_once() {
    let world = World::new(R4)
        .profile(
            "urn:base",
            "Thing",
            "Thing.code slicing=value:$this\nThing.code:a 1..1 fixed=a\nThing.code:b",
        )
        .profile("urn:p", "urn:base", "Thing.code 0..5 inv=all-1\nThing.code:b 0..0");
    let expected = "Thing.code 0..5 string slicing=value:$this inv=ele-1 inv=all-1\n\
        Thing.code:a 1..1 string fixed=a inv=ele-1 inv=all-1\n\
        Thing.code:b 0..0 string inv=ele-1 inv=all-1";
    assert_eq!(world.show("urn:p", "Thing.code"), expected);
}

#[test]
fn a_constraint_below_a_sliced_element_holds_below_its_slices() {
    let world = World::new(R4)
        .profile("urn:base", "Thing", "Thing.part slicing=value:name\nThing.part:a")
        .profile("urn:p", "urn:base", "Thing.part.part 1..2");
    assert_eq!(world.show("urn:p", "Thing.part:a.part"), "Thing.part:a.part 1..2 ref=#Thing.part inv=ele-1");
}

#[test]
fn extensions_are_sliced_by_url_and_bring_their_cardinality() {
    let world = World::new(R4)
        .profile(
            "urn:e",
            "Extension",
            "Extension 0..1 inv=mine-1\nExtension.url fixed=urn:e\nExtension.valueString",
        )
        .profile(
            "urn:p",
            "Thing",
            "Thing.extension:mine Extension profile=urn:e\nThing.extension:mine.value[x] 1..1",
        );
    let expected = "Thing.extension 0..* Extension slicing=value:url inv=ele-1 inv=ext-1\n\
        Thing.extension:mine 0..1 Extension profile=urn:e inv=ele-1 inv=ext-1 inv=mine-1\n\
        Thing.extension:mine.id 0..1 System.String\n\
        Thing.extension:mine.extension 0..* Extension slicing=value:url inv=ele-1 inv=ext-1\n\
        Thing.extension:mine.url 1..1 System.String fixed=urn:e\n\
        Thing.extension:mine.value[x] 1..1 string slicing=type:$this inv=ele-1\n\
        Thing.extension:mine.value[x]:valueString 0..1 string inv=ele-1";
    assert_eq!(world.show("urn:p", "Thing.extension"), expected);
}

#[test]
fn a_slice_of_a_choice_has_what_its_type_adds() {
    let stated = "Thing.value[x] slicing=type:$this\n\
        Thing.value[x].extension 0..0\n\
        Thing.value[x]:valueAmount\n\
        Thing.value[x]:valueAmount.unit 1..1";
    let expected = "Thing.value[x]:valueAmount 0..1 Amount inv=ele-1\n\
        Thing.value[x]:valueAmount.id 0..1 System.String\n\
        Thing.value[x]:valueAmount.extension 0..0 Extension slicing=value:url inv=ele-1 inv=ext-1\n\
        Thing.value[x]:valueAmount.value 0..1 string inv=ele-1\n\
        Thing.value[x]:valueAmount.unit 1..1 string inv=ele-1";
    assert_eq!(thing(R4, stated, "Thing.value[x]:"), expected);
}

#[test]
fn a_name_without_slicing_is_a_label() {
    assert_eq!(
        thing(R4, "Thing.size:mine 1..1", "Thing.size"),
        "Thing.size:mine 1..1 Amount binding=example:sizes inv=ele-1"
    );
}

#[test]
fn the_shape_can_be_walked() {
    let world = World::new(R4).profile(
        "urn:p",
        "Thing",
        "Thing.part slicing=value:name\nThing.part:a\nThing.part:b\nThing.part:a/x",
    );
    let snapshot = world.snapshot("urn:p").expect("it can be made");
    let ids = |indices: &mut dyn Iterator<Item = usize>| -> Vec<&str> {
        indices.map(|index| snapshot.element(index).id.as_str()).collect()
    };
    let part = snapshot.child(0, "part").expect("it is there");
    let a = snapshot.find("Thing.part:a").expect("it is there");
    let children =
        ["id", "extension", "code", "size", "value[x]", "part"].map(|name| format!("Thing.{name}"));
    assert_eq!(ids(&mut snapshot.children(0)), children);
    assert_eq!(ids(&mut snapshot.slices(part)), ["Thing.part:a", "Thing.part:b"]);
    assert_eq!(ids(&mut snapshot.slices(a)), ["Thing.part:a/x"]);
    assert_eq!(snapshot.child(a, "name").and_then(|name| snapshot.parent(name)), Some(a));
    assert_eq!((snapshot.parent(a), snapshot.sliced(a), snapshot.parent(0)), (Some(0), Some(part), None));
}

#[test]
fn what_cannot_be_made_says_why() {
    let world = World::new(R4)
        .profile("urn:unknown-element", "Thing", "Thing.colour 1..1")
        .profile("urn:below-text", "Thing", "Thing.id.value 1..1")
        .profile("urn:unknown-base", "urn:nowhere", "Thing")
        .profile("urn:a", "urn:b", "Thing")
        .profile("urn:b", "urn:a", "Thing")
        .profile("urn:unknown-type", "Thing", "Thing.value[x] Colour\nThing.value[x].hue 1..1");
    for (url, expected) in [
        ("urn:unknown-element", "Thing has no element 'colour'"),
        ("urn:below-text", "Thing.id has no element 'value'"),
        ("urn:unknown-base", "urn:unknown-base starts from urn:nowhere"),
        ("urn:a", "urn:a -> urn:b -> urn:a"),
        (
            "urn:unknown-type",
            "whose type http://hl7.org/fhir/StructureDefinition/Colour is not in any loaded package",
        ),
        ("urn:nothing", "urn:nothing is not in any loaded package"),
    ] {
        // An element without a place is left out; a snapshot without a base cannot be made.
        let error = match world.snapshot(url) {
            Ok(snapshot) => snapshot.faults().first().expect(url).to_string(),
            Err(error) => error.to_string(),
        };
        assert!(error.contains(expected), "{url}: {error}");
    }
}

#[test]
fn a_profile_may_use_itself() {
    let world = World::new(R4).profile(
        "urn:self",
        "Extension",
        "Extension.extension:inner Extension profile=urn:self\nExtension.extension:inner.url fixed=a",
    );
    assert_eq!(
        world.show("urn:self", "Extension.extension:inner.url"),
        "Extension.extension:inner.url 1..1 System.String fixed=a"
    );
}

#[test]
fn growth_is_bounded() {
    let steps = vec!["part"; 70].join(".");
    let deep = World::new(R4).profile("urn:deep", "Thing", &format!("Thing.{steps} 1..1"));
    assert!(matches!(deep.snapshot("urn:deep"), Err(SnapshotError::TooLarge { .. })));
    let chain = (0..80).fold(World::new(R4), |world, n| {
        world.profile(&format!("urn:{n}"), &format!("urn:{}", n + 1), "Thing")
    });
    assert!(matches!(chain.snapshot("urn:0"), Err(SnapshotError::TooLarge { .. })));
}
