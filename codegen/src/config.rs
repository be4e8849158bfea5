//! What to generate, from what, and where to.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};

use crate::emit::{self, Files, Paths};
use crate::error::Error;
use crate::ir::Model;
use crate::lower;

/// A run of the generator: packages in, Rust out.
///
/// ```
/// use ers_fhir_codegen::Config;
/// use ers_fhir_profiles::FhirVersion;
///
/// let rust = Config::new(FhirVersion::R4).resources(["Patient"]).generate_file()?;
/// assert!(rust.contains("pub struct Patient"));
/// # Ok::<(), ers_fhir_codegen::Error>(())
/// ```
#[derive(Debug)]
pub struct Config {
    version: FhirVersion,
    packages: Vec<Package>,
    resources: Vec<String>,
    profiles: Vec<String>,
    prefix: String,
    base: Option<String>,
    skipped: Vec<String>,
    model: String,
    command: String,
    out_dir: Option<PathBuf>,
}

/// A file that was generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Name, relative to the output folder.
    pub name: String,
    /// Content.
    pub content: String,
}

impl Config {
    /// A run for a FHIR release, whose definitions and those of e-RS are there from the start.
    pub fn new(version: FhirVersion) -> Self {
        Self {
            version,
            packages: Vec::new(),
            resources: Vec::new(),
            profiles: Vec::new(),
            prefix: String::new(),
            base: None,
            skipped: Vec::new(),
            model: "::ers_fhir_model".to_owned(),
            command: "ers-fhir generate rust".to_owned(),
            out_dir: None,
        }
    }

    /// Adds a package of definitions above those that are there.
    #[must_use]
    pub fn package(mut self, package: Package) -> Self {
        self.packages.push(package);
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
        let definitions = Definitions::embedded(self.version);
        let known = definitions.known(ers_fhir_profiles::package::Kind::Structure);
        let types = known.iter().filter(|known| !known.is_constraint && known.package.contains(".core."));
        for known in types {
            let definition = definitions.structure(known.url).ok().flatten();
            let is_resource = definition.is_some_and(|definition| {
                definition.kind == ers_fhir_profiles::definition::StructureKind::Resource
                    && !definition.is_abstract
            });
            self.resources.extend(known.type_name.filter(|_| is_resource).map(str::to_owned));
        }
        self
    }

    /// Generates structs for these profiles, by canonical URL, and for those that they lead to.
    #[must_use]
    pub fn profiles<I: IntoIterator<Item: Into<String>>>(mut self, profiles: I) -> Self {
        self.profiles.extend(profiles.into_iter().map(Into::into));
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

    /// Leaves out the elements whose paths start with this: `Patient.contact`.
    #[must_use]
    pub fn skip(mut self, path: impl Into<String>) -> Self {
        self.skipped.push(path.into());
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

    /// The folder to write to.
    #[must_use]
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// The representation from which code is generated.
    pub fn model(&self) -> Result<Model, Error> {
        lower::lower(&self.definitions(), self.resources.iter().cloned(), &|path| self.skips(path))
    }

    /// All code in one file, as a build script includes it.
    pub fn generate_file(&self) -> Result<String, Error> {
        let (files, paths) = self.files()?;
        files.into_one(&paths, &self.header())
    }

    /// A module of many files.
    pub fn generate(&self) -> Result<Vec<GeneratedFile>, Error> {
        let what = if self.base.is_some() { "profiles" } else { "resources, datatypes and code lists" };
        let specification = self.version.specification();
        let docs = format!("FHIR {}: {what}.\n\nSource: <{specification}>.", self.version);
        let (files, paths) = self.files()?;
        let files = files.into_modules(&paths, &self.header(), &docs)?;
        Ok(files.into_iter().map(|(name, content)| GeneratedFile { name, content }).collect())
    }

    /// Writes one file, `fhir.rs`, to the output folder; `OUT_DIR` where none was set.
    pub fn write_file(&self) -> Result<PathBuf, Error> {
        let folder = match &self.out_dir {
            Some(folder) => folder.clone(),
            None => std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default(),
        };
        let path = folder.join("fhir.rs");
        write(&path, &self.generate_file()?)?;
        Ok(path)
    }

    fn definitions(&self) -> Arc<Definitions> {
        let mut definitions = Definitions::embedded(self.version);
        for package in &self.packages {
            definitions.add(package.clone());
        }
        Arc::new(definitions)
    }

    /// What is generated, and where it finds the rest.
    fn files(&self) -> Result<(Files, Paths), Error> {
        let definitions = self.definitions();
        let model = lower::lower(&definitions, self.resources.iter().cloned(), &|path| self.skips(path))?;
        let mut files = Files::default();
        let base = if let Some(path) = &self.base {
            Some((names_of(&model), parse_path(path)?))
        } else {
            emit::base(&model, &mut files);
            None
        };
        let (structs, lists) = lower::lower_profiles(&definitions, &model, &self.profiles, &self.prefix)?;
        emit::profiles(&model, &structs, &lists, &mut files);
        Ok((files, Paths { model: parse_path(&self.model)?, base }))
    }

    fn header(&self) -> String {
        format!(
            "@generated by ers-fhir-codegen from the definitions of FHIR {} ({}).\nDo not edit; make anew with: {}",
            self.version,
            self.version.number(),
            self.command
        )
    }

    /// Whether an element, or one around it, is left out.
    fn skips(&self, path: &str) -> bool {
        self.skipped.iter().any(|skipped| {
            path.strip_prefix(skipped.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
}

fn parse_path(path: &str) -> Result<syn::Path, Error> {
    syn::parse_str(path)
        .map_err(|error| Error::Syntax { file: format!("the path '{path}'"), reason: error.to_string() })
}

/// The names of everything that is generated for base types.
fn names_of(model: &Model) -> BTreeSet<String> {
    let structures = model.structures.iter().map(|structure| &structure.name);
    let choices = model.choices.iter().map(|choice| &choice.name);
    let codes = model.codes.iter().map(|list| &list.name);
    structures.chain(choices).chain(codes).cloned().chain(["Resource".to_owned()]).collect()
}

fn write(path: &Path, content: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|source| Error::io(folder, source))?;
    }
    std::fs::write(path, content).map_err(|source| Error::io(path, source))
}
