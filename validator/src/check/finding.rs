//! A finding before its location is written out.

use std::ops::Range;

use ers_fhir_report::{CallPart, Edit, Gap, Gaps, Message, Rule, Severity, text};
use ers_fhir_tree::{Node, NodeId};

use super::budget::MOST_FINDINGS;

/// The source of a demand: a definition, and an element in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'v> {
    /// Canonical URL of the definition.
    pub(crate) definition: &'v str,
    /// Id of the element.
    pub(crate) element: &'v str,
}

/// What a rule family or a service reports; it becomes a [`Diagnostic`](crate::Diagnostic) when the run ends.
///
/// Its lifetime is that of the definitions that it names; those of a service are `Finding<'static>`.
#[derive(Debug)]
pub struct Finding<'v> {
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    pub(crate) node: NodeId,
    pub(crate) part: Option<CallPart>,
    pub(crate) span: Range<usize>,
    pub(crate) message: Message,
    pub(crate) demanded_by: Option<Source<'v>>,
    pub(crate) key: Option<&'v str>,
    pub(crate) suggestion: Option<Message>,
    pub(crate) about: About<'v>,
    pub(crate) reasons: Vec<Finding<'v>>,
    pub(crate) edits: Vec<Edit>,
    pub(crate) sought: Option<Sought>,
}

