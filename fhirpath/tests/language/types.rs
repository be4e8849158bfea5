//! Types of values and of nodes.

use ers_fhir_fhirpath::Host;

use crate::tree::{Handle, Tree};
use crate::{table, table_on};

struct Types;

impl Host<Handle<'_>> for Types {
    fn is_subtype(&self, type_name: &str, of: &str) -> bool {
        matches!(
            (type_name, of),
            ("code", "string") | ("Age", "Quantity") | ("Patient", "DomainResource" | "Resource")
        )
    }

    fn knows_type(&self, name: &str) -> bool {
        name != "nonsense"
    }
}

#[test]
fn system_types() {
    table(&[
        ("1.is(Integer)", "true"),
        ("1 is System.Integer", "true"),
        ("1 is FHIR.Integer", "false"),
        ("1.is(Decimal)", "false"),
        ("@2015.is(Date)", "true"),
        ("@2015-02T.is(DateTime)", "true"),
        ("@T10.is(Time)", "true"),
        ("(1 'mg') is Quantity", "true"),
        ("{} is Integer", "{}"),
        ("(1|'a').ofType(String)", "'a'"),
        ("1.type()", "System.Integer"),
        ("'a'.type().name", "'String'"),
    ]);
}

#[test]
fn fhir_types() {
    let tree = Tree::json(
        "patient: Patient",
        r#"{
            "id: http://hl7.org/fhirpath/System.String": "p1",
            "gender: code": "male",
            "active: boolean": true,
            "name: HumanName": [{"family: string": "A"}, {"family: string": "B"}],
            "age: Age": {"value: decimal": 4, "code: code": "a"},
            "unknown": "text"
        }"#,
    );
    table_on(
        &tree,
        &Types,
        &[
            ("Patient.gender is code", "true"),
            ("gender.is(string)", "true"),
            ("gender.is(id)", "false"),
            ("gender.as(code)", "<male>"),
            ("gender.ofType(string)", "{}"),
            ("gender.ofType(nonsense)", "error: there is no type `nonsense`"),
            ("$this is DomainResource", "true"),
            ("Resource.id", "<p1>"),
            ("DomainResource.gender", "<male>"),
            ("Observation.gender", "{}"),
            ("active.is(Boolean)", "false"),
            ("active is Boolean", "true"),
            ("active is System.Boolean", "false"),
            ("active.is(FHIR.boolean)", "true"),
            ("id is String", "true"),
            ("id.is(FHIR.string)", "false"),
            ("age is Quantity", "true"),
            ("age.ofType(Quantity).value", "<4>"),
            ("age > 3 'a'", "true"),
            ("name.as(HumanName).family", "<A>, <B>"),
            ("type()", "FHIR.Patient"),
            ("id.type()", "System.String"),
            ("unknown is string", "false"),
            ("unknown.type()", "FHIR.Element"),
        ],
    );
}
