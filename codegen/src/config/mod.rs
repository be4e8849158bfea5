//! What to generate, from which definitions, and where to write it.

mod outcome;
mod run;
mod source;

use std::collections::BTreeSet;
use std::path::PathBuf;

use ers_fhir_profiles::FhirVersion;

pub use outcome::{Absent, Outcome, Skipped};
pub use run::GeneratedFile;
pub use source::Source;

use crate::settings::Settings;

/// A run of the generator: packages in, Rust out.
///
/// A build script names a package and what to generate from it. Generated code builds on
/// `ers-fhir-model`, which the crate must depend on.
///
/// ```no_run
/// // build.rs
/// use ers_fhir_codegen::{Config, FhirVersion};
///
/// fn main() -> Result<(), ers_fhir_codegen::Error> {
///     Config::new(FhirVersion::R4).package("fhir").all_profiles().compile()?;
///     Ok(())
/// }
/// ```
///
/// The crate includes the code with `mod fhir { include!(concat!(env!("OUT_DIR"), "/fhir.rs")); }`.
///
/// Settings go by element paths: each applies to the element at its path and to all below it, and `.` means
/// everything.
///
/// ```
/// use ers_fhir_codegen::{Config, FhirVersion};
///
/// let rust = Config::new(FhirVersion::R4)
///     .resources(["Patient"])
///     .type_name("Patient.contact", "Kin")
///     .type_attribute("Patient", "#[non_exhaustive]")
///     .skip("Patient.photo")
///     .generate_file()?;
/// assert!(rust.contains("pub struct Kin"));
/// assert!(!rust.contains("pub photo"));
/// # Ok::<(), ers_fhir_codegen::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Config {
    version: FhirVersion,
    embedded: Vec<String>,
    dependencies: Vec<Source>,
    packages: Vec<Source>,
    resources: Vec<String>,
    has_all_resources: bool,
    profiles: Vec<String>,
    has_all_profiles: bool,
    excluded: BTreeSet<String>,
    prefix: String,
    base: Option<String>,
    settings: Settings,
    names: String,
    model: String,
    command: String,
    out_dir: Option<PathBuf>,
    file_name: String,
}

impl Config {
    /// A run for a FHIR release, whose definitions are included from the start.
    pub fn new(version: FhirVersion) -> Self {
        Self {
            version,
            embedded: Vec::new(),
            dependencies: Vec::new(),
            packages: Vec::new(),
            resources: Vec::new(),
            has_all_resources: false,
            profiles: Vec::new(),
            has_all_profiles: false,
            excluded: BTreeSet::new(),
            prefix: String::new(),
            base: None,
            settings: Settings::default(),
            names: String::new(),
            model: "::ers_fhir_model".to_owned(),
            command: "ers-fhir generate rust".to_owned(),
            out_dir: None,
            file_name: "fhir.rs".to_owned(),
        }
    }

    /// Adds a package that is [embedded](ers_fhir_profiles::Definitions::add_embedded) in
    /// `ers-fhir-profiles`, with a lower priority than those added otherwise. Its profiles are not among
    /// [all profiles](Self::all_profiles).
    #[must_use]
    pub fn embedded(mut self, name: impl Into<String>) -> Self {
        self.embedded.push(name.into());
        self
    }

    /// Adds a package that others depend on, with a lower priority than those that are not added as
    /// dependencies. Its profiles are not among [all profiles](Self::all_profiles).
    #[must_use]
    pub fn dependency(mut self, package: impl Into<Source>) -> Self {
        self.dependencies.push(package.into());
        self
    }

    /// Adds a package of definitions, with priority over earlier ones: a package folder, a folder of
    /// resources, a `.tgz` archive, one resource, or a
    /// [`Package`](ers_fhir_profiles::package::Package) that is already open.
    #[must_use]
    pub fn package(mut self, package: impl Into<Source>) -> Self {
        self.packages.push(package.into());
        self
    }

    /// Generates these types, and the types they are made of.
    #[must_use]
    pub fn resources<I: IntoIterator<Item: Into<String>>>(mut self, types: I) -> Self {
        self.resources.extend(types.into_iter().map(Into::into));
        self
    }

