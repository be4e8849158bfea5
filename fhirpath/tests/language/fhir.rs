//! The functions that FHIR adds, and what the host answers.

use std::cell::RefCell;

use ers_fhir_fhirpath::{Collection, Detached, Expression, Function, Host, Node, Resolved, Value};

use crate::tree::{Handle, Tree};
use crate::{evaluated, table_on};

const PATIENT: &str = r##"{
    "id: id": "p1",
    "name: HumanName": {
        "extension: Extension": [
            {"url: uri": "http://one", "value: string": "1"},
            {"url: uri": "http://two", "value: string": "2"}
        ]
    },
    "link: Reference": [{"reference: string": "#c1"}, {"reference: string": "#gone"}, {"display: string": "x"}],
    "text: Narrative": {"div: xhtml": "<div/>"},
    "contained: Organization": {"id: id": "c1"}
}"##;

/// Resolves `#c1`, knows one profile and one value set, remembers what was traced.
struct Knowing<'t> {
    tree: &'t Tree,
    traced: RefCell<Vec<String>>,
}

impl<'t> Host<Handle<'t>> for Knowing<'t> {
    fn resolve(&self, reference: &str, from: Option<&Handle<'t>>) -> Resolved<Handle<'t>> {
        assert!(from.is_some() || !reference.starts_with("#c"));
        let Some(id) = reference.strip_prefix('#') else {
            return Resolved::Elsewhere(reference.split_once('/').map(|(of, _)| of.to_owned()));
        };
        let contained =
            |node: &Handle<'t>| node.children().any(|child| child.name() == "id" && child.text() == Some(id));
        let mut children = self.tree.root().children();
        children
            .find(|node| node.name() == "contained" && contained(node))
            .map_or(Resolved::Nowhere, Resolved::Target)
    }

    fn conforms_to(&self, node: &Handle<'t>, profile: &str) -> Result<Option<bool>, String> {
        match profile {
            "http://patient" => Ok(Some(node.type_name() == Some("Patient"))),
            _ => Err(format!("the profile {profile} is not known")),
        }
    }

    fn member_of(&self, node: &Handle<'t>, value_set: &str) -> Result<Option<bool>, String> {
        Ok((value_set == "http://ids").then(|| node.text() == Some("p1")))
    }

    fn html_checks(&self, node: &Handle<'t>) -> Option<bool> {
        Some(node.type_name() == Some("xhtml"))
    }

    fn variable(&self, name: &str) -> Option<Collection<'_, Handle<'t>>> {
        (name == "answer").then(|| Collection::one(Value::Integer(42)))
    }

    fn allows_element(&self, _: &Handle<'t>, name: &str) -> bool {
        name != "misspelt"
    }

    fn trace(&self, name: &str, values: &Collection<'_, Handle<'t>>) {
        self.traced.borrow_mut().push(format!("{name}: {}", values.len()));
    }
}

#[test]
fn additions_of_fhir() {
    let tree = Tree::json("patient: Patient", PATIENT);
    let host = Knowing { tree: &tree, traced: RefCell::default() };
    table_on(
        &tree,
        &host,
        &[
            ("name.extension('http://two').value", "<2>"),
            ("name.extension('http://three').value", "{}"),
            ("link.resolve().id", "<c1>"),
            ("link.reference.resolve().id", "<c1>"),
            ("conformsTo('http://patient')", "true"),
            ("name.conformsTo('http://patient')", "false"),
            ("conformsTo('http://other')", "error: the profile http://other is not known"),
            ("id.memberOf('http://ids')", "true"),
            ("id.memberOf('http://unknown')", "error: memberOf('http://unknown') cannot be decided here"),
            ("text.div.htmlChecks()", "true"),
            ("text.div.htmlchecks()", "true"),
            ("%answer", "42"),
            ("%sct", "'http://snomed.info/sct'"),
            ("%`vs-name`", "'http://hl7.org/fhir/ValueSet/name'"),
            ("%\"ext-name\"", "'http://hl7.org/fhir/StructureDefinition/name'"),
            ("misspelt", "error: `Patient` has no element `misspelt`"),
            ("descendants().misspelt", "error: `Organization` has no element `misspelt`"),
            ("(id | name).extension.url", "<http://one>, <http://two>"),
            ("1 'cm'.comparable(1 '[in_i]')", "true"),
            ("1 'cm'.comparable(1 's')", "false"),
            ("elementDefinition()", "error: elementDefinition() cannot be decided here"),
            ("slice('http://patient', 'one')", "error: slice() cannot be decided here"),
            ("checkModifiers('http://one', 'http://two')", "error: checkModifiers() cannot be decided here"),
            ("photo.elementDefinition() | photo.slice('a', 'b') | photo.checkModifiers('a')", "{}"),
            ("true or slice('http://patient', 'one').exists()", "true"),
        ],
    );
    assert_eq!(evaluated("link.trace('links', reference).count()", &host, Some(tree.root())), "3");
    assert_eq!(host.traced.into_inner(), ["links: 2"]);
}

