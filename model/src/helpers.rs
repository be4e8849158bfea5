//! Shortcuts for the types that every program meets: Bundle, Reference, Parameters, CodeableConcept.
//!
//! They are methods on the types of both releases.

use std::any::Any;

use ers_fhir_values::reference::{Literal, split_version};

use crate::runtime::{AnyResource, Leaf, OtherResource, ReadOptions, Reader, to_string};

/// The id of a resource of any type.
fn id_of(resource: &dyn Leaf) -> Option<String> {
    let json = match resource.as_any().downcast_ref::<OtherResource>() {
        Some(other) => return text_at(other.json()),
        None => resource.as_record()?,
    };
    let number = json.shape().find("id", 0)?;
    let id = json.slot(json.shape().fields[number].slot).get(0)?;
    serde_json::from_str(&to_string(id)).ok()
}

fn text_at(json: &str) -> Option<String> {
    Some(Reader::new(json, ReadOptions::lenient()).look_for("id").ok()??.into_owned())
}

/// Whether an entry of a Bundle is the target of a reference: by its URL, or by type and id of its resource.
fn is_meant(reference: &str, full_url: Option<&str>, type_name: &str, resource: &dyn Leaf) -> bool {
    let (reference, _) = split_version(reference);
    if full_url == Some(reference) {
        return true;
    }
    let Literal::Relative(target) = Literal::of(reference) else { return false };
    let ends_so = |url: &str| url.strip_suffix(reference).is_some_and(|base| base.ends_with('/'));
    full_url.is_some_and(ends_so)
        || target.type_name == type_name && id_of(resource).is_some_and(|id| id == target.id)
}

/// A resource as one of the generated types.
fn as_type<T: Any>(resource: &dyn Leaf) -> Option<&T> {
    resource.as_any().downcast_ref()
}

macro_rules! helpers {
    ($release:ident) => {
        mod $release {
            use super::*;
            use crate::primitives::{CodeText, Uri};
            use crate::$release::{
                Bundle, BundleEntry, CodeableConcept, Coding, Identifier, Parameters, ParametersParameter, Reference,
                Resource,
            };

            impl Bundle {
                /// The resources of all entries that have one.
                ///
                /// ```
                #[doc = concat!("use ers_fhir_model::", stringify!($release), "::{Bundle, Patient, Reference};")]
                /// use ers_fhir_model::runtime::Json;
                ///
                /// let bundle = Bundle::from_json(
                ///     r#"{"resourceType":"Bundle","type":"collection","entry":[
                ///         {"resource":{"resourceType":"Patient","id":"p1"}},{"resource":{"resourceType":"Basic"}}]}"#,
                /// )?;
                /// assert_eq!(bundle.resources().count(), 2);
                /// assert_eq!(bundle.of_type::<Patient>().count(), 1);
                /// assert!(bundle.resolve(&Reference::from("Patient/p1")).is_some());
                /// # Ok::<(), ers_fhir_model::runtime::ReadError>(())
                /// ```
                pub fn resources(&self) -> impl Iterator<Item = &Resource> {
                    self.entry.iter().filter_map(|entry| entry.resource.as_ref())
                }

                /// The resources of a type.
                pub fn of_type<T: Any>(&self) -> impl Iterator<Item = &T> {
                    self.resources().filter_map(Resource::as_type)
                }

                /// The resource of this Bundle that a reference points to, by the URL of its entry or by type and id.
                pub fn resolve(&self, reference: &Reference) -> Option<&Resource> {
                    let reference = reference.reference.as_deref()?;
                    let meant = |entry: &&BundleEntry| {
                        let full_url = entry.full_url.as_deref();
                        entry.resource.as_ref().is_some_and(|resource| {
                            is_meant(reference, full_url, resource.type_name(), resource.leaf())
                        })
                    };
                    self.entry.iter().find(meant)?.resource.as_ref()
                }
            }

            impl Resource {
                /// The resource, if it is of this type.
                pub fn as_type<T: Any>(&self) -> Option<&T> {
                    as_type(self.leaf())
                }

                /// The id of the resource, whatever its type.
                pub fn id(&self) -> Option<String> {
                    id_of(self.leaf())
                }
            }

            impl Reference {
                /// Type and id of the target: of `Patient/1`, `Patient/1/_history/2` and URLs that end like these.
                pub fn target(&self) -> Option<(&str, &str)> {
                    match Literal::of(self.reference.as_deref()?) {
                        Literal::Relative(target) | Literal::Url(Some(target)) => {
                            Some((target.type_name, target.id))
                        }
                        _ => None,
                    }
                }
            }

            impl From<&str> for Reference {
                /// A literal reference: `Patient/1`, a URL, `#contained`.
                fn from(reference: &str) -> Self {
                    reference.to_owned().into()
                }
            }

            impl From<String> for Reference {
                fn from(reference: String) -> Self {
                    Self { reference: Some(reference), ..Self::default() }
                }
            }

            impl Parameters {
                /// The first parameter with a name.
                pub fn parameter(&self, name: &str) -> Option<&ParametersParameter> {
                    self.parameters(name).next()
                }

                /// Every parameter with a name.
                pub fn parameters(&self, name: &str) -> impl Iterator<Item = &ParametersParameter> {
                    self.parameter.iter().filter(move |parameter| parameter.name == name)
                }
            }

            impl ParametersParameter {
                /// The first part with a name.
                pub fn part(&self, name: &str) -> Option<&Self> {
                    self.part.iter().find(|part| part.name == name)
                }
            }

            impl Coding {
                /// A code of a system.
                pub fn of(system: impl Into<Uri>, code: impl Into<CodeText>) -> Self {
                    Self { system: Some(system.into()), code: Some(code.into()), ..Self::default() }
                }
            }

            impl CodeableConcept {
                /// A concept that is a code of a system.
                ///
                /// ```
                #[doc = concat!("use ers_fhir_model::", stringify!($release), "::CodeableConcept;")]
                ///
                /// let concept = CodeableConcept::of("http://snomed.info/sct", "386661006");
                /// assert_eq!(concept.code_of("http://snomed.info/sct"), Some("386661006"));
                /// ```
                pub fn of(system: impl Into<Uri>, code: impl Into<CodeText>) -> Self {
                    Coding::of(system, code).into()
                }

                /// The first code that the concept has in a system.
                pub fn code_of(&self, system: &str) -> Option<&str> {
                    let is_of = |coding: &&Coding| coding.system.as_deref() == Some(system);
                    self.coding.iter().filter(is_of).find_map(|coding| coding.code.as_deref())
                }
            }

            impl From<Coding> for CodeableConcept {
                fn from(coding: Coding) -> Self {
                    Self { coding: vec![coding], ..Self::default() }
                }
            }

            impl Identifier {
                /// A value in a system.
                pub fn of(system: impl Into<Uri>, value: impl Into<String>) -> Self {
                    Self { system: Some(system.into()), value: Some(value.into()), ..Self::default() }
                }
            }
        }
    };
}

#[cfg(feature = "stu3")]
helpers!(stu3);
#[cfg(feature = "r4")]
helpers!(r4);
