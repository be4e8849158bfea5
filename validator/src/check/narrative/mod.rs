//! The XHTML of narratives: it is well formed, allowed and not empty, and its links lead somewhere.

mod anchors;
mod content;
mod entities;
pub(crate) mod languages;
mod link;
mod markup;
pub(crate) mod origins;
mod vocabulary;
mod word;

use ers_fhir_report::{Message, Rule, def, key, text, value};
use ers_fhir_tree::{Kind, Node};

use content::{Open, is_void};
use link::{Target, broken};
use markup::{Event, Malformed, local, scan};
use vocabulary::{Element, allows_attribute, instead_of};

use super::{Checker, Finding, name};
use crate::rule::primitive::{PRIMITIVE_EMPTY, WRONG_JSON_KIND};
use crate::rule::{narrative as rules, syntax::MISPLACED_UNDERSCORE};
use crate::schema::Origin;

const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// A reference to an entity, as it is written.
fn entity(name: &str) -> String {
    ["&", name, ";"].concat()
}

/// Checks the markup of a `Narrative.div`.
pub(crate) fn check<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    let report = |rule: &'static Rule, message: Message| {
        ctx.report(Finding::new(rule, node, message).demanded_by(origin));
    };
    let markup = match (node.value(), node.kind()) {
        (Some(markup), Kind::String | Kind::Xhtml) => markup,
        (_, Kind::Number | Kind::Boolean | Kind::Null) => {
            report(&WRONG_JSON_KIND, Message::text("a narrative is a string that holds XHTML"));
            return;
        }
        _ => {
            report(&PRIMITIVE_EMPTY, Message::text("the narrative has no XHTML"));
            return;
        }
    };
    if node.children().any(|child| !child.is_called(name::ID)) {
        report(&MISPLACED_UNDERSCORE, Message::text("XHTML takes no extensions; leave '_div' out"));
    }
    let read = read(markup, |event| match event {
        Found::Link(target) => {
            if let Some(message) = broken(ctx, node, target, Target::Link) {
                report(&rules::NARRATIVE_LINK, message);
            }
        }
        Found::Image(source) => {
            if let Some(message) = broken(ctx, node, source, Target::Image) {
                report(&rules::NARRATIVE_LINK, message);
            }
        }
        Found::Element(name) => {
            let message = text!("the element '{}' is not allowed in a narrative", key(name));
            let mut finding = Finding::new(&rules::NARRATIVE_MARKUP, node, message).demanded_by(origin);
            if let Some(instead) = instead_of(local(name)) {
                finding = finding.suggest(text!("use {}", def(instead)));
            }
            ctx.report(finding);
        }
        Found::Attribute { element, name } => {
            let message =
                text!("the attribute '{}' is not allowed on the element '{}'", key(name), key(element));
            report(&rules::NARRATIVE_MARKUP, message);
        }
        Found::Misplaced { element, around } => {
            let message = text!("the element '{}' is not allowed inside '{}'", def(element), def(around));
            report(&rules::NARRATIVE_CONTENT, message);
        }
        Found::Text { around } => {
            report(&rules::NARRATIVE_CONTENT, text!("text is not allowed directly inside '{}'", def(around)));
        }
        Found::Entity(name) if !entities::is_of_html(name) => {
            let message = text!("{} is defined neither in XML nor in HTML", value(&entity(name)));
            report(&rules::NARRATIVE_MALFORMED, message);
        }
        Found::Entity(name) => {
            let message = text!("'&{};' is not defined in XML; write the character itself", def(name));
            report(&rules::NARRATIVE_ENTITY, message);
        }
    });
    let outline = match read {
        Ok(outline) => outline,
        Err(Malformed { what, open, found }) => {
            if let Some(name) = open.as_deref().filter(|name| is_void(name)) {
                let message = text!("the element '{}' is not closed: ", key(name)).value(&found);
                let finding = Finding::new(&rules::NARRATIVE_MALFORMED, node, message);
                ctx.report(finding.suggest(text!("write <{}/>", key(name))));
                return;
            }
            let open = open.as_deref().map(|name| text!(", '{}'", key(name)));
            report(&rules::NARRATIVE_MALFORMED, text!("{}{}: ", what, open).value(&found));
            return;
        }
    };
    // In FHIR XML the namespace may be declared further out, or under a prefix.
    let is_in_namespace = outline.namespace == Some(XHTML)
        || node.kind() == Kind::Xhtml && (outline.namespace.is_none() || outline.root != "div");
    if local(outline.root) != "div" {
        let message = text!("a narrative is a div element, not '{}'", key(outline.root));
        report(&rules::NARRATIVE_ROOT, message);
    } else if !is_in_namespace {
        let message = Message::text("the div has no namespace or a wrong one: write ")
            .then(text!("<div xmlns=\"{}\">", def(XHTML)));
        report(&rules::NARRATIVE_ROOT, message);
    }
    for name in outline.strangers(node.kind() == Kind::Xhtml) {
        let message = text!("the element '{}' is not XHTML, according to its prefix or namespace", key(name));
        report(&rules::NARRATIVE_MARKUP, message);
    }
    if !outline.has_content {
        report(&rules::NARRATIVE_EMPTY, Message::text("the narrative has neither text nor an image"));
    }
}

