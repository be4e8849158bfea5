//! References: their form, where they lead, and whether their target is allowed.
//!
//! Nothing is fetched: a reference to something outside the payload is judged by its text alone.
//!
//! Source: <http://hl7.org/fhir/R4/references.html>.

mod target;

use ers_fhir_report::{Message, Severity, def, text, value};
use ers_fhir_tree::Node;
use ers_fhir_values::reference::Literal;
use ers_fhir_values::suggest::nearest;
use ers_fhir_values::{FhirVersion, Primitive, lexical};

use super::{Checker, Finding, edit, name, structure};
use crate::check::finding::{About, Source};
use crate::check::resolution::Found;
use crate::rule::bundle::BUNDLE_REFERENCE_AMBIGUOUS;
use crate::rule::reference as rules;
use crate::schema::TypeCheck;

/// How a contained resource refers to its container.
const CONTAINER: &str = "#";

/// The form of the URN of a UUID or an OID.
const FORM_OF_URN: &str = "a UUID has 32 hexadecimal digits in five groups, an OID numbers between dots";

/// Checks a Reference against the element of the base type that describes it.
pub(crate) fn check<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, allowed: &'v TypeCheck, source: Source<'v>) {
    let Some(pointer) = Pointer::of(ctx, node) else {
        return target::check_stated(ctx, node, allowed, source);
    };
    pointer.check_form(allowed, source);
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
    match Pointer::of(ctx, node) {
        Some(pointer) => pointer.check_allowed(allowed, source),
        None => target::check_stated(ctx, node, allowed, source),
    }
}

fn is_in_contained(ctx: &Checker<'_, '_>, node: Node<'_>) -> bool {
    let (resource, root) = ctx.resources_of(ctx.document.node(node.id()));
    resource.id() != root.id()
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
    /// Whether it matches other entries of the Bundle too.
    is_ambiguous: bool,
}

impl<'c, 'v, 'd> Pointer<'c, 'v, 'd> {
    /// A reference may have only an identifier or an extension, and is then not literal.
    fn of(ctx: &'c Checker<'v, 'd>, node: Node<'c>) -> Option<Self> {
        let written = node.child(name::REFERENCE).filter(|written| structure::is_text(*written))?;
        let text = written.value().filter(|text| !text.is_empty())?;
        let Found { target, is_ambiguous } = ctx.resolution().find(text, node);
        let target = target.filter(|_| text != CONTAINER || is_in_contained(ctx, node));
        Some(Self { ctx, node, written, text, literal: Literal::of(text), target, is_ambiguous })
    }

    fn finding(&self, rule: &'static ers_fhir_report::Rule, message: Message) -> Finding<'v> {
        Finding::new(rule, self.node, message).underline(self.written)
    }

    /// The type that the text names, if it matches nothing in this document.
    fn check_form(&self, allowed: &'v TypeCheck, source: Source<'v>) {
        if self.target.is_some() {
            return;
        }
        match self.literal {
            Literal::Fragment if self.text == CONTAINER => self.no_container(source),
            Literal::Fragment => {
                let message =
                    Message::text("there is no contained resource with the id ").value(&self.text[1..]);
                let mut finding = self.finding(&rules::UNRESOLVED_LOCAL_REFERENCE, message);
                if let Some(id) = self.contained_like(&self.text[1..]) {
                    finding = finding.suggest(text!(
                        "write {} to refer to the contained resource",
                        value(&format!("#{id}"))
                    ));
                } else if let Some(id) = self.only_contained() {
                    finding = finding.suggest(text!(
                        "write {}: it is the only contained resource",
                        value(&format!("#{id}"))
                    ));
                }
                self.ctx.report(finding.demanded_by(source));
            }
            Literal::Urn if self.is_in_bundle() => {
                let message = Message::text("no entry of the Bundle has the fullUrl ").value(self.text);
                self.ctx.report(self.finding(&rules::REFERENCE_NOT_IN_BUNDLE, message));
            }
            Literal::Relative(named) => self.check_known_type(named.type_name, allowed),
            Literal::Malformed => self.malformed(),
            Literal::Urn if !is_well_formed_urn(self.text) => {
                let message = Message::text("").value(self.text).then(" is not the URN of a UUID or an OID");
                let finding = self.finding(&rules::REFERENCE_FORMAT, message).severity(Severity::Warning);
                self.ctx.report(finding.suggest(Message::text(FORM_OF_URN)));
            }
            Literal::Conditional => self.check_is_in_request(),
            Literal::Url(_) | Literal::Urn => {}
        }
    }

    /// A search in place of a reference is resolved when a transaction is carried out; in any other Bundle it
    /// leads nowhere.
    ///
    /// Source: <http://hl7.org/fhir/R4/http.html#trules>.
    fn check_is_in_request(&self) {
        let Some(bundle) = self.bundle() else { return };
        if matches!(bundle.child_value("type"), None | Some("transaction" | "batch")) {
            return;
        }
        let message =
            Message::text("").value(self.text).then(" is a search, which only a transaction resolves");
        let finding = self.finding(&rules::REFERENCE_FORMAT, message);
        self.ctx
            .report(finding.suggest(Message::text("refer to the resource itself, as Type/id or by its URL")));
    }

    #[cold]
    fn no_container(&self, source: Source<'v>) {
        let message = Message::text(
            "'#' is how a contained resource refers to its container, but this reference is not in a contained \
             resource",
        );
        self.ctx.report(self.finding(&rules::UNRESOLVED_LOCAL_REFERENCE, message).demanded_by(source));
    }

    /// The ids of what is contained, without a `#` that does not belong there.
    fn contained_ids(&self) -> impl Iterator<Item = &'d str> {
        let (_, root) = self.ctx.resources_of(self.ctx.document.node(self.node.id()));
        let ids = root.named(name::CONTAINED).filter_map(|contained| contained.child_value(name::ID));
        ids.map(|id| id.trim_start_matches('#'))
    }

