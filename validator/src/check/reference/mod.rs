//! References: their form, where they lead, and whether what is there may be referred to.
//!
//! Nothing is fetched: a reference that leads out of the payload is judged by its text alone.
//!
//! Source: <http://hl7.org/fhir/R4/references.html>.

mod target;

use ers_fhir_report::{Message, Severity, def, text, value};
use ers_fhir_tree::Node;
use ers_fhir_values::reference::Literal;

use super::{Checker, Finding, edit, name};
use crate::check::finding::Source;
use crate::check::resolution::Found;
use crate::rule::bundle::BUNDLE_REFERENCE_AMBIGUOUS;
use crate::rule::reference as rules;
use crate::schema::TypeCheck;

/// Checks a Reference against the element of the base type that describes it.
pub(crate) fn check<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, allowed: &'v TypeCheck, source: Source<'v>) {
    let Some(pointer) = Pointer::of(ctx, node) else { return };
    pointer.check_form(source);
    pointer.check_one_target();
    pointer.check_named_type();
    pointer.check_stated_type();
    pointer.check_allowed(allowed, source);
}

/// Checks a Reference against the narrower targets of a profile; the base walk has been here.
pub(crate) fn check_targets<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    allowed: &'v TypeCheck,
    source: Source<'v>,
) {
    if let Some(pointer) = Pointer::of(ctx, node) {
        pointer.check_allowed(allowed, source);
    }
}

/// A Reference with a literal reference, and where that leads.
struct Pointer<'c, 'v, 'd> {
    ctx: &'c Checker<'v, 'd>,
    /// The Reference.
    node: Node<'c>,
    /// Its `reference` element.
    written: Node<'c>,
    text: &'c str,
    literal: Literal<'c>,
    /// The resource in this document that it leads to.
    target: Option<Node<'d>>,
    /// Whether other entries of the Bundle answer to it too.
    is_ambiguous: bool,
}

impl<'c, 'v, 'd> Pointer<'c, 'v, 'd> {
    /// A reference may do with an identifier or an extension, and is none of these then.
    fn of(ctx: &'c Checker<'v, 'd>, node: Node<'c>) -> Option<Self> {
        let written = node.child(name::REFERENCE)?;
        let text = written.value().filter(|text| !text.is_empty())?;
        let Found { target, is_ambiguous } = ctx.resolution().find(text, node);
        Some(Self { ctx, node, written, text, literal: Literal::of(text), target, is_ambiguous })
    }

    fn finding(&self, rule: &'static ers_fhir_report::Rule, message: Message) -> Finding<'v> {
        Finding::new(rule, self.node, message).underline(self.written)
    }

    /// The type that the text names where nothing of this document answers to it.
    fn check_form(&self, source: Source<'v>) {
        if self.target.is_some() {
            return;
        }
        match self.literal {
            Literal::Fragment => {
                let message =
                    Message::text("there is no contained resource with the id ").value(&self.text[1..]);
                let finding = self.finding(&rules::UNRESOLVED_LOCAL_REFERENCE, message);
                self.ctx.report(finding.demanded_by(source));
            }
            Literal::Urn if self.is_in_bundle() => {
                let message = Message::text("no entry of the Bundle has the fullUrl ").value(self.text);
                self.ctx.report(self.finding(&rules::REFERENCE_NOT_IN_BUNDLE, message));
            }
            Literal::Relative(named) => self.check_known_type(named.type_name),
            Literal::Malformed => self.malformed(),
            Literal::Url(_) | Literal::Urn | Literal::Conditional => {}
        }
    }

    /// Reports a reference that two entries answer to. A history has several versions of a resource.
    fn check_one_target(&self) {
        let is_history = || self.bundle().and_then(|bundle| bundle.child_value("type")) == Some("history");
        if !self.is_ambiguous || is_history() {
            return;
        }
        let message = Message::text("several entries have the fullUrl that ").value(self.text).then(" means");
        self.ctx.report(self.finding(&BUNDLE_REFERENCE_AMBIGUOUS, message));
    }

    fn is_in_bundle(&self) -> bool {
        self.bundle().is_some()
    }

    /// The Bundle that the resource around is an entry of.
    fn bundle(&self) -> Option<Node<'d>> {
        let around = self.ctx.resolution().container_of(self.node).and_then(|placed| placed.around)?;
        Some(self.ctx.document.node(around)).filter(|around| around.resource_type() == Some("Bundle"))
    }

    fn check_known_type(&self, type_name: &str) {
        let schemas = self.ctx.validator.schemas();
        if schemas.find_type(type_name).is_some() {
            return;
        }
        let message = Message::text("").value(type_name).then(" is not a resource type");
        let mut finding = self.finding(&rules::REFERENCE_UNKNOWN_TYPE, message);
        if let Some(near) = ers_fhir_values::suggest::nearest(type_name, schemas.types()) {
            finding = finding.suggest(text!("did you mean '{}'?", def(near)));
        }
        self.ctx.report(finding);
    }

    /// Whether the text is the id of a resource that one around the reference contains.
    fn is_id_of_contained(&self) -> bool {
        let around = std::iter::successors(Some(self.node), |node| node.parent());
        around
            .flat_map(|holder| holder.named(name::CONTAINED))
            .any(|contained| contained.child_value(name::ID) == Some(self.text))
    }

    /// A reference that is no URL at all is wrong anywhere. One that is a relative URL of another form is
    /// as wrong in a Bundle, where the rules of resolution need type and id; elsewhere a server may know
    /// what it means.
    fn malformed(&self) {
        let message = Message::text("").value(self.text).then(" is neither Type/id, a URL, a URN nor #id");
        let mut finding = self.finding(&rules::REFERENCE_FORMAT, message);
        if self.is_id_of_contained() {
            let meant = format!("#{}", self.text);
            finding = finding
                .suggest(text!("write {}: what is contained is referred to with #", value(&meant)))
                .mend(edit::value(self.written, &meant));
        }
        let is_error = self.text.contains(char::is_whitespace) || self.is_in_bundle();
        self.ctx.report(if is_error { finding } else { finding.severity(Severity::Warning) });
    }
}
