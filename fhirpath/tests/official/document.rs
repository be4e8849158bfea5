//! A JSON resource as a tree of typed nodes, and a host that knows the definitions.

use ers_fhir_fhirpath::{Form, Host, Node};
use serde_json::{Map, Value};

use crate::definitions::Definitions;

/// A resource in an arena.
#[derive(Default)]
pub(crate) struct Document {
    elements: Vec<Element>,
}

struct Element {
    name: String,
    type_name: Option<String>,
    /// Where the children are defined.
    path: String,
    text: Option<String>,
    form: Form,
    children: Vec<usize>,
}

impl Document {
    pub(crate) fn read(json: &Value, definitions: &Definitions) -> Self {
        let mut document = Self::default();
        document.add("", None, String::new(), json, None, definitions);
        document
    }

    pub(crate) fn root(&self) -> Handle<'_> {
        Handle { document: self, index: 0 }
    }

    fn add(
        &mut self,
        name: &str,
        type_name: Option<String>,
        path: String,
        value: &Value,
        sibling: Option<&Value>,
        definitions: &Definitions,
    ) -> usize {
        let index = self.elements.len();
        let (text, form) = match value {
            Value::Bool(value) => (Some(value.to_string()), Form::Boolean),
            Value::Number(value) => (Some(value.to_string()), Form::Number),
            Value::String(value) => (Some(value.clone()), Form::String),
            _ => (None, Form::Unknown),
        };
        let resource = value["resourceType"].as_str();
        let type_name = resource.map(str::to_owned).or(type_name);
        let path = resource.map_or(path, str::to_owned);
        self.elements.push(Element {
            name: name.to_owned(),
            type_name,
            path: path.clone(),
            text,
            form,
            children: Vec::new(),
        });
        for part in [Some(value), sibling].into_iter().flatten() {
            if let Value::Object(members) = part {
                self.add_members(index, &path, members, definitions);
            }
        }
        index
    }

    fn add_members(
        &mut self,
        parent: usize,
        path: &str,
        members: &Map<String, Value>,
        definitions: &Definitions,
    ) {
        for (key, value) in members {
            if key == "resourceType" {
                continue;
            }
            let name = key.trim_start_matches('_');
            if key.starts_with('_') && members.contains_key(name) {
                continue;
            }
            let sibling = members.get(&format!("_{key}"));
            let child = definitions.child(path, name);
            let (name, type_name, path) = match child {
                Some(child) => (child.name, Some(child.type_name), child.path),
                None => (name.to_owned(), None, String::new()),
            };
            let values = match value {
                Value::Array(items) => items.iter().collect(),
                single => vec![single],
            };
            for (at, value) in values.into_iter().enumerate() {
                let sibling = match sibling {
                    Some(Value::Array(items)) => items.get(at),
                    other => other,
                };
                let child = self.add(&name, type_name.clone(), path.clone(), value, sibling, definitions);
                self.elements[parent].children.push(child);
            }
        }
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Handle<'d> {
    document: &'d Document,
    index: usize,
}

impl<'d> Handle<'d> {
    fn element(&self) -> &'d Element {
        &self.document.elements[self.index]
    }
}

impl PartialEq for Handle<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.index == other.index
    }
}

impl<'d> Node for Handle<'d> {
    type Children = Box<dyn Iterator<Item = Self> + 'd>;

    fn name(&self) -> &str {
        &self.element().name
    }

    fn type_name(&self) -> Option<&str> {
        self.element().type_name.as_deref()
    }

    fn text(&self) -> Option<&str> {
        self.element().text.as_deref()
    }

    fn form(&self) -> Form {
        self.element().form
    }

    fn children(&self) -> Self::Children {
        let document = self.document;
        Box::new(self.element().children.iter().map(move |&index| Handle { document, index }))
    }
}

/// Answers from the definitions.
pub(crate) struct Knowing<'d>(pub(crate) &'d Definitions);

impl<'d> Host<Handle<'d>> for Knowing<'_> {
    fn is_subtype(&self, type_name: &str, of: &str) -> bool {
        self.0.is_subtype(type_name, of)
    }

    fn knows_type(&self, name: &str) -> bool {
        self.0.is_type(name)
    }

    fn allows_element(&self, parent: &Handle<'d>, name: &str) -> bool {
        let path = &parent.element().path;
        path.is_empty() || self.0.allows(path, name)
    }

    fn conforms_to(&self, node: &Handle<'d>, profile: &str) -> Result<Option<bool>, String> {
        let wanted = profile.strip_prefix("http://hl7.org/fhir/StructureDefinition/");
        let Some(wanted) = wanted.filter(|wanted| self.0.is_type(wanted)) else {
            return Err(format!("the profile {profile} is not known"));
        };
        Ok(node.type_name().map(|name| name == wanted || self.0.is_subtype(name, wanted)))
    }

    fn singleton_as(&self) -> bool {
        true
    }
}