    /// The id of a contained resource that was most likely meant.
    #[cold]
    fn contained_like(&self, text: &str) -> Option<&'d str> {
        nearest(text.trim().trim_start_matches('#'), self.contained_ids())
    }

    /// The id of the contained resource, if there is only one.
    #[cold]
    fn only_contained(&self) -> Option<&'d str> {
        let mut ids = self.contained_ids();
        ids.next().filter(|_| ids.next().is_none())
    }

    /// Reports a reference that matches two entries. A history has several versions of a resource.
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

    /// The Bundle that holds the resource in one of its entries.
    fn bundle(&self) -> Option<Node<'d>> {
        let around = self.ctx.resolution().container_of(self.node).and_then(|placed| placed.around)?;
        Some(self.ctx.document.node(around)).filter(|around| around.resource_type() == Some("Bundle"))
    }

    fn check_known_type(&self, type_name: &str, allowed: &'v TypeCheck) {
        let schemas = self.ctx.validator.schemas();
        if schemas.find_type(type_name).is_some() {
            return;
        }
        let message = Message::text("").value(type_name).then(" is not a resource type");
        let mut finding = self.finding(&rules::REFERENCE_UNKNOWN_TYPE, message);
        let expected = target::names(self.ctx, &allowed.targets);
        let is_any = expected.iter().all(|name| *name == "Resource");
        let near = nearest(type_name, expected.iter().copied())
            .or_else(|| nearest(type_name, schemas.types()).filter(|_| is_any));
        if let Some(near) = near {
            finding = finding.suggest(text!("did you mean '{}'?", def(near)));
        } else if !is_any {
            finding = finding.suggest(text!("expected {}", def(expected.join(" or "))));
        }
        self.ctx.report(finding);
    }

    /// A reference that is not a URL at all is always wrong, and so is the bare id of a contained resource. A
    /// relative URL of another form is wrong in a Bundle too, where resolution needs type and id; elsewhere a
    /// server may know what it means.
    fn malformed(&self) {
        let message = Message::text("").value(self.text).then(" is neither Type/id, a URL, a URN nor #id");
        let mut finding = self.finding(&rules::REFERENCE_FORMAT, message);
        let contained = self.contained_like(self.text);
        if let Some(id) = contained {
            let meant = format!("#{id}");
            let suggestion = text!("write {}: the resource with that id is contained", value(&meant));
            finding = finding.suggest(suggestion).about(About::Contained);
            if id == self.text {
                finding = finding.fix(edit::value(self.written, &meant));
            }
        }
        // A search is not a path that a server might know.
        let is_search = self.text.split('/').next().is_some_and(|first| first.contains('?'));
        if is_search {
            finding = finding
                .suggest(text!("write a search such as {}", def("Patient?identifier=<system>|<value>")));
        }
        let is_error = self.text.contains(char::is_whitespace)
            || is_search
            || contained == Some(self.text)
            || self.is_in_bundle();
        self.ctx.report(if is_error { finding } else { finding.severity(Severity::Warning) });
    }
}

/// Whether the URN of a UUID or an OID has the right form; the form of other URNs is not known here.
fn is_well_formed_urn(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    let primitive = match () {
        () if small.starts_with("urn:uuid:") => Primitive::Uuid,
        () if small.starts_with("urn:oid:") => Primitive::Oid,
        () => return true,
    };
    lexical::check(&small, primitive, FhirVersion::R4).is_ok()
}
