//! StructureMap: its groups, variables and the elements that its rules read and write.
//!
//! Types are followed as far as definitions are loaded; beyond that any name is accepted.
//!
//! Source: <http://hl7.org/fhir/R4/structuremap.html> and <http://hl7.org/fhir/R4/mapping-language.html>.

use std::collections::BTreeMap;

use ers_fhir_fhirpath::Expression;
use ers_fhir_report::{Gap, Message, Rule, text};
use ers_fhir_tree::Node;
use ers_fhir_values::canonical;
use ers_fhir_values::suggest::nearest;
use rustc_hash::FxHashMap;

use super::names::Focus;
use crate::check::{Checker, Finding};
use crate::rule::structure_map as rules;

/// Checks a StructureMap.
pub(in crate::check) fn check<'d>(ctx: &Checker<'_, 'd>, map: Node<'d>) {
    let mut structures = Structures::default();
    for structure in map.named("structure") {
        structures.add(ctx, structure);
    }
    let mut groups = BTreeMap::new();
    for group in map.named("group") {
        let Some((name, text)) = valued(group, "name") else { continue };
        if groups.insert(text, group).is_some() {
            let message = Message::text("there is already a group ").value(text);
            ctx.report(Finding::new(&rules::GROUP, name, message));
        }
    }
    let checked = Map { ctx, structures, groups, imports: map.child("import").is_some() };
    for group in map.named("group") {
        checked.check_group(group);
    }
}

/// A child that has a value.
fn valued<'d>(node: Node<'d>, name: &str) -> Option<(Node<'d>, &'d str)> {
    let child = node.child(name)?;
    Some((child, child.value()?))
}

/// The value of a parameter.
fn value(parameter: Node<'_>) -> Option<Node<'_>> {
    parameter.children().find(|child| child.name().starts_with("value"))
}

/// Whether something is read or written.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Mode {
    Source,
    Target,
}

impl Mode {
    /// The mode of an input, or the one that goes with the mode of a structure.
    fn of(written: &str) -> Option<Self> {
        match written {
            "source" | "queried" => Some(Self::Source),
            "target" | "produced" => Some(Self::Target),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Target => "target",
        }
    }
}

/// What a map declares under a name.
struct Declared<'v> {
    focus: Focus<'v>,
    is_read: bool,
    is_written: bool,
}

/// The structures that the map declares, by alias, or by the end of the URL for those without an alias.
#[derive(Default)]
struct Structures<'v, 'd> {
    by_alias: FxHashMap<&'d str, Declared<'v>>,
    by_end: FxHashMap<String, Declared<'v>>,
}

impl<'v, 'd> Structures<'v, 'd> {
    fn add(&mut self, ctx: &Checker<'v, 'd>, node: Node<'d>) {
        let url = node.child_value("url").unwrap_or_default();
        let known = ctx.validator.definitions().structure(url).ok().flatten();
        if known.is_none() {
            ctx.pass(Gap::Definition, node);
        }
        let focus = || match &known {
            Some(known) => Focus::types(ctx.validator.schemas(), [&*known.type_name]),
            None => Focus::Open,
        };
        let undirected = || Declared { focus: focus(), is_read: false, is_written: false };
        let end = || canonical::url(url).rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let declared = match node.child_value("alias") {
            Some(alias) => self.by_alias.entry(alias).or_insert_with(undirected),
            None => self.by_end.entry(end()).or_insert_with(undirected),
        };
        let mode = node.child_value("mode").and_then(Mode::of);
        declared.is_read |= mode != Some(Mode::Target);
        declared.is_written |= mode != Some(Mode::Source);
    }

    fn called(&self, name: &str) -> Option<&Declared<'v>> {
        self.by_alias.get(name).or_else(|| self.by_end.get(&name.to_ascii_lowercase()))
    }
}

/// A variable, or an input of a group.
struct Variable<'v, 'd> {
    name: &'d str,
    mode: Mode,
    focus: Focus<'v>,
}

