//! The file next to the state in which the logins are kept, so that tokens stay valid when the service is restarted. It
//! stores secrets only as hashes, as the ledger does.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use ers_fhir_local::Token;
use serde::{Deserialize, Serialize};

use super::ledger::Hash;

/// The first line; a file that begins differently is not ours.
const HEADER: &str = "{\"ers-fhir\":\"logins\",\"formatVersion\":1}";

/// An entry of the file: something issued or used.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Entry {
    /// An assertion that was used.
    Assertion {
        hash: Hash,
        until: i64,
    },
    Token {
        hash: Hash,
        until: i64,
        login: u64,
        who: Who,
    },
    Refresh {
        hash: Hash,
        until: i64,
        login: u64,
        who: Who,
        application: String,
        count: u64,
    },
    /// A refresh token that was used.
    Used {
        hash: Hash,
    },
    /// A login whose tokens are revoked.
    Ended {
        login: u64,
    },
}

/// Whom a token belongs to.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Who {
    User(String),
    UserAs { id: String, function: String, organisation: String },
    Application(String),
}

impl Who {
    /// `None` for tokens issued to nobody.
    pub(super) fn of(token: &Token) -> Option<Self> {
        Some(match token {
            Token::User(id) => Self::User(id.clone()),
            Token::UserAs { id, function, organisation } => Self::UserAs {
                id: id.clone(),
                function: function.to_string(),
                organisation: organisation.clone(),
            },
            Token::Application(id) => Self::Application(id.clone()),
            Token::Open | Token::Invalid(_) => return None,
        })
    }

    /// `None` if that business function no longer exists.
    pub(super) fn token(self) -> Option<Token> {
        Some(match self {
            Self::User(id) => Token::User(id),
            Self::UserAs { id, function, organisation } => {
                Token::UserAs { id, function: function.parse().ok()?, organisation }
            }
            Self::Application(id) => Token::Application(id),
        })
    }
}

/// The file, open for appending.
#[derive(Debug)]
pub(super) struct Lasting {
    path: PathBuf,
    file: File,
}

impl Lasting {
    /// The file next to that of a state.
    pub(super) fn beside(state: &Path) -> PathBuf {
        named(state, ".logins")
    }

    /// The entries of a file, up to where it was cut short; none if there is no file.
    pub(super) fn read(path: &Path) -> io::Result<Vec<Entry>> {
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            file => file?,
        };
        let mut lines = BufReader::new(file).lines();
        match lines.next().transpose()? {
            Some(first) if first == HEADER => {}
            None => return Ok(Vec::new()),
            Some(_) => {
                let why = "it is not a file of logins, so it is left as it is; --state stores logins there";
                return Err(io::Error::new(io::ErrorKind::InvalidData, why));
            }
        }
        Ok(lines.map_while(|line| serde_json::from_str(&line.ok()?).ok()).collect())
    }

    /// Replaces the file atomically by one that holds only this.
    pub(super) fn begin(path: &Path, entries: impl IntoIterator<Item = Entry>) -> io::Result<Self> {
        let beside = named(path, ".new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut writer = BufWriter::new(options.open(&beside)?);
        writeln!(writer, "{HEADER}")?;
        for entry in entries {
            serde_json::to_writer(&mut writer, &entry)?;
            writeln!(writer)?;
        }
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes an entry: once this returns, it survives the process.
    pub(super) fn append(&mut self, entry: &Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        self.file.write_all(&line)
    }
}

/// The path of a file next to another.
fn named(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}
