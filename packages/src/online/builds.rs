//! The current builds on HL7's build server.

use serde::Deserialize;

use super::address::Address;
use super::client::Client;
use super::registries::Registry;
use crate::fault::Fault;
use crate::source::Offer;

/// HL7's build server.
pub(super) fn server() -> Address {
    Address::secure("build.fhir.org")
}

/// The largest list of builds that is read.
const MAX_BYTES: u64 = 64 << 20;

/// A build.
#[derive(Debug, Deserialize)]
struct Build {
    #[serde(rename = "package-id", default)]
    package: String,
    /// Where its report is: `organisation/repository/branches/main/qa.json`.
    #[serde(default)]
    repo: String,
    #[serde(rename = "dateISO8601", default)]
    date: String,
}

/// The build of a package: of the named branch, or else of the main one.
pub(super) fn find(
    client: &Client,
    server: &Registry,
    name: &str,
    branch: Option<&str>,
) -> Result<Offer, Fault> {
    let mut json = Vec::new();
    client.get(server, &server.address().below("ig/qas.json"), "application/json", MAX_BYTES, &mut json)?;
    let builds: Vec<Build> =
        serde_json::from_slice(&json).map_err(|error| Fault::Listing(error.to_string()))?;
    let is_meant = |of: &str| match branch {
        Some(branch) => branch == of,
        None => matches!(of, "main" | "master"),
    };
    let builds = builds.into_iter().filter(|build| build.package.eq_ignore_ascii_case(name));
    let places = builds.filter_map(|build| Some((place(&build.repo)?, build.date)));
    // Forks build packages with the same name; the latest is as good a guess as any.
    let meant = places.filter(|((_, of), _)| is_meant(of)).max_by(|a, b| a.1.cmp(&b.1));
    let ((repository, of), _) = meant.ok_or(Fault::NotFound)?;
    let archive = server.address().below(&format!("ig/{repository}/branches/{of}/package.tgz"));
    Ok(Offer {
        name: name.to_owned(),
        version: branch.map_or_else(|| "current".to_owned(), |branch| format!("current${branch}")),
        registry: server.shown(),
        archive: archive.to_string(),
        sha512: None,
    })
}

/// Repository and branch of a report.
fn place(report: &str) -> Option<(String, String)> {
    let mut steps = report.split('/');
    let (organisation, repository) = (steps.next()?, steps.next()?);
    let ("branches", Some(branch)) = (steps.next()?, steps.next()) else { return None };
    let is_plain = |step: &str| {
        !step.starts_with('.') && step.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    let all_plain = [organisation, repository, branch].into_iter().all(is_plain);
    all_plain.then(|| (format!("{organisation}/{repository}"), branch.to_owned()))
}
