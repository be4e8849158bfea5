//! A run: opens packages, lowers and emits them, and writes the result.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ers_fhir_profiles::definition::{StructureDefinition, StructureKind};
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_values::canonical;

use super::outcome::{Absent, Outcome, Skipped};
use super::{Config, Source};
use crate::book::Book;
use crate::emit::{self, Files, Paths};
use crate::error::Error;
use crate::ir::Model;
use crate::lower;
use crate::settings::{Generated, Settings};

/// A file that was generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Name, relative to the output folder.
    pub name: String,
    /// Content.
    pub content: String,
}

/// The inputs of a run.
struct Inputs {
    definitions: Arc<Definitions>,
    resources: BTreeSet<String>,
    profiles: Vec<String>,
    /// Files of packages that cannot be used, with the reason.
    unusable: Vec<String>,
    /// Definitions that are not profiles, in packages of which all profiles are requested.
    others: Vec<Skipped>,
}

/// A profile of a package of which all profiles are requested.
struct Candidate {
    package: String,
    url: String,
    version: Option<String>,
}

impl Config {
    /// The representation from which code is generated.
    pub fn model(&self) -> Result<Model, Error> {
        let inputs = self.inputs()?;
        let settings = self.settings()?;
        let lowered = self.lower(&inputs, &settings);
        let (model, failed) = lowered.map_err(|error| inputs.explain(error))?;
        match failed.into_values().next() {
            Some(error) => Err(inputs.explain(error)),
            None => Ok(model),
        }
    }

    /// All code in one file, to be included by a build script's crate; an error if a definition that was requested
    /// and not [excluded](Self::exclude) cannot be generated.
    pub fn generate_file(&self) -> Result<String, Error> {
        self.run()?.complete()?.file()
    }

    /// A module of many files; an error as for [one file](Self::generate_file).
    pub fn generate(&self) -> Result<Vec<GeneratedFile>, Error> {
        self.run()?.complete()?.modules()
    }

    /// Generates whatever can be generated. A definition that cannot is
    /// [skipped with a reason](Outcome::skipped), and the run continues with the others.
    pub fn run(&self) -> Result<Outcome, Error> {
        let inputs = self.inputs()?;
        let found = self.emit(&inputs);
        found.map_err(|error| inputs.explain(error))
    }

    /// Writes one file to the output folder, and returns its path.
    pub fn write_file(&self) -> Result<PathBuf, Error> {
        self.write_one(self.run()?.complete()?)
    }

    fn write_one(&self, outcome: Outcome) -> Result<PathBuf, Error> {
        let set = std::env::var_os("OUT_DIR").map(PathBuf::from);
        let folder = self.out_dir.clone().or(set).ok_or(Error::NoFolder)?;
        let path = folder.join(&self.file_name);
        write(&path, &outcome.file()?)?;
        Ok(path)
    }

    /// Writes a module of many files to the output folder, and returns the path of its `mod.rs`.
    pub fn write_modules(&self) -> Result<PathBuf, Error> {
        let folder = self.out_dir.clone().ok_or(Error::NoFolder)?;
        for file in self.generate()? {
            write(&folder.join(&file.name), &file.content)?;
        }
        Ok(folder.join("mod.rs"))
    }

    /// For build scripts: writes one file to the output folder, warns about skipped definitions, and makes Cargo run
    /// the script again when a package changes.
    #[expect(clippy::print_stdout, reason = "Cargo reads the output of build scripts")]
    pub fn compile(&self) -> Result<PathBuf, Error> {
        // Without this, Cargo would run the script again whenever anything changes.
        println!("cargo::rerun-if-changed=build.rs");
        for path in self.dependencies.iter().chain(&self.packages).filter_map(Source::path) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        let outcome = self.run()?;
        for skipped in outcome.skipped() {
            println!("cargo::warning={skipped}");
        }
        for absent in outcome.absent() {
            println!("cargo::warning={absent}");
        }
        self.write_one(outcome)
    }