/// An unknown canonical. The one that may have been meant is looked for when the finding is written out, as
/// most are not: a service excuses them, or they come from trials.
#[derive(Debug)]
pub(crate) struct Sought {
    /// As it is written, without a version.
    pub(crate) canonical: String,
    /// Where it is written, if on its own, so that it can be fixed there.
    pub(crate) written: Option<NodeId>,
    /// The text before and after the suggested canonical.
    pub(crate) says: [&'static str; 2],
}

/// What a finding is about besides its node: this relates it to other findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum About<'v> {
    /// Nothing else.
    #[default]
    Nothing,
    /// A child with that name that is missing, or was meant.
    Child(&'v str),
    /// A missing child with that name, inside which it belongs.
    Within(&'v str),
    /// Something that must not be there at all.
    Forbidden,
    /// A contained resource, which was most likely meant.
    Contained,
    /// A slice with that name that is missing, or was meant.
    Slice(&'v str),
    /// A resource of the other release, by the profile that it declares.
    Release,
    /// The FHIRPath of an invariant on it.
    Expression(&'v str),
}

impl<'v> Finding<'v> {
    /// A finding with the rule's own severity that underlines the node's value.
    #[must_use]
    pub fn new(rule: &'static Rule, node: Node<'_>, message: Message) -> Self {
        Self {
            rule,
            severity: rule.severity,
            node: node.id(),
            part: None,
            span: node.span(),
            message,
            demanded_by: None,
            key: None,
            suggestion: None,
            about: About::Nothing,
            reasons: Vec::new(),
            edits: Vec::new(),
            sought: None,
        }
    }

    /// Underlines the key or tag name instead of the value; for an item of an array, the start of the item.
    #[must_use]
    pub fn at_key(mut self, node: Node<'_>) -> Self {
        let key = node.key_span();
        if node.in_array() {
            self.span =
                if node.value().is_some() { node.span() } else { node.span().start..node.span().start + 1 };
        } else if !key.is_empty() {
            self.span = key;
        }
        self
    }

    /// Places the finding on a part of the call instead of the payload.
    #[must_use]
    pub fn of_call(mut self, part: CallPart) -> Self {
        self.part = Some(part);
        self.span = 0..0;
        self
    }

    /// Underlines these bytes of the source.
    #[must_use]
    pub fn span(mut self, span: Range<usize>) -> Self {
        self.span = span;
        self
    }

    /// Underlines a part of the element instead of the whole.
    pub(crate) fn underline(mut self, part: Node<'_>) -> Self {
        self.span = part.span();
        self
    }

    /// Names the definition that demands it.
    pub(crate) fn demanded_by(mut self, source: impl Into<Source<'v>>) -> Self {
        self.demanded_by = Some(source.into());
        self
    }

    /// Sets another severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Names the broken invariant.
    pub(crate) fn key(mut self, key: &'v str) -> Self {
        self.key = Some(key);
        self
    }

    /// Sets what it is about besides the node.
    pub(crate) fn about(mut self, about: About<'v>) -> Self {
        self.about = about;
        self
    }

    /// The messages of findings in one sentence.
    pub(crate) fn in_words(findings: &[Finding<'_>]) -> Message {
        let mut words = Message::default();
        for (at, finding) in findings.iter().enumerate() {
            words = words.then((at > 0).then_some("; ")).then(finding.message.clone());
        }
        words
    }

    /// Adds reasons: the findings of a trial.
    pub(crate) fn because(mut self, reasons: Vec<Finding<'v>>) -> Self {
        self.reasons = reasons;
        self
    }

    /// Suggests the canonical that may have been meant, in place of any other suggestion.
    pub(crate) fn seek(mut self, sought: Sought) -> Self {
        self.sought = Some(sought);
        self
    }

    /// Adds a fix that is certain; all edits belong together.
    #[must_use]
    pub fn fix(mut self, edits: impl IntoIterator<Item = Edit>) -> Self {
        self.edits.extend(edits);
        self
    }

    /// Suggests how to fix it.
    #[must_use]
    pub fn suggest(mut self, suggestion: Message) -> Self {
        self.suggestion = Some(suggestion);
        self
    }
}

/// The findings of one run. A hostile payload can be wrong in every byte, so only the first findings of each
/// severity are kept.
#[derive(Debug, Default)]
pub(crate) struct Findings<'v> {
    kept: Vec<Finding<'v>>,
    counts: [usize; 4],
    /// The number of findings beyond those.
    pub(super) dropped: [usize; 4],
    /// Gaps without a finding, and where they are.
    passed: Vec<(Gap, NodeId)>,
}

impl<'v> Findings<'v> {
    pub(super) fn push(&mut self, finding: Finding<'v>) {
        let count = &mut self.counts[finding.severity as usize];
        if *count < MOST_FINDINGS {
            *count += 1;
            self.kept.push(finding);
        } else {
            self.dropped[finding.severity as usize] += 1;
        }
    }

    /// Adds the content of a slice to the suggestion of the last finding, if that is about the slice with
    /// this name.
    pub(super) fn describe(&mut self, slice: &str, mark: &Message) {
        if let Some(last) = self.kept.last_mut().filter(|last| last.about == About::Slice(slice)) {
            last.suggestion = last.suggestion.take().map(|help| text!("{}: {}", help, mark.clone()));
        }
    }

    /// Adds reasons to the last finding, if that is about the slice with this name.
    pub(super) fn explain(&mut self, slice: &str, reasons: Vec<Finding<'v>>) {
        if let Some(last) = self.kept.last_mut().filter(|last| last.about == About::Slice(slice)) {
            let words = Finding::in_words(&reasons);
            let help = last.suggestion.take().map(|help| text!("{}; ", help));
            last.suggestion = Some(text!("{}the nearest candidate does not fit: {}", help, words));
            last.reasons = reasons;
        }
    }

    /// Adds to the suggestion of the last finding, if that is about a missing child with this name.
    pub(super) fn complete(&mut self, child: &str, content: Message) {
        if let Some(last) = self.kept.last_mut().filter(|last| last.about == About::Child(child)) {
            last.suggestion = last.suggestion.take().map(|help| help.then(content));
        }
    }

    /// Records that something at a node could not be checked, if no finding says so.
    pub(super) fn pass(&mut self, gap: Gap, node: NodeId) {
        self.passed.push((gap, node));
    }

    /// Gaps without a finding.
    pub(super) fn gaps(&self) -> Gaps {
        let mut places: Vec<(Gap, usize)> =
            self.passed.iter().map(|(gap, node)| (*gap, node.index())).collect();
        places.sort_unstable();
        // The walk and a profile may pass the same place.
        places.dedup();
        let mut gaps = Gaps::default();
        for (gap, _) in places {
            gaps.count(gap, 1);
        }
        gaps
    }

    pub(super) fn into_kept(self) -> Vec<Finding<'v>> {
        self.kept
    }

    /// Those that are kept, in the order in which they were found.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Finding<'v>> {
        self.kept.iter()
    }

    /// How many were found.
    pub(super) fn len(&self) -> usize {
        self.kept.len() + self.dropped.iter().sum::<usize>()
    }

    /// How many are errors.
    pub(super) fn errors(&self) -> usize {
        self.counts[Severity::Error as usize] + self.counts[Severity::Fatal as usize]
    }

    /// Whether one is an error.
    pub(super) fn fail(&self) -> bool {
        self.errors() > 0
    }
}
