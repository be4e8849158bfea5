//! Names that are looked up so often that it affects performance: `node.child(name::SYSTEM)`.

use ers_fhir_tree::Name;

pub(crate) const CODE: Name = Name::known("code");
pub(crate) const CODING: Name = Name::known("coding");
pub(crate) const CONTAINED: Name = Name::known("contained");
pub(crate) const DISPLAY: Name = Name::known("display");
pub(crate) const EXTENSION: Name = Name::known("extension");
pub(crate) const ID: Name = Name::known("id");
pub(crate) const META: Name = Name::known("meta");
pub(crate) const MODIFIER_EXTENSION: Name = Name::known("modifierExtension");
pub(crate) const PROFILE: Name = Name::known("profile");
pub(crate) const REFERENCE: Name = Name::known("reference");
pub(crate) const RESOURCE_TYPE: Name = Name::known("resourceType");
pub(crate) const SYSTEM: Name = Name::known("system");
pub(crate) const TYPE: Name = Name::known("type");
pub(crate) const URL: Name = Name::known("url");
pub(crate) const VALUE: Name = Name::known("value");
pub(crate) const VERSION: Name = Name::known("version");
