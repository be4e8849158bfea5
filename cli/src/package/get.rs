//! Getting packages, from local folders and from registries.

use std::fmt::Write;
use std::path::{Path, PathBuf};
#[cfg(any(feature = "client", feature = "online"))]
use std::time::Duration;

use clap::Args;
#[cfg(any(feature = "client", feature = "online"))]
use ers_fhir_lint::{Tell, is_address};
#[cfg(any(feature = "client", feature = "online"))]
use ers_fhir_packages::online::{Registries, fetch_directly, registries};
use ers_fhir_packages::{
    LOCK_FILE, Lock, Lost, Restore, Restored, Shelves, Source, Step, Store, Unfound, Wanted, dependencies,
    manifest, set,
};

use super::settings::Project;
use crate::ending::Ending;
use crate::output::Output;

/// The sources of packages.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct GetArgs {
    /// URL of a registry to fetch from, instead of the default ones (repeatable, tried in order).
    #[arg(long = "registry", value_name = "URL")]
    registries: Vec<String>,

    /// Seconds that one response of a registry may take (default: 120).
    #[arg(long, value_name = "SECONDS", default_value_t = 120, hide_default_value = true,
        value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,

    /// Fetch nothing, and use only local packages.
    #[arg(long)]
    offline: bool,

    /// Folder of packages (repeatable), searched before those of `ERS_FHIR_PACKAGES` and
    /// ~/.fhir/packages.
    #[arg(long = "package-dir", value_name = "DIR")]
    folders: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// Package: its name, optionally with #version or @version, or a short name such as uk-core.
    #[arg(value_name = "PACKAGE", required = true)]
    packages: Vec<String>,

    /// Version to use instead of any requested one (repeatable); `none` leaves the package out.
    #[arg(long = "override", value_name = "NAME#VERSION")]
    overrides: Vec<String>,

    #[command(flatten)]
    get: GetArgs,
}

#[derive(Debug, Args)]
pub(super) struct Remove {
    /// Package as added, or its name.
    #[arg(value_name = "PACKAGE", required = true)]
    packages: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// Fail if fhir.lock is missing or out of date, instead of writing it.
    #[arg(long)]
    locked: bool,

    /// Also unpack them into ~/.fhir/packages, for other FHIR tools.
    #[arg(long)]
    shared: bool,

    /// Version to use instead of any requested one (repeatable); `none` leaves the package out.
    #[arg(long = "override", value_name = "NAME#VERSION", conflicts_with = "locked")]
    overrides: Vec<String>,

    #[command(flatten)]
    get: GetArgs,
}

#[derive(Debug, Args)]
pub(super) struct Vendor {
    /// Folder for the archives, to be used with --package-dir.
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Fail if fhir.lock is missing or out of date, instead of writing it.
    #[arg(long)]
    locked: bool,

    #[command(flatten)]
    get: GetArgs,
}

type Said = Result<(String, Ending), String>;

pub(super) fn add(args: &Add, output: &Output) -> Said {
    let mut project = Project::find()?;
    for said in &args.packages {
        project.add(said, &wanted(said)?);
    }
    let (restored, lock, ending) = run(&args.get, &project, &args.overrides, false, output)?;
    if ending == Ending::Trouble {
        return Ok((String::new(), ending));
    }
    project.write()?;
    let text = kept(&restored, &lock)?;
    Ok((text, ending))
}

pub(super) fn remove(args: &Remove, output: &Output) -> Said {
    let mut project = Project::find()?;
    let mut text = String::new();
    for said in &args.packages {
        if !project.remove(said) {
            return Err(format!(
                "ers-fhir.toml does not name {said}: it names {}",
                listed(&project.packages)
            ));
        }
        let _infallible = writeln!(text, "{said} is removed");
    }
    project.write()?;
    let path = lock_path(&project);
    if path.is_file() {
        let lock = Lock::read(&path).map_err(|error| error.to_string())?;
        let before = lock.packages.len();
        let lock = lock.kept(&roots(&project)?);
        lock.write(&path).map_err(|error| error.to_string())?;
        let _infallible = writeln!(text, "{LOCK_FILE}: {} of {before} packages stay", lock.packages.len());
    } else {
        output.note("note", &format!("there is no {LOCK_FILE}"));
    }
    Ok((text, Ending::Clean))
}

