//! A package fetched by its address instead of its name.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Arc;
use std::time::Duration;

use super::address::{Address, BadAddress};
use super::client::Client;
use super::registries::{MAX_ARCHIVE_BYTES, Protocol, Registry};
use crate::fault::Fault;
use crate::store::{Sha, Store, StoreError};

/// Why a package was not fetched from an address.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DirectError {
    /// The address cannot be used.
    #[error(transparent)]
    Address(#[from] NoAddress),
    /// It does not answer, or not with a package.
    #[error("{address} {fault}")]
    Fault {
        /// The address, without what may be secret.
        address: String,
        /// Why.
        fault: Fault,
    },
    /// It was fetched but could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The text that is not a usable address.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct NoAddress(BadAddress);

/// Fetches an archive or a resource to a file of the cache, whose name ends as its content does.
///
/// No token is sent. A package is fetched anew each time, since an address says nothing about versions.
pub fn fetch_directly(address: &str, store: &Store, timeout: Duration) -> Result<PathBuf, DirectError> {
    let address: Address = address.trim().parse().map_err(NoAddress)?;
    let fault = |fault| DirectError::Fault { address: address.shown(), fault };
    let registry = Registry::at(address.clone(), Protocol::Fhir);
    let folder = store.root().join("fetched");
    let key = Sha::of(address.to_string().as_bytes());
    let unfinished = folder.join(format!(".{key}.{}", process::id()));
    let get = || {
        fs::create_dir_all(&folder)?;
        let mut file = BufWriter::new(File::create(&unfinished)?);
        let got = Client::new(timeout).get(&registry, &address, "*/*", MAX_ARCHIVE_BYTES, &mut file);
        file.flush()?;
        let kept = match (got, ending(&unfinished)?) {
            (Ok(()), Some(ending)) => folder.join(format!("{key}.{ending}")),
            (Ok(()), None) => return Ok(Err(Fault::Page)),
            (Err(fault), _) => return Ok(Err(fault)),
        };
        fs::rename(&unfinished, &kept)?;
        io::Result::Ok(Ok(kept))
    };
    let got = get();
    // If all went well, it is already gone.
    let _ = fs::remove_file(&unfinished);
    match got {
        Ok(Ok(path)) => Ok(path),
        Ok(Err(why)) => Err(fault(why)),
        Err(error) => Err(StoreError::Io { folder: store.root().to_owned(), source: Arc::new(error) }.into()),
    }
}

/// The file extension for such content; `None` if it is not a format for packages.
fn ending(path: &Path) -> io::Result<Option<&'static str>> {
    let mut start = Vec::new();
    File::open(path)?.take(64).read_to_end(&mut start)?;
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start).trim_ascii_start();
    let is_page = text.get(..9).is_some_and(|it| it.eq_ignore_ascii_case(b"<!doctype"))
        || text.get(..5).is_some_and(|it| it.eq_ignore_ascii_case(b"<html"));
    Ok(match text {
        _ if is_page => None,
        [0x1f, 0x8b, ..] => Some("tgz"),
        [b'P', b'K', 3, 4, ..] => Some("zip"),
        [b'{', ..] => Some("json"),
        [b'<', ..] => Some("xml"),
        _ => None,
    })
}