    /// Generates every resource of the release.
    #[must_use]
    pub fn all_resources(mut self) -> Self {
        self.has_all_resources = true;
        self
    }

    /// Generates structs for these profiles, by canonical URL, which may carry a `|version`, and for the profiles
    /// they refer to; and the resources that they constrain, unless a [base](Self::base_path) has them. A run
    /// generates one version of each.
    #[must_use]
    pub fn profiles<I: IntoIterator<Item: Into<String>>>(mut self, profiles: I) -> Self {
        self.profiles.extend(profiles.into_iter().map(Into::into));
        self
    }

    /// Generates structs for every profile in the [packages](Self::package) that were added.
    #[must_use]
    pub fn all_profiles(mut self) -> Self {
        self.has_all_profiles = true;
        self
    }

    /// Excludes profiles, by canonical URL, and types, by name, as if nobody had requested them. Elements that refer
    /// to an excluded profile have the type of its base.
    #[must_use]
    pub fn exclude<I: IntoIterator<Item: Into<String>>>(mut self, names: I) -> Self {
        self.excluded.extend(names.into_iter().map(Into::into));
        self
    }

    /// Removes a word from the front of the names of profiles, where the remaining name is free.
    #[must_use]
    pub fn strip_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// The module that already has the base types: then only profiles are generated.
    #[must_use]
    pub fn base_path(mut self, path: impl Into<String>) -> Self {
        self.base = Some(path.into());
        self
    }

    /// Leaves out an element and all below it: `Patient.contact`. In a payload, the reader chooses whether such an
    /// element is kept as an unknown field or refused.
    #[must_use]
    pub fn skip(mut self, path: impl Into<String>) -> Self {
        self.settings.skip(path.into());
        self
    }

    /// Names the struct or enum of an element; the names of those below start with this name too.
    ///
    /// Identify the struct of a profile by its canonical URL, and an enum of codes by that of its value set.
    #[must_use]
    pub fn type_name(mut self, path: impl Into<String>, name: impl Into<String>) -> Self {
        self.settings.name_type(path.into(), name.into());
        self
    }

    /// Names the field of an element.
    #[must_use]
    pub fn field_name(mut self, path: impl Into<String>, name: impl Into<String>) -> Self {
        self.settings.name_field(path.into(), name.into());
        self
    }

    /// Names that types had before, as returned by [`Outcome::names`], and that they keep however the definitions
    /// change: the text of a file that is stored with the generated code.
    #[must_use]
    pub fn names(mut self, text: impl Into<String>) -> Self {
        self.names = text.into();
        self
    }

    /// Adds an outer attribute to the types of an element and of all below it.
    ///
    /// Identify the struct of a profile by its canonical URL, and an enum of codes by that of its value set.
    #[must_use]
    pub fn type_attribute(mut self, path: impl Into<String>, attribute: impl Into<String>) -> Self {
        self.settings.add_type_attribute(path.into(), attribute.into());
        self
    }

    /// Adds an outer attribute to the fields of an element and of all below it.
    #[must_use]
    pub fn field_attribute(mut self, path: impl Into<String>, attribute: impl Into<String>) -> Self {
        self.settings.add_field_attribute(path.into(), attribute.into());
        self
    }

    /// In profile structs, writes a single value of a repeating element without an array around it, as
    /// some services require. Both forms can be read, for these and other elements.
    #[must_use]
    pub fn single(mut self, path: impl Into<String>) -> Self {
        self.settings.write_single(path.into());
        self
    }

    /// The path by which generated code finds `ers-fhir-model`; `::ers_fhir_model` by default.
    #[must_use]
    pub fn model_path(mut self, path: impl Into<String>) -> Self {
        self.model = path.into();
        self
    }

    /// The command named in the headers of generated files.
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.command = command.into();
        self
    }

    /// The folder to write to; by default `OUT_DIR`, which Cargo sets for build scripts.
    #[must_use]
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// The name of the file, where a single one is written; `fhir.rs` by default.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = name.into();
        self
    }
}
