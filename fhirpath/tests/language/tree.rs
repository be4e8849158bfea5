//! A small tree for tests, written in JSON with the type of an element after its name:
//! `{"birthDate: date": "1974-12-25"}`. An element without a type has none.

use ers_fhir_fhirpath::{Form, Node};
use serde_json::Value;

/// A tree in an arena; the root comes first.
pub(crate) struct Tree {
    elements: Vec<Element>,
}

struct Element {
    name: String,
    type_name: Option<String>,
    text: Option<String>,
    form: Form,
    children: Vec<usize>,
}

impl Tree {
    /// A tree whose untyped values tell their form, as JSON does.
    pub(crate) fn json(key: &str, text: &str) -> Self {
        Self::read(key, text, false)
    }

    /// A tree whose untyped values are mere text, as in XML.
    pub(crate) fn xml(key: &str, text: &str) -> Self {
        Self::read(key, text, true)
    }

    fn read(key: &str, text: &str, formless: bool) -> Self {
        let mut tree = Self { elements: Vec::new() };
        tree.add(key, &serde_json::from_str(text).expect("JSON"), formless);
        tree
    }

    /// A root with two children that nest `depth` levels deep: more than JSON may.
    pub(crate) fn twins(first: &str, second: &str, depth: usize) -> Self {
        let mut tree = Self::json("root", "{}");
        for name in [first, second] {
            let mut parent = 0;
            for _ in 0..depth {
                let child = tree.add(if parent == 0 { name } else { "inner" }, &Value::Null, false);
                tree.elements[parent].children.push(child);
                parent = child;
            }
        }
        tree
    }

    pub(crate) fn root(&self) -> Handle<'_> {
        Handle { tree: self, index: 0 }
    }

    fn add(&mut self, key: &str, value: &Value, formless: bool) -> usize {
        let index = self.elements.len();
        let (name, type_name) = match key.split_once(": ") {
            Some((name, type_name)) => (name, Some(type_name.to_owned())),
            None => (key, None),
        };
        let (text, form) = match value {
            Value::Bool(value) => (Some(value.to_string()), Form::Boolean),
            Value::Number(value) => (Some(value.to_string()), Form::Number),
            Value::String(value) => (Some(value.clone()), Form::String),
            _ => (None, Form::Unknown),
        };
        let form = if formless { Form::Unknown } else { form };
        self.elements.push(Element { name: name.to_owned(), type_name, text, form, children: Vec::new() });
        if let Value::Object(members) = value {
            for (key, value) in members {
                // The value of a primitive that has other parts too.
                if key == "=" {
                    self.elements[index].text = value.as_str().map(str::to_owned);
                    continue;
                }
                let values = match value {
                    Value::Array(items) => items.iter().collect(),
                    single => vec![single],
                };
                for value in values {
                    let child = self.add(key, value, formless);
                    self.elements[index].children.push(child);
                }
            }
        }
        index
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Handle<'t> {
    tree: &'t Tree,
    index: usize,
}

impl PartialEq for Handle<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.index == other.index
    }
}

impl<'t> Handle<'t> {
    fn element(&self) -> &'t Element {
        &self.tree.elements[self.index]
    }
}

impl<'t> Node for Handle<'t> {
    type Children = Box<dyn Iterator<Item = Self> + 't>;

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
        let tree = self.tree;
        Box::new(self.element().children.iter().map(move |&index| Handle { tree, index }))
    }
}
