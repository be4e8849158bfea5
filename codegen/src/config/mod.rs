//! What to generate, from what, and where to.

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
/// A build script needs a package of its own, and what to make of it. What is generated stands on
/// `ers-fhir-model`, which the crate depends on.
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
/// The crate takes the code in with `mod fhir { include!(concat!(env!("OUT_DIR"), "/fhir.rs")); }`.
///
/// Settings follow element paths: each holds for what stands at its path and below, and `.` is
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
    /// A run for a FHIR release, whose definitions are there from the start.
    pub fn new(version: FhirVersion) -> Self {
        Self {
            version,
            embedded: Vec::new(),
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
    /// `ers-fhir-profiles`, below those that are added otherwise. Its profiles are not among
    /// [all profiles](Self::all_profiles).
    #[must_use]
    pub fn embedded(mut self, name: impl Into<String>) -> Self {
        self.embedded.push(name.into());
        self
    }

    /// Adds a package of definitions above those that are there: a package folder, a folder of
    /// resources, a `.tgz` archive, one resource, or a
    /// [`Package`](ers_fhir_profiles::package::Package) that is open already.
    #[must_use]
    pub fn package(mut self, package: impl Into<Source>) -> Self {
        self.packages.push(package.into());
        self
    }

    /// Generates these types, and what they are made of.
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

    /// Generates structs for these profiles, by canonical URL, and for those that they lead to; and
    /// the resources that they constrain, unless a [base](Self::base_path) has them.
    #[must_use]
    pub fn profiles<I: IntoIterator<Item: Into<String>>>(mut self, profiles: I) -> Self {
        self.profiles.extend(profiles.into_iter().map(Into::into));
        self
    }

    /// Generates structs for every profile in the packages that were added.
    #[must_use]
    pub fn all_profiles(mut self) -> Self {
        self.has_all_profiles = true;
        self
    }

    /// Leaves out profiles, by canonical URL, and types, by name: as if nobody had asked for them. What refers
    /// to a profile that is left out has the type of its base.
    #[must_use]
    pub fn exclude<I: IntoIterator<Item: Into<String>>>(mut self, names: I) -> Self {
        self.excluded.extend(names.into_iter().map(Into::into));
        self
    }

    /// Takes a word off the front of the names of profiles, where what is left is free.
    #[must_use]
    pub fn strip_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// The module that has the base types already: then only profiles are generated.
    #[must_use]
    pub fn base_path(mut self, path: impl Into<String>) -> Self {
        self.base = Some(path.into());
        self
    }

    /// Leaves out an element and all below it: `Patient.contact`. What a payload has there is kept
    /// as an unknown field, or refused, as the reader chooses.
    #[must_use]
    pub fn skip(mut self, path: impl Into<String>) -> Self {
        self.settings.skip(path.into());
        self
    }

    /// Names the struct or enum of an element; those of the elements below start with the name too.
    ///
    /// The struct of a profile goes by its canonical URL, an enum of codes by that of its value set.
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

    /// Names that types had before, as [`Outcome::names`] gave them, which they keep whatever becomes of the
    /// definitions: the text of a file that is kept beside the generated code.
    #[must_use]
    pub fn names(mut self, text: impl Into<String>) -> Self {
        self.names = text.into();
        self
    }

    /// Adds an outer attribute to the types of an element and of all below it.
    ///
    /// The struct of a profile goes by its canonical URL, an enum of codes by that of its value set.
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

    /// Writes the only value of a repeating element without an array around it in profile structs, as
    /// some services want it. Both forms are read, here and elsewhere.
    #[must_use]
    pub fn single(mut self, path: impl Into<String>) -> Self {
        self.settings.write_single(path.into());
        self
    }

    /// Where generated code finds `ers-fhir-model`; `::ers_fhir_model`, if not said otherwise.
    #[must_use]
    pub fn model_path(mut self, path: impl Into<String>) -> Self {
        self.model = path.into();
        self
    }

    /// The command that headers of generated files name.
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.command = command.into();
        self
    }

    /// The folder to write to; if not said otherwise, `OUT_DIR`, which Cargo gives to build scripts.
    #[must_use]
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// The name of the one file that is written; `fhir.rs`, if not said otherwise.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = name.into();
        self
    }
}
