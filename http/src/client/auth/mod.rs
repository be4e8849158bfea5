//! How callers get access tokens.
//!
//! | caller | how | type |
//! |---|---|---|
//! | an application on its own | client credentials with a signed JWT | [`ApplicationLogin`] |
//! | a user who logged in at CIS2 | token exchange with their id token | [`UserLogin::exchange`] |
//! | a user who logs in through the service | an authorisation code with PKCE | [`Browser`] |
//! | anybody, in the sandbox | no token | [`NoToken`] |
//! | anybody who has a token | that token | [`GivenToken`] |
//!
//! [`Kept`] holds on to a token until shortly before it expires, and has one new one made however many calls wait for
//! it. Keys and tokens are in types that show nothing and wipe their memory; what HTTP and TLS copy of them on the way
//! to the socket is theirs.

mod application;
mod assertion;
mod browser;
mod endpoint;
mod error;
mod kept;
mod new_key;
mod signer;
mod token;
mod user;

pub use application::ApplicationLogin;
pub use assertion::{Assertion, LONGEST};
pub use browser::{Browser, Pending};
pub use error::LoginError;
pub use kept::Kept;
pub use new_key::NewKey;
pub use signer::{PemSigner, SignError, Signer};
pub use token::{AccessToken, GivenToken, Grant, Granted, NoToken, Tokens, Waiting};
pub use user::{ClientSecret, UserLogin};