#[test]
fn what_the_host_cannot_decide_stops_only_what_hangs_on_it() {
    const DOUBT: &str = "error: memberOf('http://unknown') cannot be decided here";
    const ELSEWHERE: &str = "error: the target of a reference is not in this payload";
    let tree = Tree::json("patient: Patient", PATIENT);
    let host = Knowing { tree: &tree, traced: RefCell::default() };
    table_on(
        &tree,
        &host,
        &[
            ("id.memberOf('http://unknown').not()", DOUBT),
            ("id.memberOf('http://unknown') and id = 'p2'", "false"),
            ("id.memberOf('http://unknown') and id = 'p1'", DOUBT),
            ("id.memberOf('http://unknown') or id = 'p1'", "true"),
            ("id.memberOf('http://unknown') implies id = 'p1'", "true"),
            ("id = 'p2' implies id.memberOf('http://unknown')", "true"),
            ("id.memberOf('http://unknown') xor id = 'p1'", DOUBT),
            ("name.extension.url.all($this = 'http://one' and memberOf('http://unknown'))", "false"),
            ("name.extension.url.all(memberOf('http://unknown'))", DOUBT),
            ("name.extension.url.exists($this = 'http://two' or memberOf('http://unknown'))", "true"),
            ("name.extension.url.where($this = 'http://two' or memberOf('http://unknown')).exists()", "true"),
            ("name.extension.url.where($this = 'http://two' or memberOf('http://unknown')).empty()", "false"),
            ("name.extension.url.where($this = 'http://two' or memberOf('http://unknown')).first()", DOUBT),
            ("name.extension.url.where(memberOf('http://unknown')).count()", DOUBT),
            (
                "name.extension.url.select($this = 'http://two' and memberOf('http://unknown')).allTrue()",
                "false",
            ),
            ("'Practitioner/1'.resolve().exists()", ELSEWHERE),
            ("(link.reference | 'Practitioner/1').resolve().exists()", "true"),
            ("'Practitioner/1'.resolve() is Practitioner", "true"),
            ("'Practitioner/1'.resolve() is Patient", "false"),
            ("'x'.resolve() is Patient", ELSEWHERE),
            ("'#gone'.resolve() is Patient", "{}"),
        ],
    );
}

#[test]
fn conditions_tell_undecided_from_false() {
    let tree = Tree::json("patient: Patient", PATIENT);
    for (source, expected) in [
        ("id = 'p1'", Some(true)),
        ("id = 'p2'", Some(false)),
        ("nothing", None),
        ("nothing.startsWith('a')", None),
        ("name", Some(true)),
        ("link", Some(true)),
    ] {
        let expression = Expression::parse(source).expect(source);
        assert_eq!(expression.evaluate_bool(&Detached, tree.root()), Ok(expected), "{source}");
    }
}

#[test]
fn an_expression_tells_what_it_calls() {
    let expression = Expression::parse("a.where(b.exists(c.resolve() is Patient)).empty()").expect("valid");
    assert!(expression.calls(Function::Resolve));
    assert!(!expression.calls(Function::ConformsTo));
    assert_eq!(expression.to_string(), expression.source());
}