pub(super) fn restore(args: &RestoreArgs, output: &Output) -> Said {
    let project = Project::find()?;
    let (restored, lock, ending) = run(&args.get, &project, &args.overrides, args.locked, output)?;
    if args.shared {
        let folder = std::env::home_dir().ok_or("the home folder is unknown")?;
        let folder = folder.join(".fhir").join("packages");
        for (locked, place) in restored.lock.packages.iter().zip(&restored.places) {
            if place.is_file() {
                ers_fhir_packages::share(place, &locked.name, &locked.version, &folder)
                    .map_err(|error| error.to_string())?;
            }
        }
    }
    let text = if args.locked { summary(&restored) } else { kept(&restored, &lock)? };
    Ok((text, ending))
}

pub(super) fn vendor(args: &Vendor, output: &Output) -> Said {
    let project = Project::find()?;
    let (restored, lock, ending) = run(&args.get, &project, &[], args.locked, output)?;
    let mut text = if args.locked { summary(&restored) } else { kept(&restored, &lock)? };
    for (locked, place) in restored.lock.packages.iter().zip(&restored.places) {
        ers_fhir_packages::vendor(place, &locked.name, &locked.version, &args.folder)
            .map_err(|error| error.to_string())?;
    }
    let shown = args.folder.display();
    let _infallible =
        writeln!(text, "{} archives are in {shown}: use it with --package-dir", restored.places.len());
    Ok((text, ending))
}

/// Gets the packages of a project. Returns the lock file and the exit status; failures are reported.
fn run(
    args: &GetArgs,
    project: &Project,
    overrides: &[String],
    is_locked: bool,
    output: &Output,
) -> Result<(Restored, PathBuf, Ending), String> {
    let path = lock_path(project);
    let mut lock = match path.is_file() {
        true => Lock::read(&path).map_err(|error| error.to_string())?,
        false if is_locked => {
            return Err(format!("there is no {LOCK_FILE}: run `ers-fhir package restore` without --locked"));
        }
        false => Lock::default(),
    };
    for text in overrides {
        let one: Wanted = text.parse().map_err(|error| format!("--override: {error}"))?;
        lock.overrides.insert(one.name.to_ascii_lowercase(), one.range.to_string());
    }
    let roots = roots(project)?;
    if roots.is_empty() {
        return Err(
            "no package is named: name some under packages in ers-fhir.toml, or run `ers-fhir package add`"
                .to_owned(),
        );
    }
    let tell = |step: Step<'_>| match step {
        Step::Fetching(offer) => {
            output.note("fetching", &format!("{}#{} from {}", offer.name, offer.version, offer.registry));
        }
        Step::Instead(wanted, unfound) => output.warn(&instead(wanted, unfound)),
    };
    if cfg!(not(any(feature = "client", feature = "online"))) && !args.offline {
        output.note("note", "this ers-fhir was built without support for registries: nothing is fetched");
    }
    let restored = got(args, &lock, is_locked, &roots, &tell)?;
    let mut ending = Ending::Clean;
    for lost in &restored.lost {
        ending = ending.max(complained(lost, output));
    }
    Ok((restored, path, ending))
}

