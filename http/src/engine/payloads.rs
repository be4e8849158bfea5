//! Payloads, one or many, whose findings are written in any format.

use ers_fhir_lint::inputs::{self, Item};
use ers_fhir_lint::refused;
use ers_fhir_report::render::{Before, Format};
use ers_fhir_validator::Deadline;

use super::answer::{Answer, Refusal};
use super::ask::Ask;
use super::plan::Engine;
use super::written::Run;

/// The name of a payload without a name.
pub(super) const NAMELESS: &str = "payload";

impl Engine {
    /// Checks one payload, or one in each line.
    ///
    /// # Errors
    ///
    /// If the request cannot be carried out.
    pub fn payloads(
        &self,
        body: Vec<u8>,
        ask: &Ask,
        deadline: Option<Deadline>,
        has_lines: bool,
    ) -> Result<Answer, Refusal> {
        let format = ask.format.unwrap_or(Format::Json);
        // Readers of an OperationOutcome know only issues.
        let ask =
            &Ask { show_related: ask.show_related || format == Format::OperationOutcome, ..ask.clone() };
        let plan = self.plan(ask, None, deadline)?;
        let name = ask.name.as_deref().unwrap_or(NAMELESS);
        let mut run = Run::new(format, &plan);
        if !has_lines {
            run.add(self.check(name, body, &plan));
            return Ok(run.answer());
        }
        let read = inputs::lines(&*body, name, &mut |item| {
            match item {
                Item::Lines(block) => {
                    for part in block.parts() {
                        let before = part.before.map(|(lines, bytes)| Before { lines, bytes });
                        let checked = match part.bytes {
                            Ok(bytes) => self.unweighed(&part.name, bytes, &plan),
                            Err(too_large) => refused(part.name, Vec::new(), &too_large),
                        };
                        run.add(self.weighed(checked, name, &plan).part_of(part.within, before));
                    }
                }
                Item::Failed(error) => run.fail(&error.to_string()),
                Item::Part(_) | Item::Whole(_) | Item::Skipped(..) => {}
            }
            true
        });
        if let Err(error) = read {
            run.fail(&error.to_string());
        }
        Ok(run.answer())
    }
}
