//! Names that are looked for so often that it shows: `node.child(name::SYSTEM)`.

use ers_fhir_tree::Name;

pub(super) const CODE: Name = Name::known("code");
pub(super) const CODING: Name = Name::known("coding");
pub(super) const CONTAINED: Name = Name::known("contained");
pub(super) const DISPLAY: Name = Name::known("display");
pub(super) const EXTENSION: Name = Name::known("extension");
pub(super) const ID: Name = Name::known("id");
pub(super) const META: Name = Name::known("meta");
pub(super) const MODIFIER_EXTENSION: Name = Name::known("modifierExtension");
pub(super) const PROFILE: Name = Name::known("profile");
pub(super) const REFERENCE: Name = Name::known("reference");
pub(super) const RESOURCE_TYPE: Name = Name::known("resourceType");
pub(super) const SYSTEM: Name = Name::known("system");
pub(super) const TYPE: Name = Name::known("type");
pub(super) const URL: Name = Name::known("url");
pub(super) const VALUE: Name = Name::known("value");
pub(super) const VERSION: Name = Name::known("version");
