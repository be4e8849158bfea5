//! Answers to searches: what they are about, how many there are, and the pages before and after.

use ers_fhir_report::{Message, Severity, def, text};
use ers_fhir_tree::Node;
use ers_fhir_validator::service::{Finding, Run};

use crate::call::Context;
use crate::call::url::Url;
use crate::check::query;
use crate::rule::answers as rules;
use crate::service::form;

pub(super) fn check<'d>(run: &Run<'d>, context: &Context, url: Option<&Url>, root: Node<'d>) {
    if root.resource_type() != Some("Bundle") {
        return;
    }
    let own = link(root, "self").and_then(|link| link.child("url"));
    let said = own.and_then(Node::value).map(Url::parse);
    match context.endpoint.id {
        // A page of a different size than requested says so in its link.
        "A015" => {
            let counted = said.as_ref().filter(|said| said.values("_count").next().is_some());
            slots(run, counted.or(url), root);
        }
        _ if url.is_some_and(|url| {
            ["based-on", "focus"].iter().any(|name| !query::is_well_put(context, url, name))
        }) => {}
        "A025" => about(run, url, root, "based-on", "basedOn", Severity::Information),
        "A029" => about(run, url.or(said.as_ref()), root, "focus", "focus", Severity::Error),
        _ => {}
    }
    if context.endpoint.id == "A015" && link(root, "self").is_none() && root.child("link").is_some() {
        let message = Message::text("the self link is missing");
        let finding = Finding::new(&rules::PAGE, root, message).at_key(root);
        run.report(finding.suggest(text!("add a link whose relation is {}", def("self"))));
    }
    if context.endpoint.id == "A015"
        && let (Some(said), Some(own)) = (&said, own)
        && said.values("_include").next().is_none()
    {
        let message = text!("the self link must have _include={}", def("Slot:schedule"));
        run.report(Finding::new(&rules::PAGE, own, message));
    }
    if let (Some(url), Some(said), Some(own)) = (url, &said, own) {
        same(run, context, url, said, own);
    }
}

fn link<'d>(root: Node<'d>, relation: &str) -> Option<Node<'d>> {
    root.named("link").find(|link| link.child_value("relation") == Some(relation))
}

/// The self link repeats the query.
fn same<'d>(run: &Run<'d>, context: &Context, url: &Url, said: &Url, own: Node<'d>) {
    // A malformed query is a fault of the request.
    let is_asked = |name: &str| query::is_well_put(context, url, name);
    let required = context.endpoint.query.iter().filter(|parameter| parameter.required);
    for parameter in required.filter(|parameter| is_asked(parameter.name)) {
        let asked: Vec<&str> = url.values(parameter.name).collect();
        let repeated: Vec<&str> = said.values(parameter.name).collect();
        if !asked.is_empty() && !repeated.is_empty() && asked != repeated {
            let message = text!("the self link has a different {} than the request", def(parameter.name));
            let next = Message::text("repeat the query of the request");
            run.report(Finding::new(&rules::PAGE, own, message).suggest(next));
        }
    }
}

fn matches<'d>(root: Node<'d>) -> impl Iterator<Item = Node<'d>> {
    let is_match = |entry: &Node<'d>| {
        entry.child("search").and_then(|search| search.child_value("mode")).is_none_or(|mode| mode == "match")
    };
    root.named("entry").filter(is_match).filter_map(|entry| entry.child("resource"))
}

/// A page has at most as many slots as requested, and links to the adjacent pages.
fn slots<'d>(run: &Run<'d>, url: Option<&Url>, root: Node<'d>) {
    let Some(url) = url else { return };
    let number = |name: &str| url.values(name).next().and_then(|value| value.parse::<usize>().ok());
    let slots = matches(root).filter(|resource| resource.resource_type() == Some("Slot"));
    let count = slots.count();
    if let Some(most) = number("_count").filter(|most| count > *most) {
        let message = text!("the page has {} slots, but only {} were requested", count, most);
        run.report(Finding::new(&rules::PAGE, root, message).at_key(root));
    }
    if number("page") == Some(1)
        && let Some(previous) = link(root, "previous").or_else(|| link(root, "prev"))
    {
        let message = Message::text("the first page links to a previous page");
        let next = Message::text("leave the link out");
        run.report(Finding::new(&rules::PAGE, previous, message).suggest(next));
    }
    let total = root.child_value("total").and_then(|total| total.parse::<usize>().ok());
    if let (Some(total), Some(most), Some(page)) = (total, number("_count"), number("page"))
        && most > 0
        && page > 0
    {
        let is_last = page.saturating_mul(most) >= total;
        let next = link(root, "next");
        if let Some(next) = next.filter(|_| is_last) {
            let message = Message::text("the last page links to a next page");
            run.report(
                Finding::new(&rules::PAGE, next, message).suggest(Message::text("leave the link out")),
            );
        } else if next.is_none() && !is_last {
            let message = text!("there are {} slots, but no link to the next page", total);
            let help = text!("add a link whose relation is {}", def("next"));
            run.report(Finding::new(&rules::PAGE, root, message).at_key(root).suggest(help));
        }
    }
}

/// The answer is about what was asked for.
fn about<'d>(
    run: &Run<'d>,
    url: Option<&Url>,
    root: Node<'d>,
    parameter: &str,
    element: &str,
    severity: Severity,
) {
    let Some(asked) = url.and_then(|url| url.values(parameter).next()) else { return };
    let Some((kind, id, version)) = form::versioned(asked) else { return };
    for resource in matches(root) {
        let Some(reference) = resource.child(element).and_then(|found| found.child("reference")) else {
            continue;
        };
        let Some(text) = reference.value() else { continue };
        // An address may precede it.
        let from = text.find(kind).unwrap_or(0);
        let text = &text[from..];
        let told =
            form::versioned(text).or_else(|| text.split_once('/').map(|(kind, id)| (kind, id, version)));
        if told != Some((kind, id, version)) {
            let message = Message::text("").value(asked).then(
                " was asked for, but this is about another \
                 record",
            );
            run.report(Finding::new(&rules::RECORD, reference, message).severity(severity));
        }
    }
}