/// Whether a text is a valid narrative, as the FHIRPath function `htmlChecks()` tests.
pub(crate) fn is_valid_xhtml(markup: &str) -> bool {
    let mut is_clean = true;
    let read = read(markup, |found| {
        is_clean &= match found {
            Found::Element(_) | Found::Attribute { .. } => false,
            Found::Entity(name) => entities::is_of_html(name),
            Found::Link(_) | Found::Image(_) | Found::Misplaced { .. } | Found::Text { .. } => true,
        };
    });
    read.is_ok_and(|outline| local(outline.root) == "div" && outline.has_content) && is_clean
}

/// Facts about a narrative as a whole.
struct Outline<'a> {
    root: &'a str,
    namespace: Option<&'a str>,
    has_content: bool,
    /// Prefixes, and the namespaces that they stand for.
    declared: Vec<(&'a str, &'a str)>,
    /// Elements whose names have a prefix.
    prefixed: Vec<&'a str>,
    /// Elements that are put into another namespace.
    foreign: Vec<&'a str>,
}

impl<'a> Outline<'a> {
    /// The elements that are not XHTML. In FHIR XML a prefix may be declared further out.
    fn strangers(&self, is_in_xml: bool) -> impl Iterator<Item = &'a str> {
        let is_foreign = move |name: &&str| {
            let (prefix, _) = name.split_once(':').unwrap_or_default();
            let mut meanings = self.declared.iter().filter(|(known, _)| *known == prefix).peekable();
            if meanings.peek().is_none() {
                !is_in_xml
            } else {
                meanings.any(|(_, meaning)| *meaning != XHTML)
            }
        };
        self.foreign.iter().copied().chain(self.prefixed.iter().copied().filter(is_foreign))
    }
}

