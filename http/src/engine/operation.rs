//! FHIR's operation `$validate`.
//!
//! Source: <https://hl7.org/fhir/R4/resource-operation-validate.html>.

use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::definition::StructureKind;
use ers_fhir_report::render::{Checked, Format};
use ers_fhir_tree::{Document, Syntax};
use ers_fhir_validator::Deadline;

use super::answer::{Answer, FHIR_XML, Refusal};
use super::ask::Ask;
use super::inner::{MODES, Parameters};
use super::plan::Engine;
use super::written::Run;

/// How an OperationOutcome is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// As JSON.
    Json,
    /// As XML.
    Xml,
}

/// The name of a resource without a name.
const RESOURCE: &str = "resource";

impl Engine {
    /// Checks the resource in a body as one of a release and, if given, of a type.
    ///
    /// # Errors
    ///
    /// If the request cannot be carried out.
    pub fn operation(
        &self,
        version: FhirVersion,
        type_name: Option<&str>,
        body: Vec<u8>,
        ask: &Ask,
        deadline: Option<Deadline>,
    ) -> Result<Answer, Refusal> {
        if let Some(name) = type_name.filter(|name| !self.is_resource(version, name)) {
            return Err(Refusal::unknown(format!("{version} has no resource '{name}'")));
        }
        let parameters = Parameters::of(&body);
        let mut ask = ask.clone();
        // Readers of an OperationOutcome know only issues.
        ask.show_related = true;
        if let Some(parameters) = &parameters {
            if let Some(number) = parameters.unknown {
                let why = format!(
                    "parameter {number} is not one of the operation, which has resource, profile and mode"
                );
                return Err(Refusal::of_request(why));
            }
            ask.profiles.extend(parameters.profiles.iter().cloned());
            ask.mode = ask.mode.or(parameters.mode.clone());
        }
        if let Some(mode) = ask.mode.as_deref() {
            if !MODES.contains(&mode) {
                return Err(Refusal::of_request(format!("mode is one of {}", MODES.join(", "))));
            }
            if mode == "profile" && ask.profiles.is_empty() {
                return Err(Refusal::of_request("mode is profile: name the profile"));
            }
        }
        let plan = self.plan(&ask, Some(version), deadline)?;
        let mut run = Run::new(Format::OperationOutcome, &plan);
        let is_deleted = ask.mode.as_deref() == Some("delete");
        let name = ask.name.as_deref().unwrap_or(RESOURCE);
        run.add(match parameters.map(|parameters| parameters.resource) {
            // The contents of a resource do not show whether it may be deleted.
            _ if is_deleted => Checked { version: Some(version), ..Checked::blank(name.to_owned()) },
            Some(None) => return Err(Refusal::of_request("the Parameters hold no resource")),
            Some(Some(inner)) => {
                let (bytes, moved) = inner.parts();
                of_type(&bytes, type_name)?;
                let mut checked = self.check(name, bytes, &plan);
                moved.replace(&mut checked, &body);
                checked
            }
            None => {
                of_type(&body, type_name)?;
                self.check(name, body, &plan)
            }
        });
        Ok(run.answer())
    }

    /// An OperationOutcome in the syntax that a client wants.
    pub fn written(&self, answer: Answer, version: FhirVersion, written: Written) -> Answer {
        if written == Written::Json {
            return answer;
        }
        let document = Document::parse(&answer.body).ok();
        let xml =
            document.and_then(|document| self.validators.of(version).convert(&document, Syntax::Xml).ok());
        // What we write ourselves can be written as XML.
        match xml {
            Some(xml) => Answer { media_type: FHIR_XML, body: xml.into_bytes(), ..answer },
            None => answer,
        }
    }

    /// Whether a release has a resource of that name.
    fn is_resource(&self, version: FhirVersion, name: &str) -> bool {
        let definition = self.validators.of(version).definitions().type_definition(name).ok().flatten();
        definition.is_some_and(|definition| definition.kind == StructureKind::Resource)
    }
}

/// Refuses a resource whose type is not that of the address.
fn of_type(bytes: &[u8], wanted: Option<&str>) -> Result<(), Refusal> {
    let Some(wanted) = wanted else { return Ok(()) };
    // An unreadable resource, or one without a type, is a finding.
    let document = Document::parse(bytes).ok();
    let is_other =
        |document: &Document<'_>| document.root().resource_type().is_some_and(|given| given != wanted);
    if document.as_ref().is_some_and(is_other) {
        return Err(Refusal::of_request(format!("the resource is no {wanted}, as its address says")));
    }
    Ok(())
}