/// The variables that a rule can name: those of the enclosing rules come first.
#[derive(Default)]
struct Scope<'v, 'd> {
    variables: Vec<Variable<'v, 'd>>,
    /// The places of each name.
    places: FxHashMap<(&'d str, Mode), Vec<usize>>,
}

impl<'v, 'd> Scope<'v, 'd> {
    fn add(&mut self, name: &'d str, mode: Mode, focus: Focus<'v>) {
        self.places.entry((name, mode)).or_default().push(self.variables.len());
        self.variables.push(Variable { name, mode, focus });
    }

    /// Drops the variables of a rule when it is left.
    fn leave(&mut self, outer: usize) {
        for variable in self.variables.drain(outer..) {
            if let Some(places) = self.places.get_mut(&(variable.name, variable.mode)) {
                places.pop();
            }
        }
    }

    /// The last variable with that name, and with that mode if one is given.
    fn find(&self, name: &str, mode: Option<Mode>) -> Option<&Variable<'v, 'd>> {
        let last = |mode: &Mode| self.places.get(&(name, *mode))?.last();
        let place = match mode {
            Some(mode) => last(&mode),
            None => [Mode::Source, Mode::Target].iter().filter_map(last).max(),
        };
        self.variables.get(*place?)
    }
}

struct Map<'c, 'v, 'd> {
    ctx: &'c Checker<'v, 'd>,
    structures: Structures<'v, 'd>,
    groups: BTreeMap<&'d str, Node<'d>>,
    /// Whether groups of other maps, which are not looked up, can be named.
    imports: bool,
}