/// A possible fault in a narrative.
enum Found<'a> {
    Link(&'a str),
    Image(&'a str),
    Element(&'a str),
    Attribute { element: &'a str, name: &'a str },
    Misplaced { element: &'static str, around: &'static str },
    Text { around: &'static str },
    Entity(&'a str),
}

/// Whether an attribute declares the namespace of an element of that name.
fn declares(attribute: &str, element: &str) -> bool {
    match element.split_once(':') {
        Some((prefix, _)) => attribute.strip_prefix("xmlns:") == Some(prefix),
        None => attribute == "xmlns",
    }
}

fn read<'a>(markup: &'a str, mut visit: impl FnMut(Found<'a>)) -> Result<Outline<'a>, Malformed> {
    let mut outline = Outline {
        root: "",
        namespace: None,
        has_content: false,
        declared: Vec::new(),
        prefixed: Vec::new(),
        foreign: Vec::new(),
    };
    let mut elements = 0_usize;
    // The element that began last: its name, and its place among the allowed ones.
    let mut current = ("", None);
    let mut open = Open::default();
    scan(markup, |event| match event {
        Event::Element(name) => {
            elements += 1;
            let allowed = Element::named(name);
            current = (name, allowed);
            if elements == 1 {
                outline.root = name;
            }
            if allowed.is_none() {
                let unprefixed = local(name);
                current = (unprefixed, Element::named(unprefixed));
                if elements > 1 && current.1.is_none() {
                    visit(Found::Element(name));
                }
                if name.len() != unprefixed.len() {
                    outline.prefixed.push(name);
                }
            }
            outline.has_content |= current.1 == Some(Element::IMG);
            if let Some((element, around)) = open.begin(current.1) {
                visit(Found::Misplaced { element: element.name(), around: around.name() });
            }
        }
        Event::Attribute { name, value } => {
            let (element, allowed) = current;
            if elements == 1 && declares(name, outline.root) {
                outline.namespace = Some(value);
            } else if name == "xmlns" && value != XHTML && elements > 1 {
                outline.foreign.push(element);
            } else if allowed.is_some() && !allows_attribute(allowed, name) {
                visit(Found::Attribute { element, name });
            }
            if let Some(prefix) = name.strip_prefix("xmlns:") {
                outline.declared.push((prefix, value));
            }
            match name {
                "href" if matches!(allowed, Some(Element::A | Element::AREA)) => visit(Found::Link(value)),
                "src" if allowed == Some(Element::IMG) => visit(Found::Image(value)),
                _ => {}
            }
        }
        Event::Text(text) => {
            let around = open.text();
            if (around.is_some() || !outline.has_content)
                && !text.bytes().all(|byte| byte.is_ascii_whitespace())
            {
                outline.has_content = true;
                if let Some(around) = around {
                    visit(Found::Text { around: around.name() });
                }
            }
        }
        Event::Entity(name) => visit(Found::Entity(name)),
        Event::End => open.end(),
    })?;
    Ok(outline)
}

#[cfg(test)]
mod tests {
    use super::is_valid_xhtml;

    #[test]
    fn html_checks_tell_good_narratives_from_bad() {
        let in_div = |inner: &str| format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>");
        for good in
            ["text", "<img src=\"#a\" alt=\"\"/>", "<table border=\"1\"><tr><td>1&nbsp;</td></tr></table>"]
        {
            assert!(is_valid_xhtml(&in_div(good)), "{good}");
        }
        for (element, good, bad) in [
            ("a", "href name rel title", "target src colspan ping"),
            ("p", "class style align xml:lang", "href colspan bgcolor onclick data-x xlink:href"),
            ("td", "colspan rowspan headers valign nowrap", "href bgcolor summary"),
            ("table", "border summary width cellpadding", "colspan alt src"),
            ("img", "src alt width height", "href srcset onerror"),
        ] {
            let with = |name: &str| in_div(&format!("<{element} {name}=\"1\">x</{element}>"));
            for name in good.split(' ') {
                assert!(is_valid_xhtml(&with(name)), "{element} {name}");
            }
            for name in bad.split(' ') {
                assert!(!is_valid_xhtml(&with(name)), "{element} {name}");
            }
        }
        for bad in [
            "",
            " \n ",
            "<br/>",
            "<p>",
            "<script>x</script>",
            "<iframe src=\"x\">x</iframe>",
            "<p onclick=\"x\">x</p>",
            "<form><input/>x</form>",
            "<center>x</center>",
            "<font>x</font>",
            "<u>x</u>",
            "<svg>x</svg>",
            "&nosuch;",
        ] {
            assert!(!is_valid_xhtml(&in_div(bad)), "{bad}");
        }
        assert!(!is_valid_xhtml("<p>text</p>"));
    }
}
