//! `is`, `as`, `ofType()` and `type()`.

use super::outcome::Result;
use super::state::{Evaluator, Scope};
use super::view::{View, short_type};
use crate::collection::Collection;
use crate::error::EvalError;
use crate::node::Node;
use crate::syntax::tree::{Call, TypeOperation, TypeTest};
use crate::value::{TypeInfo, Value};
use ers_fhir_values::TemporalKind;

const SYSTEM_TYPES: [&str; 8] =
    ["Boolean", "Integer", "Decimal", "String", "Date", "DateTime", "Time", "Quantity"];

impl<'e, N: Node> Evaluator<'e, N> {
    /// Whether an item is of the requested type.
    ///
    /// A FHIR `boolean` is not a `System.Boolean`, but the operators `is` and `as` accept the bare name
    /// of the `System` type: R4's `que-7` says `answer is Boolean`. `as` and `ofType` accept a
    /// primitive only by its own type, not by one it specializes.
    pub(crate) fn is_type(&self, value: &Value<'e, N>, test: &TypeTest) -> Result<bool> {
        let wanted = &*test.type_name.name;
        let namespace = test.type_name.namespace.as_deref();
        let Value::Node(node) = value else {
            return Ok(namespace != Some("FHIR") && self.system_type(value) == Some(wanted));
        };
        let Some(type_name) = node.type_name() else { return Ok(false) };
        if type_name != short_type(type_name) {
            return Ok(namespace != Some("FHIR") && short_type(type_name) == wanted);
        }
        if namespace == Some("System") {
            return Ok(false);
        }
        if type_name == wanted {
            return Ok(true);
        }
        if namespace.is_none() && SYSTEM_TYPES.contains(&wanted) && wanted != "Quantity" {
            let bare = matches!(test.operation, TypeOperation::Is | TypeOperation::As);
            return Ok(bare && self.system_type(value) == Some(wanted));
        }
        if !self.host.knows_type(wanted) {
            return Err(EvalError::UnknownType(wanted.to_owned()).into());
        }
        let primitive = wanted.starts_with(|first: char| first.is_ascii_lowercase());
        let exact = matches!(test.operation, TypeOperation::As | TypeOperation::OfType) && primitive;
        Ok(!exact && self.host.is_subtype(type_name, wanted))
    }

    /// The `System` type that an item is or converts to.
    fn system_type(&self, value: &Value<'e, N>) -> Option<&'static str> {
        Some(match self.view(value) {
            View::Boolean(_) => "Boolean",
            View::Integer(_) => "Integer",
            View::Decimal(_) => "Decimal",
            View::Text(_) | View::Untyped(_) => "String",
            View::Temporal(value) => match value.kind() {
                TemporalKind::Date => "Date",
                TemporalKind::DateTime => "DateTime",
                TemporalKind::Time => "Time",
            },
            View::Quantity(_) => "Quantity",
            View::Element(_) | View::Type => return None,
        })
    }

    /// `type()`
    pub(super) fn types(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Collection<'e, N>> {
        let describe = |value: &Value<'e, N>| match value {
            Value::Node(node) => {
                let type_name = node.type_name().unwrap_or("Element");
                let short = short_type(type_name);
                let namespace = if short == type_name { "FHIR" } else { "System" };
                TypeInfo { namespace, name: short.into() }
            }
            _ => TypeInfo { namespace: "System", name: self.system_type(value).unwrap_or("TypeInfo").into() },
        };
        Ok(self.eval(&call.input, scope)?.iter().map(|value| Value::Type(describe(value))).collect())
    }
}