/// Gets packages and their dependencies.
fn got(
    args: &GetArgs,
    lock: &Lock,
    is_locked: bool,
    roots: &[Wanted],
    tell: &dyn Fn(Step<'_>),
) -> Result<Restored, String> {
    let store = store()?;
    let shelves = Shelves::usual().after(&args.folders);
    let source = source(args)?;
    let restore =
        Restore { shelves: &shelves, store: &store, source: source.as_deref(), lock, is_locked, tell };
    restore.run(roots).map_err(|error| error.to_string())
}

/// The cache of fetched packages.
fn store() -> Result<Store, String> {
    let store = Store::usual();
    store.ok_or_else(|| "the folder for packages is unknown: set the variable ERS_FHIR_CACHE".to_owned())
}

/// The registries; none if nothing is to be fetched.
#[cfg(any(feature = "client", feature = "online"))]
fn source(args: &GetArgs) -> Result<Option<Box<dyn Source>>, String> {
    if args.offline {
        return Ok(None);
    }
    let all = registries(&args.registries).map_err(|error| error.to_string())?;
    let timeout = Duration::from_secs(args.timeout);
    Ok(Some(Box::new(Registries::new(all, timeout))))
}

#[cfg(not(any(feature = "client", feature = "online")))]
#[expect(clippy::unnecessary_wraps, reason = "as with registries")]
fn source(_: &GetArgs) -> Result<Option<Box<dyn Source>>, String> {
    Ok(None)
}

/// Gets the dependencies of named packages before they are opened, and reports those that are not available. Returns
/// the packages with each URL replaced by the fetched file.
#[cfg(any(feature = "client", feature = "online"))]
pub(crate) fn fetch(
    packages: &[PathBuf],
    folders: &[PathBuf],
    lock: &Lock,
    to: &dyn Tell,
) -> Result<Vec<PathBuf>, String> {
    let args = GetArgs { folders: folders.to_owned(), timeout: 120, ..GetArgs::default() };
    let at_hand = |said: &PathBuf| match said.to_str().filter(|_| is_address(said)) {
        Some(address) => {
            let fetched = fetch_directly(address, &store()?, Duration::from_secs(args.timeout));
            fetched.map_err(|error| format!("--ig: {error}"))
        }
        None => Ok(said.clone()),
    };
    let packages: Vec<PathBuf> = packages.iter().map(at_hand).collect::<Result<_, String>>()?;
    let mut roots = Vec::new();
    for said in &packages {
        match said.to_str().filter(|_| !said.exists()).map(wanted) {
            Some(Ok(some)) => roots.extend(some),
            _ => roots.extend(needed_by(said)),
        }
    }
    let tell = |step: Step<'_>| {
        if let Step::Instead(wanted, unfound) = step {
            to.warn(&instead(wanted, unfound));
        }
    };
    let restored = got(&args, lock, false, &roots, &tell)?;
    for lost in restored.lost {
        to.warn(&lost.why.to_string());
    }
    Ok(packages)
}

/// The message that a local package is used that may not be the latest.
fn instead(wanted: &Wanted, unfound: &Unfound) -> String {
    format!("a local {wanted} is used, as {unfound}")
}

/// Reports that a package is not available.
fn complained(lost: &Lost, output: &Output) -> Ending {
    let Lost { wanted, needed_by, why } = lost;
    match needed_by {
        None => {
            output.complain(&why.to_string());
            Ending::Trouble
        }
        Some(by) => {
            let name = &wanted.name;
            output.warn(&format!(
                "cannot get {wanted}, which {by} depends on: {why}. Use --override {name}#VERSION for another \
                 version, or --override {name}#none to leave it out"
            ));
            Ending::Findings
        }
    }
}

/// Writes the lock file, and returns a message.
fn kept(restored: &Restored, lock: &Path) -> Result<String, String> {
    let is_new = restored.lock.write(lock).map_err(|error| error.to_string())?;
    let what = if is_new { "is written: commit it" } else { "is unchanged" };
    Ok(format!("{}{} {what}\n", summary(restored), lock.display()))
}

fn summary(restored: &Restored) -> String {
    let mut text = String::new();
    for locked in &restored.lock.packages {
        let _infallible = writeln!(text, "{}#{}  {}", locked.name, locked.version, locked.registry);
    }
    let (all, fetched) = (restored.lock.packages.len(), restored.fetched);
    let _infallible =
        writeln!(text, "{all} {}, {fetched} fetched", if all == 1 { "package" } else { "packages" });
    text
}

/// The packages that a project needs: those that it names, the dependencies of named folders and files, and its
/// own dependencies.
fn roots(project: &Project) -> Result<Vec<Wanted>, String> {
    let mut roots = Vec::new();
    for said in &project.packages {
        let path = project.folder.join(said);
        if path.exists() {
            roots.extend(needed_by(&path));
        } else {
            roots.extend(wanted(said)?);
        }
    }
    roots.extend(needed_by(&project.folder));
    Ok(roots)
}

/// The dependencies of a folder or file.
fn needed_by(path: &Path) -> Vec<Wanted> {
    let said = if path.is_dir() { dependencies(path) } else { None };
    let said = said.or_else(|| manifest(path).map(|manifest| manifest.dependencies)).unwrap_or_default();
    said.iter().filter_map(|(name, version)| Wanted::new(name, version).ok()).collect()
}

/// The packages that a name stands for.
fn wanted(said: &str) -> Result<Vec<Wanted>, String> {
    match set(said) {
        Some(set) => Ok(set.packages),
        None => said.parse().map(|one| vec![one]).map_err(|error| format!("{error}")),
    }
}

fn lock_path(project: &Project) -> PathBuf {
    Lock::find(&project.folder).unwrap_or_else(|| project.folder.join(LOCK_FILE))
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