    fn inputs(&self) -> Result<Inputs, Error> {
        let mut definitions = Definitions::embedded(self.version);
        for name in &self.embedded {
            if !definitions.add_embedded(name) {
                return Err(Error::NotEmbedded { package: name.clone(), version: self.version });
            }
        }
        for source in &self.dependencies {
            definitions.add(source.open()?);
        }
        let mut resources: BTreeSet<String> = self.resources.iter().cloned().collect();
        if self.has_all_resources {
            resources.extend(resources_of(&definitions)?);
        }
        let mut candidates = Vec::new();
        let (mut unusable, mut others) = (Vec::new(), Vec::new());
        for source in &self.packages {
            let package = source.open()?;
            if self.has_all_profiles {
                for head in package.heads().filter(|head| head.kind == Kind::Structure) {
                    let url = head.url.to_string();
                    if self.excluded.contains(&url) {
                        continue;
                    }
                    let release = head.fhir_version.as_deref().and_then(|release| release.parse().ok());
                    if release.is_some_and(|release: FhirVersion| release != self.version) {
                        others.push(no_profile(
                            package.name(),
                            url,
                            "is written for another release of FHIR",
                        ));
                    } else if head.is_constraint {
                        let version = head.version.as_deref().map(str::to_owned);
                        candidates.push(Candidate { package: package.name().to_owned(), url, version });
                    } else if head.structure_kind.as_deref() == Some("logical") {
                        let reason = "is a logical model, for which FHIR defines no JSON";
                        others.push(no_profile(package.name(), url, reason));
                    } else {
                        let reason = "defines a type, not a profile: request the type by its name";
                        others.push(no_profile(package.name(), url, reason));
                    }
                }
            }
            let problems = package.problems().iter();
            unusable.extend(problems.map(|problem| format!("{problem} (package '{}')", package.name())));
            definitions.add(package);
        }
        resources.retain(|name| !self.excluded.contains(name));
        let mut profiles = self.profiles.clone();
        profiles.extend(self.chosen(candidates, &definitions, &mut others));
        profiles.retain(|canonical| !self.excluded.contains(canonical::url(canonical)));
        Ok(Inputs { definitions: Arc::new(definitions), resources, profiles, unusable, others })
    }

    /// Which of the profiles of packages are generated, besides those that are requested by name: one version of each.
    fn chosen(
        &self,
        candidates: Vec<Candidate>,
        definitions: &Definitions,
        others: &mut Vec<Skipped>,
    ) -> Vec<String> {
        let mut requested: BTreeMap<&str, &str> = BTreeMap::new();
        for canonical in &self.profiles {
            requested.entry(canonical::url(canonical)).or_insert(canonical);
        }
        let mut chosen = Vec::new();
        for Candidate { package, url, version } in candidates {
            let by_name = requested.get(url.as_str()).copied();
            let found = definitions.find(Kind::Structure, by_name.unwrap_or(&url));
            let Some(other) = found.map(|found| found.version).filter(|other| *other != version.as_deref())
            else {
                if by_name.is_none() {
                    chosen.push(url);
                }
                continue;
            };
            let canonical = version.map_or_else(|| url.clone(), |version| format!("{url}|{version}"));
            if !self.excluded.contains(&canonical) {
                let reason = format!(
                    "is hidden by version {} of the same profile: request this one by its URL, in a run of its own",
                    other.unwrap_or("(none)")
                );
                others.push(no_profile(&package, canonical, &reason));
            }
        }
        chosen
    }

    fn lower(&self, inputs: &Inputs, settings: &Settings) -> Result<(Model, BTreeMap<String, Error>), Error> {
        let mut resources = inputs.resources.clone();
        resources.extend(constrained(&inputs.definitions, &inputs.profiles));
        lower::lower(&inputs.definitions, &resources, settings, &self.excluded)
    }

    /// The settings, checked as far as possible without definitions.
    fn settings(&self) -> Result<Settings, Error> {
        self.settings.check()?;
        let mut settings = self.settings.clone();
        settings.book = Book::read(&self.names)?;
        Ok(settings)
    }

