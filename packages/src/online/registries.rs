//! Registries: FHIR's public ones, and any that speaks the protocol of npm.

use std::io::Write;
use std::time::Duration;

use super::address::Address;
use super::builds;
use super::client::Client;
use super::listing::{Entry, Listing};
use super::secret::Secret;
use crate::fault::Fault;
use crate::range::Range;
use crate::source::{Offer, Source, Unfound};
use crate::wanted::Wanted;

/// FHIR's public registries, in the order in which they are asked.
///
/// Source: <https://hl7.org/fhir/packages.html> and <https://confluence.hl7.org/display/FHIR/NPM+Package+Specification>.
const PUBLIC: [&str; 2] = ["https://packages.fhir.org", "https://packages2.fhir.org/packages"];

/// The largest list of versions that is read.
const MAX_LISTING_BYTES: u64 = 32 << 20;
/// The largest archive that is fetched; the largest published ones have some 100 MB.
pub(super) const MAX_ARCHIVE_BYTES: u64 = 512 << 20;

/// How a registry names its archives if it does not list them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Like FHIR's own registries: `/<name>/<version>`.
    Fhir,
    /// Like npm: `/<name>/-/<name>-<version>.tgz`.
    Npm,
}

/// A registry.
#[derive(Debug, Clone)]
pub struct Registry {
    address: Address,
    protocol: Protocol,
    secret: Option<Secret>,
}

/// A registry that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the registry '{address}' cannot be used: {reason}")]
pub struct BadRegistry {
    address: String,
    reason: String,
}

impl Registry {
    /// The registry at an address.
    pub fn new(address: &str, protocol: Protocol) -> Result<Self, BadRegistry> {
        let bad = |reason: &dyn ToString| BadRegistry {
            // The part before an @ may be a password.
            address: address.rsplit('@').next().unwrap_or_default().to_owned(),
            reason: reason.to_string(),
        };
        let address: Address = address.trim().parse().map_err(|why| bad(&why))?;
        Ok(Self { address, protocol, secret: None })
    }

    /// With credentials. They are sent to the registry's own host alone, and never without encryption.
    #[must_use]
    pub fn with_secret(mut self, secret: Secret) -> Self {
        self.secret = Some(secret);
        self
    }

    /// The address.
    pub fn shown(&self) -> String {
        self.address.shown()
    }

    pub(super) fn at(address: Address, protocol: Protocol) -> Self {
        Self { address, protocol, secret: None }
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    pub(super) fn has_secret(&self) -> bool {
        self.secret_for(&self.address).is_some()
    }

    pub(super) fn secret_for(&self, address: &Address) -> Option<(&str, &str)> {
        self.secret.as_ref()?.for_address(&self.address, address)
    }

    /// Where the archive of a version is.
    fn archive(&self, name: &str, version: &str, entry: &Entry) -> Result<Address, Fault> {
        let listed = entry.dist.as_ref().and_then(|dist| dist.tarball.as_deref()).or(entry.url.as_deref());
        let Some(listed) = listed else {
            return Ok(match self.protocol {
                Protocol::Fhir => self.address.below(&format!("{name}/{version}")),
                Protocol::Npm => self.address.below(&format!("{name}/-/{name}-{version}.tgz")),
            });
        };
        let bad =
            |why: &dyn ToString| Fault::Listing(format!("the archive of {version}: {}", why.to_string()));
        let address = self.address.joined(listed).map_err(|why| bad(&why))?;
        let address = address.secured_like(&self.address);
        if self.address.is_secure() && !address.is_secure() {
            return Err(bad(&format!("{} is not encrypted", address.shown())));
        }
        if address.is_this_machine() && !self.address.is_this_machine() {
            return Err(bad(&format!("{} is this machine", address.shown())));
        }
        Ok(address)
    }
}

/// Registries, asked one after the other until one has what is wanted.
#[derive(Debug)]
pub struct Registries {
    all: Vec<Registry>,
    /// The server of current builds.
    builds: Registry,
    client: Client,
}

impl Registries {
    /// These registries, with a limit on how long a response may take.
    pub fn new(all: Vec<Registry>, timeout: Duration) -> Self {
        let builds = Registry { address: builds::server(), protocol: Protocol::Fhir, secret: None };
        Self { all, builds, client: Client::new(timeout) }
    }

    /// With another server of current builds than HL7's.
    #[must_use]
    pub fn with_builds(mut self, server: Registry) -> Self {
        self.builds = server;
        self
    }

    /// FHIR's public registries.
    pub fn public() -> Vec<Registry> {
        PUBLIC.into_iter().filter_map(|address| Registry::new(address, Protocol::Fhir).ok()).collect()
    }

    /// The registries, in the order in which they are asked.
    pub fn all(&self) -> &[Registry] {
        &self.all
    }

    fn ask(&self, registry: &Registry, wanted: &Wanted) -> Result<Offer, Fault> {
        let mut json = Vec::new();
        let address = registry.address.below(&wanted.name);
        self.client.get(registry, &address, "application/json", MAX_LISTING_BYTES, &mut json)?;
        if json.trim_ascii_start().starts_with(b"<") {
            return Err(Fault::Page);
        }
        let listing = Listing::read(&json).map_err(|error| Fault::Listing(error.to_string()))?;
        let Some((version, entry)) = listing.choose(&wanted.range) else {
            return Err(Fault::NoVersion(listing.versions()));
        };
        // Versions become names of files.
        let name =
            Wanted::new(&wanted.name, version).map_err(|error| Fault::Listing(error.to_string()))?.name;
        let archive = registry.archive(&name, version, entry)?;
        Ok(Offer {
            name: name.into(),
            version: version.to_owned(),
            registry: registry.shown(),
            archive: archive.to_string(),
            sha512: entry.dist.as_ref().and_then(|dist| dist.integrity.clone()),
        })
    }
}

impl Source for Registries {
    fn find(&self, wanted: &Wanted) -> Result<Offer, Unfound> {
        let mut answers = Vec::new();
        if let Range::Current(branch) = &wanted.range {
            match builds::find(&self.client, &self.builds, &wanted.name, branch.as_deref()) {
                Ok(offer) => return Ok(offer),
                Err(fault) => answers.push((self.builds.shown(), fault)),
            }
            return Err(Unfound { wanted: wanted.clone(), answers });
        }
        for registry in &self.all {
            match self.ask(registry, wanted) {
                Ok(offer) => return Ok(offer),
                Err(fault) => answers.push((registry.shown(), fault)),
            }
        }
        Err(Unfound { wanted: wanted.clone(), answers })
    }

    fn fetch(&self, offer: &Offer, into: &mut dyn Write) -> Result<(), Fault> {
        let mut known = self.all.iter().chain([&self.builds]);
        let registry = known.find(|registry| registry.shown() == offer.registry).ok_or(Fault::NotFound)?;
        let archive = offer.archive.parse().map_err(|_| Fault::NotFound)?;
        self.client.get(
            registry,
            &archive,
            "application/tar+gzip, application/gzip, */*",
            MAX_ARCHIVE_BYTES,
            into,
        )
    }
}
