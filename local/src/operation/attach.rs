//! Files that become part of a request.

use super::asked::Asked;
use crate::read::ToAttach;
use crate::refusal::{Outcome, Refusal};
use crate::state::{File, Link};

impl Asked<'_> {
    /// The files may be attached to that request, beside those that stay; `referral` is what they have to have been uploaded
    /// for.
    pub(super) fn may_attach(
        &self,
        ubrn: Option<&str>,
        referral: Option<&str>,
        files: &[ToAttach],
        stay: &[String],
    ) -> Outcome<()> {
        let mut names: Vec<String> = stay
            .iter()
            .filter_map(|id| self.state.files.get(id))
            .map(|file| file.name.to_lowercase())
            .collect();
        for wanted in files {
            let file = self.uploaded(&wanted.file)?;
            if file.referral.as_deref() != referral {
                let diagnostics = match referral {
                    Some(ubrn) => format!("{} was not uploaded for {ubrn}", file.name),
                    None => format!("{} was uploaded for an existing request", file.name),
                };
                return Err(Refusal::of("INAPPROPRIATE_VALUE", diagnostics));
            }
            let is_other = |link: &Link| Some(link.ubrn.as_str()) != ubrn || link.kind != wanted.kind;
            if file.link.as_ref().is_some_and(is_other) {
                return Err(Refusal::of("INVALID_STATE", format!("{} is already attached", file.name)));
            }
            let name = file.name.to_lowercase();
            if names.contains(&name) {
                let diagnostics = format!("another file is named {}", file.name);
                return Err(Refusal::of("DUPLICATE_FILENAME", diagnostics));
            }
            names.push(name);
        }
        Ok(())
    }

    fn uploaded(&self, id: &str) -> Outcome<&File> {
        let gone = self.now.plus_seconds(-86_400 * self.settings.unlinked_days);
        let file = self.state.files.get(id).filter(|file| file.link.is_some() || file.uploaded > gone);
        file.ok_or_else(|| Refusal::of("REFERENCE_NOT_FOUND", format!("there is no file Binary/{id}")))
    }

    /// Attaches files, and says which.
    pub(super) fn attach(&mut self, ubrn: &str, files: Vec<ToAttach>) -> Vec<String> {
        let now = self.now;
        for ToAttach { file, kind, description } in &files {
            self.state.files.change(file, |row| {
                let indexed = row.link.as_ref().map_or(now, |link| link.indexed);
                row.link = Some(Link {
                    ubrn: ubrn.to_owned(),
                    kind: *kind,
                    description: description.clone(),
                    indexed,
                });
            });
        }
        files.into_iter().map(|file| file.file).collect()
    }

    /// Takes files off whatever they are attached to.
    pub(super) fn detach(&mut self, files: &[String]) {
        for file in files {
            self.state.files.change(file, |row| row.link = None);
        }
    }
}