    fn emit(&self, inputs: &Inputs) -> Result<Outcome, Error> {
        let settings = self.settings()?;
        let (model, failed) = self.lower(inputs, &settings)?;
        let wanted = lower::Wanted {
            profiles: &inputs.profiles,
            excluded: &self.excluded,
            prefix: &self.prefix,
            settings: &settings,
        };
        let lowered = lower::lower_profiles(&inputs.definitions, &model, wanted);
        let (structs, lists) = (&lowered.structs, &lowered.lists);
        let generated = Generated { model: &model, structs, lists };
        // A setting for something that was skipped would seem to name nothing.
        if failed.is_empty() && lowered.failed.is_empty() {
            settings.check_against(&inputs.definitions, &generated)?;
        }
        let mut files = Files::default();
        let base = if let Some(path) = &self.base {
            Some((model.names().map(str::to_owned).collect(), parse_path(path)?))
        } else {
            emit::base(&model, &mut files);
            None
        };
        emit::profiles(&model, structs, lists, &mut files);
        let own = self.base.is_none().then_some(&model);
        let is_empty = structs.is_empty() && inputs.resources.iter().all(|name| failed.contains_key(name));
        let skipped = failed.into_iter().chain(lowered.failed);
        let skipped = skipped.map(|(name, error)| Skipped { name, reason: inputs.explain(error) });
        let absent = lowered.absent.into_iter();
        let what = if self.base.is_some() { "profiles" } else { "resources, datatypes and code lists" };
        let specification = self.version.specification();
        Ok(Outcome {
            files,
            is_empty,
            names: settings.book.write(own, structs, lists),
            paths: Paths { model: parse_path(&self.model)?, base },
            header: self.header(),
            docs: format!("FHIR {}: {what}.\n\nSource: <{specification}>.", self.version),
            skipped: skipped.chain(inputs.others.iter().cloned()).collect(),
            absent: absent.map(|(profile, reason)| Absent { profile, reason }).collect(),
        })
    }

    fn header(&self) -> String {
        format!(
            "@generated by ers-fhir-codegen from the definitions of FHIR {} ({}).\nDo not edit; regenerate with: {}",
            self.version,
            self.version.number(),
            self.command
        )
    }
}

impl Inputs {
    /// Adds what a user needs to find the definition to an error: its package, and files that were
    /// ignored, one of which may hold the missing definition.
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
            Error::Unknown { .. } | Error::NoType { .. } if !self.unusable.is_empty() => {
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

/// A skipped definition that is not a profile of the release, where all profiles are requested.
fn no_profile(package: &str, url: String, reason: &str) -> Skipped {
    let reason = Error::Element {
        package: package.to_owned(),
        canonical: url.clone(),
        element: "the root".to_owned(),
        reason: reason.to_owned(),
    };
    Skipped { name: url, reason }
}

/// The types that profiles constrain, and those of the profiles and resources they refer to. Faults of a profile
/// are reported when it is lowered.
fn constrained(definitions: &Definitions, profiles: &[String]) -> BTreeSet<String> {
    let mut types = BTreeSet::new();
    let mut open: Vec<String> = profiles.to_vec();
    let mut seen = BTreeSet::new();
    while let Some(canonical) = open.pop() {
        if !seen.insert(canonical.clone()) {
            continue;
        }
        let Ok(Some(definition)) = definitions.structure(&canonical) else { continue };
        let Ok(Some(snapshot)) = definitions.sound_snapshot(&canonical) else { continue };
        let is_of_type = |found: &StructureDefinition| {
            matches!(found.kind, StructureKind::Resource | StructureKind::Complex) && !found.is_abstract
        };
        let base = definitions.type_definition(&definition.type_name).ok().flatten();
        if base.is_some_and(|base| is_of_type(&base)) {
            types.insert(definition.type_name.clone());
        }
        for given in snapshot.elements().iter().flat_map(|element| &element.types) {
            open.extend(given.profiles.iter().cloned());
            let found = definitions.type_definition(&given.code).ok().flatten();
            if found.is_some_and(|found| found.kind == StructureKind::Resource && is_of_type(&found)) {
                types.insert(given.code.clone());
            }
        }
    }
    types
}

fn parse_path(path: &str) -> Result<syn::Path, Error> {
    syn::parse_str(path)
        .map_err(|error| Error::Syntax { file: format!("the path '{path}'"), reason: error.to_string() })
}

fn write(path: &Path, content: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|source| Error::io(folder, source))?;
    }
    std::fs::write(path, content).map_err(|source| Error::io(path, source))
}
