//! What is said about an element that is in none of the slices of a closed slicing.

use ers_fhir_profiles::terminology::CodeLookup;
use ers_fhir_report::{Message, def, text, value};
use ers_fhir_tree::Node;
use ers_fhir_values::suggest::{is_near_miss, nearest, slip};

use super::test::{Answer, Test};
use super::{Slice, Slicing};
use crate::check::finding::{About, Finding, Source};
use crate::check::{edit, name};
use crate::rule::slicing as rules;
use crate::schema::constraint::host::Host;

/// The most slices or values that are listed.
const SHOWN: usize = 12;

/// A discriminator that alone keeps an element out of some slices: it fits these in all others.
struct Obstacle<'v, 'd> {
    /// The path of the discriminator.
    path: String,
    /// The value there; `None` if there is none.
    found: Option<(Node<'d>, &'d str)>,
    /// The slices, with the text that each of them demands there.
    slices: Vec<(&'v str, &'v Slice)>,
}

impl Slicing {
    /// Reports an element that is in none of the slices.
    #[cold]
    pub(super) fn unmatched<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        let obstacles = self.only_obstacles(host, node);
        let found = match obstacles.as_slice() {
            [only] if only.found.is_some() => only.finding(host, node, source),
            [_, _, ..] => {
                let mut message = Message::default();
                for (at, obstacle) in obstacles.iter().enumerate() {
                    message = message.then((at > 0).then_some("; or ")).then(obstacle.in_words(source));
                }
                Finding::new(&rules::SLICE_UNMATCHED, node, message).demanded_by(source).at_key(node)
            }
            _ => self.far_from_all(host, node, source),
        };
        host.report(found);
    }

    /// A finding that names the nearest slice, if there is one.
    fn far_from_all<'v, 'd>(
        &'v self,
        host: &impl Host<'v, 'd>,
        node: Node<'d>,
        source: Source<'v>,
    ) -> Finding<'v> {
        let mut names: Vec<&str> = self.slices.iter().take(SHOWN).map(|slice| &*slice.name).collect();
        if self.slices.len() > SHOWN {
            names.push("…");
        }
        let message = text!(
            "'{}' fits none of the slices {} (told apart by {})",
            def(&source.element),
            def(names.join(", ")),
            def(&self.discriminators)
        );
        let finding = Finding::new(&rules::SLICE_UNMATCHED, node, message).demanded_by(source).at_key(node);
        let (slice, reasons) = self.nearest(host, node);
        let words = Finding::in_words(&reasons);
        let finding = match slice {
            Some(slice) => finding.about(About::Slice(&slice.name)).suggest(text!(
                "the nearest is the slice '{}', but: {}",
                def(&slice.name),
                words
            )),
            None if !reasons.is_empty() => finding.suggest(words),
            None => finding,
        };
        finding.because(reasons)
    }

    /// The discriminators each of which alone keeps an element out of a slice that demands one text there.
    fn only_obstacles<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>) -> Vec<Obstacle<'v, 'd>> {
        let mut obstacles: Vec<Obstacle<'v, 'd>> = Vec::new();
        for slice in &self.slices {
            let Some(test) = slice.only_obstacle(host, node) else { continue };
            let Some(expected) = test.expected_text() else { continue };
            let path = test.path_in_words();
            if let Some(known) = obstacles.iter_mut().find(|known| known.path == path) {
                known.slices.push((expected, slice));
                continue;
            }
            // A part without a value of its own is explained by what is wrong in it.
            let found = match test.found(host, node).map(|part| (part, part.value())) {
                Some((part, Some(value))) => Some((part, value)),
                Some((_, None)) => continue,
                None => None,
            };
            obstacles.push(Obstacle { path, found, slices: vec![(expected, slice)] });
        }
        obstacles
    }
}

impl Slice {
    /// The test that alone keeps an element out of it.
    fn only_obstacle<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>) -> Option<&'v Test> {
        let tests = self.tests.as_deref()?;
        if let [only] = tests {
            return Some(only);
        }
        let mut failed = tests.iter().filter(|test| test.passes(host, node) != Answer::In);
        failed.next().filter(|_| failed.next().is_none())
    }
}

impl<'v> Obstacle<'v, '_> {
    /// What is there, and what could be.
    fn in_words(&self, source: Source<'v>) -> Message {
        let mut texts: Vec<&str> = self.slices.iter().take(SHOWN).map(|(text, _)| *text).collect();
        if self.slices.len() > SHOWN {
            texts.push("…");
        }
        let path = self.path_or_value();
        let wanted = texts.join(", ");
        if let Some((_, found)) = self.found {
            text!(
                "the '{}' of this {} is {}, and must be one of: {}",
                def(path),
                def(source.element),
                value(found),
                def(wanted)
            )
        } else {
            text!(
                "this {} has no '{}', which must be one of: {}",
                def(source.element),
                def(path),
                def(wanted)
            )
        }
    }

    fn path_or_value(&self) -> &str {
        if self.path.is_empty() { "value" } else { &self.path }
    }
}

impl<'v, 'd> Obstacle<'v, 'd> {
    /// A finding about the value there, which may be a slip.
    fn finding(&self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) -> Finding<'v> {
        let finding = Finding::new(&rules::SLICE_UNMATCHED, node, self.in_words(source)).demanded_by(source);
        let Some((part, found)) = self.found else { return finding };
        let mut finding = finding.underline(part);
        let is_meant = |near: &&str| is_near_miss(found, near) && !is_known_code(host, part);
        let near = nearest(found.trim(), self.slices.iter().map(|(text, _)| *text)).filter(is_meant);
        let Some(near) = near else { return finding };
        finding.message = text!(
            "the '{}' of this {} is almost '{}', but {}",
            def(self.path_or_value()),
            def(source.element),
            def(near),
            def(slip(found, near))
        );
        finding = finding.suggest(text!("write '{}'", def(near)));
        if near.eq_ignore_ascii_case(found.trim()) {
            finding = finding.fix(edit::defined(part, near));
        }
        match self.slices.iter().find(|(text, _)| *text == near) {
            Some((_, meant)) => finding.about(About::Slice(&meant.name)),
            None => finding,
        }
    }
}

/// Whether a node is a code that its system has, and which is therefore hardly a slip.
fn is_known_code<'v, 'd>(host: &impl Host<'v, 'd>, node: Node<'d>) -> bool {
    let system = || node.parent()?.child_value(name::SYSTEM);
    let Some((system, code)) = system().zip(node.value()).filter(|_| node.is_called(name::CODE)) else {
        return false;
    };
    matches!(host.terminology().lookup(system, code), CodeLookup::Found(_) | CodeLookup::WellFormed)
}
