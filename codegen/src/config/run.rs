//! A run: packages opened, lowered, emitted and written.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::definition::StructureKind;
use ers_fhir_profiles::package::Kind;

use super::{Config, Source};
use crate::emit::{self, Files, Paths};
use crate::error::Error;
use crate::ir::Model;
use crate::lower;
use crate::settings::Generated;

/// A file that was generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Name, relative to the output folder.
    pub name: String,
    /// Content.
    pub content: String,
}

/// What a run starts from.
struct Inputs {
    definitions: Arc<Definitions>,
    resources: BTreeSet<String>,
    profiles: Vec<String>,
    /// Files of packages that cannot be used, with the reason.
    unusable: Vec<String>,
}

impl Config {
    /// The representation from which code is generated.
    pub fn model(&self) -> Result<Model, Error> {
        let inputs = self.inputs()?;
        self.lower(&inputs).map_err(|error| inputs.explain(error))
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

    /// Writes one file to the output folder, and gives its path.
    pub fn write_file(&self) -> Result<PathBuf, Error> {
        let set = std::env::var_os("OUT_DIR").map(PathBuf::from);
        let folder = self.out_dir.clone().or(set).ok_or(Error::NoFolder)?;
        let path = folder.join(&self.file_name);
        write(&path, &self.generate_file()?)?;
        Ok(path)
    }

    /// Writes a module of many files to the output folder, and gives the path of its `mod.rs`.
    pub fn write_modules(&self) -> Result<PathBuf, Error> {
        let folder = self.out_dir.clone().ok_or(Error::NoFolder)?;
        for file in self.generate()? {
            write(&folder.join(&file.name), &file.content)?;
        }
        Ok(folder.join("mod.rs"))
    }

    /// For build scripts: [writes one file](Self::write_file), and has Cargo run the script again when
    /// a package changes.
    #[expect(clippy::print_stdout, reason = "Cargo reads the output of build scripts")]
    pub fn compile(&self) -> Result<PathBuf, Error> {
        // Without a word from the script, Cargo would run it again whatever changes.
        println!("cargo::rerun-if-changed=build.rs");
        for path in self.packages.iter().filter_map(Source::path) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        self.write_file()
    }

    fn inputs(&self) -> Result<Inputs, Error> {
        let mut definitions = Definitions::embedded(self.version);
        for name in &self.embedded {
            if !definitions.add_embedded(name) {
                return Err(Error::NotEmbedded { package: name.clone(), version: self.version });
            }
        }
        let mut resources: BTreeSet<String> = self.resources.iter().cloned().collect();
        if self.has_all_resources {
            resources.extend(resources_of(&definitions)?);
        }
        let mut profiles = self.profiles.clone();
        let mut unusable = Vec::new();
        for source in &self.packages {
            let package = source.open()?;
            if self.has_all_profiles {
                let heads = package.heads().filter(|head| head.kind == Kind::Structure);
                profiles.extend(heads.filter(|head| head.is_constraint).map(|head| head.url.to_string()));
            }
            let problems = package.problems().iter();
            unusable.extend(problems.map(|problem| format!("{problem} (package '{}')", package.name())));
            definitions.add(package);
        }
        Ok(Inputs { definitions: Arc::new(definitions), resources, profiles, unusable })
    }

    fn lower(&self, inputs: &Inputs) -> Result<Model, Error> {
        self.settings.check()?;
        let constrained = constrained(&inputs.definitions, &inputs.profiles)?;
        let resources = inputs.resources.iter().cloned().chain(constrained);
        lower::lower(&inputs.definitions, resources, &self.settings)
    }

    /// What is generated, and where it finds the rest.
    fn files(&self) -> Result<(Files, Paths), Error> {
        let inputs = self.inputs()?;
        let found = self.emit(&inputs);
        found.map_err(|error| inputs.explain(error))
    }

    fn emit(&self, inputs: &Inputs) -> Result<(Files, Paths), Error> {
        let model = self.lower(inputs)?;
        let (structs, lists) = lower::lower_profiles(
            &inputs.definitions,
            &model,
            &inputs.profiles,
            &self.prefix,
            &self.settings,
        )?;
        let generated = Generated { model: &model, structs: &structs, lists: &lists };
        self.settings.check_against(&inputs.definitions, &generated)?;
        let mut files = Files::default();
        let base = if let Some(path) = &self.base {
            Some((names_of(&model), parse_path(path)?))
        } else {
            emit::base(&model, &mut files);
            None
        };
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
}

impl Inputs {
    /// An error with what a user needs to find the definition: its package, and files that were
    /// passed over, of which one may be the definition that is not found.
    fn explain(&self, error: Error) -> Error {
        match error {
            Error::Definitions(ers_fhir_profiles::Error::Snapshot(source)) => {
                let known = self.definitions.known(Kind::Structure);
                let package = known.iter().find(|known| known.url == source.canonical());
                match package {
                    Some(known) => Error::Snapshot { package: known.package.to_owned(), source },
                    None => Error::Definitions(source.into()),
                }
            }
            Error::Unknown { .. } if !self.unusable.is_empty() => {
                Error::Unusable { source: Box::new(error), files: self.unusable.join("; ") }
            }
            error => error,
        }
    }
}

/// Every resource of the release.
fn resources_of(definitions: &Definitions) -> Result<Vec<String>, Error> {
    let mut types = Vec::new();
    for known in definitions.known(Kind::Structure) {
        let Some(name) = known.type_name.filter(|_| !known.is_constraint && known.package.contains(".core."))
        else {
            continue;
        };
        let definition = definitions.structure(known.url)?;
        if definition.is_some_and(|found| found.kind == StructureKind::Resource && !found.is_abstract) {
            types.push(name.to_owned());
        }
    }
    Ok(types)
}

/// The types that profiles constrain, and those of the profiles and resources that they lead to.
fn constrained(definitions: &Definitions, profiles: &[String]) -> Result<BTreeSet<String>, Error> {
    let mut types = BTreeSet::new();
    let mut open: Vec<String> = profiles.to_vec();
    let mut seen = BTreeSet::new();
    while let Some(canonical) = open.pop() {
        if !seen.insert(canonical.clone()) {
            continue;
        }
        // Who needs a profile that is not there is said when it is lowered.
        let Some(definition) = definitions.structure(&canonical)? else { continue };
        let Some(snapshot) = definitions.sound_snapshot(&canonical)? else { continue };
        types.insert(definition.type_name.clone());
        for given in snapshot.elements().iter().flat_map(|element| &element.types) {
            open.extend(given.profiles.iter().cloned());
            let found = definitions.type_definition(&given.code)?;
            if found.is_some_and(|found| found.kind == StructureKind::Resource && !found.is_abstract) {
                types.insert(given.code.clone());
            }
        }
    }
    Ok(types)
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