impl<'v, 'd> Map<'_, 'v, 'd> {
    fn report(&self, rule: &'static Rule, node: Node<'d>, message: Message) {
        self.ctx.report(Finding::new(rule, node, message));
    }

    fn check_group(&self, group: Node<'d>) {
        let mut scope = Scope::default();
        for input in group.named("input") {
            self.check_input(input, &mut scope);
        }
        if let Some((node, name)) = valued(group, "extends") {
            self.find_group(node, name);
        }
        for rule in group.named("rule") {
            self.check_rule(rule, &mut scope);
        }
    }

    fn check_input(&self, input: Node<'d>, scope: &mut Scope<'v, 'd>) {
        let Some((node, name)) = valued(input, "name") else { return };
        let Some(mode) = input.child_value("mode").and_then(Mode::of) else { return };
        if scope.find(name, Some(mode)).is_some() {
            self.report(&rules::INPUT, node, Message::text("the group already has an input ").value(name));
        }
        let focus = valued(input, "type").map_or(Focus::Open, |(node, type_name)| {
            self.check_mode(node, type_name, mode);
            self.type_at(node, type_name)
        });
        scope.add(name, mode, focus);
    }

    /// A structure that is only read is not written, and the reverse.
    fn check_mode(&self, node: Node<'d>, type_name: &str, mode: Mode) {
        let is_other = |declared: &Declared<'v>| match mode {
            Mode::Source => !declared.is_read,
            Mode::Target => !declared.is_written,
        };
        if self.structures.called(type_name).is_some_and(is_other) {
            let message = Message::text("the map declares ")
                .value(type_name)
                .then(text!(" in the other direction, but this input is a {}", mode.name()));
            self.report(&rules::INPUT, node, message);
        }
    }

    /// The meaning of a type name in the map: a structure that it declares, or a FHIR type.
    fn type_at(&self, node: Node<'d>, name: &str) -> Focus<'v> {
        if let Some(known) = self.structures.called(name) {
            return known.focus.clone();
        }
        let schemas = self.ctx.validator.schemas();
        if schemas.of_type(name).is_none() && !self.imports {
            let message = Message::text("")
                .value(name)
                .then(" is neither a structure that the map declares nor a type of FHIR");
            self.report(&rules::INPUT, node, message);
        }
        Focus::types(schemas, [name])
    }

    fn check_rule(&self, rule: Node<'d>, scope: &mut Scope<'v, 'd>) {
        let outer = scope.variables.len();
        for source in rule.named("source") {
            self.check_source(source, scope);
        }
        for target in rule.named("target") {
            self.check_target(target, scope);
        }
        for inner in rule.named("rule") {
            self.check_rule(inner, scope);
        }
        for dependent in rule.named("dependent") {
            self.check_dependent(dependent, scope);
        }
        scope.leave(outer);
    }

    fn check_source(&self, source: Node<'d>, scope: &mut Scope<'v, 'd>) {
        let context = valued(source, "context").map_or(Focus::Open, |(node, name)| {
            match scope.find(name, Some(Mode::Source)) {
                Some(variable) => variable.focus.clone(),
                // The context may be a type; its instances are then searched.
                None if self.is_type(name) => self.type_at(node, name),
                None => self.unknown(node, name, Some(Mode::Source), scope),
            }
        });
        let found = self.element(source, context);
        let found = valued(source, "type").map_or(found, |(node, name)| {
            if self.is_type(name) { self.type_at(node, name) } else { Focus::Open }
        });
        for condition in ["condition", "check"] {
            if let Some((node, text)) = valued(source, condition) {
                self.check_expression(node, text);
            }
        }
        if let Some(name) = source.child_value("variable") {
            scope.add(name, Mode::Source, found);
        }
    }

    fn check_target(&self, target: Node<'d>, scope: &mut Scope<'v, 'd>) {
        let is_type = target.child_value("contextType") == Some("type");
        let context = valued(target, "context").filter(|_| !is_type).map_or(Focus::Open, |(node, name)| {
            match scope.find(name, Some(Mode::Target)) {
                Some(variable) => variable.focus.clone(),
                None => self.unknown(node, name, Some(Mode::Target), scope),
            }
        });
        let written = self.element(target, context);
        let made = self.check_transform(target, scope, written);
        if let Some(name) = target.child_value("variable") {
            scope.add(name, Mode::Target, made);
        }
    }

    /// The element that a source or target names, relative to its context.
    fn element(&self, node: Node<'d>, context: Focus<'v>) -> Focus<'v> {
        let Some((node, path)) = valued(node, "element") else { return context };
        let schemas = self.ctx.validator.schemas();
        let mut focus = context;
        for step in path.split('.') {
            focus = match focus.child(schemas, step) {
                Ok(child) => child,
                // A choice is written with or without its type.
                Err(_) if is_choice(step, |name| focus.child(schemas, name).is_ok()) => Focus::Open,
                Err(unknown) => {
                    self.report(&rules::ELEMENT, node, unknown.message());
                    Focus::Open
                }
            };
        }
        focus
    }

    /// Checks how a target gets its value, and returns the type of that value.
    fn check_transform(&self, target: Node<'d>, scope: &Scope<'v, 'd>, written: Focus<'v>) -> Focus<'v> {
        let Some((node, transform)) = valued(target, "transform") else { return written };
        let parameters: Vec<_> = target.named("parameter").filter_map(value).collect();
        if let Some((least, most)) = parameter_count(transform)
            && !(least..=most).contains(&parameters.len())
        {
            let expected = if least == most { text!("{}", most) } else { text!("{} to {}", least, most) };
            let message = Message::text("")
                .value(transform)
                .then(" takes ")
                .then(expected)
                .then(text!(" parameters, but there are {}", parameters.len()));
            self.report(&rules::TRANSFORM, node, message);
        }
        for parameter in parameters.iter().filter(|value| value.name() == "valueId") {
            if let Some(name) = parameter.value().filter(|name| scope.find(name, None).is_none()) {
                self.unknown(*parameter, name, None, scope);
            }
        }
        let last = parameters.iter().rfind(|value| value.name() == "valueString");
        match (transform, last) {
            ("evaluate", Some(last)) => {
                self.check_expression(*last, last.value().unwrap_or_default());
                Focus::Open
            }
            ("create", Some(made)) => {
                let name = made.value().unwrap_or_default();
                if self.is_type(name) { self.type_at(*made, name) } else { Focus::Open }
            }
            ("create", None) => written,
            _ => Focus::Open,
        }
    }

    fn check_dependent(&self, dependent: Node<'d>, scope: &Scope<'v, 'd>) {
        let Some((node, name)) = valued(dependent, "name") else { return };
        let Some(group) = self.find_group(node, name) else { return };
        let (given, inputs) = (dependent.named("variable").count(), group.named("input").count());
        if given != inputs {
            let message = Message::text("the group ").value(name).then(text!(
                " has {} inputs, but is given {}",
                inputs,
                given
            ));
            return self.report(&rules::GROUP, node, message);
        }
        for (variable, input) in dependent.named("variable").zip(group.named("input")) {
            let mode = input.child_value("mode").and_then(Mode::of);
            if let Some(name) = variable.value().filter(|name| scope.find(name, mode).is_none()) {
                self.unknown(variable, name, mode, scope);
            }
        }
    }

    fn find_group(&self, node: Node<'d>, name: &str) -> Option<Node<'d>> {
        let found = self.groups.get(name).copied();
        if found.is_none() && self.imports {
            self.ctx.pass(Gap::Definition, node);
        } else if found.is_none() {
            let message = Message::text("the map has no group ").value(name);
            let finding = Finding::new(&rules::GROUP, node, message);
            self.ctx.report(meant(self.ctx, finding, name, self.groups.keys().copied()));
        }
        found
    }

    fn is_type(&self, name: &str) -> bool {
        self.structures.called(name).is_some() || self.ctx.validator.schemas().of_type(name).is_some()
    }

    /// Reports that nothing here has that name.
    fn unknown(&self, node: Node<'d>, name: &str, mode: Option<Mode>, scope: &Scope<'v, 'd>) -> Focus<'v> {
        let fits = |known: &&Variable<'_, '_>| mode.is_none_or(|mode| mode == known.mode);
        let message = match mode {
            Some(mode) if scope.find(name, None).is_some() => {
                Message::text("").value(name).then(text!(" is no {}", mode.name()))
            }
            _ => Message::text("there is no variable ").value(name).then(" here"),
        };
        let finding = Finding::new(&rules::VARIABLE, node, message);
        let known = scope.variables.iter().filter(fits).map(|known| known.name);
        self.ctx.report(meant(self.ctx, finding, name, known));
        Focus::Open
    }

    fn check_expression(&self, node: Node<'d>, text: &str) {
        if let Err(error) = Expression::parse(text) {
            let message = Message::text("the expression cannot be read: ").value(&error.to_string());
            self.report(&rules::TRANSFORM, node, message);
        }
    }
}

/// A finding that suggests which of the existing names was most likely meant.
fn meant<'v, 'n>(
    ctx: &Checker<'v, '_>,
    finding: Finding<'v>,
    name: &str,
    known: impl IntoIterator<Item = &'n str>,
) -> Finding<'v> {
    let near = if ctx.budget.allows_suggestion() { nearest(name, known) } else { None };
    match near {
        Some(near) => finding.suggest(Message::text("did you mean ").value(near).then("?")),
        None => finding,
    }
}

/// Whether a name is that of a child with a type behind it: `valueQuantity`.
fn is_choice(name: &str, is_child: impl Fn(&str) -> bool) -> bool {
    name.char_indices().any(|(at, c)| at > 0 && c.is_ascii_uppercase() && is_child(&name[..at]))
}

/// The minimum and maximum number of parameters of a transform; `None` if it is open.
///
/// Source: <http://hl7.org/fhir/R4/valueset-map-transform.html>.
fn parameter_count(transform: &str) -> Option<(usize, usize)> {
    Some(match transform {
        "create" | "copy" => (0, 1),
        "truncate" => (2, 2),
        "escape" | "c" | "id" | "translate" => (2, 3),
        "cast" | "evaluate" | "cp" => (1, 2),
        "append" => (1, usize::MAX),
        "reference" | "pointer" => (1, 1),
        "uuid" => (0, 0),
        "cc" => (1, 3),
        "qty" => (1, 4),
        _ => return None,
    })
}
