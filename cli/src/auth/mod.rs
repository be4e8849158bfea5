//! `ers-fhir auth`: logging in to e-RS, and out.

mod profile;
mod store;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Subcommand};
use ers_fhir_ers::service::{Access, Role};
use ers_fhir_http::client::auth::{ApplicationLogin, Browser, Grant, Granted, LoginError, NewKey, UserLogin};
use ers_fhir_http::client::blocking::wait;
use ers_fhir_http::client::secrecy::{ExposeSecret, SecretString};
use ers_fhir_http::client::{Caller, Environment};

use crate::ending::Ending;
use crate::output::Output;
pub(crate) use profile::{Profile, Said};
use store::{Login, Store};

/// How long a login with the browser may take.
const BROWSER: Duration = Duration::from_mins(5);

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Auth {
    #[command(subcommand)]
    command: Step,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// Log in: an application with its key, a user with the browser or a CIS2 id token.
    Login(Whose),
    /// Print a valid access token, for other programs.
    Token(Whose),
    /// Show who is logged in, and for how long.
    Status(Whose),
    /// Delete the stored login.
    Logout(Whose),
    /// Generate a key pair for an application: the private key is written to a file, and the public key is printed as
    /// the JWKS to register for the application.
    Key(KeyArgs),
}

#[derive(Debug, Args)]
struct KeyArgs {
    /// Id of the key (`kid`), such as key-1.
    #[arg(value_name = "KID")]
    id: String,

    /// File for the private key, which only its owner may read.
    #[arg(long, short, value_name = "FILE", default_value = "private-key.pem")]
    output: PathBuf,
}

/// Who calls, and where.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Who calls")]
pub(crate) struct Whose {
    /// Environment: local, sandbox, int, prod, or an address that ends in /FHIR.
    #[arg(long = "env", value_name = "ENVIRONMENT")]
    pub(crate) environment: Option<String>,

    /// Profile with credentials, from the file that `ERS_FHIR_PROFILES` names, or
    /// `~/.config/ers-fhir/profiles.toml`.
    #[arg(long = "as", value_name = "PROFILE")]
    pub(crate) profile: Option<String>,

    /// Who calls: user or application.
    #[arg(long, value_name = "WHO")]
    access: Option<Access>,

    /// Business function of the user.
    #[arg(long, value_name = "ROLE")]
    role: Option<Role>,

    /// ODS code of the organisation that the user works for.
    #[arg(long, value_name = "ODS")]
    organisation: Option<String>,

    /// SDS user id of the clinician for whom a `SERVICE_PROVIDER_CLINICIAN_ADMIN` acts.
    #[arg(long, value_name = "ID")]
    on_behalf_of: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir auth key key-1 > jwks.json
      a key pair: private-key.pem, which stays here, and jwks.json to register
  ers-fhir auth login --as clinic
      an application gets a token with its key; a user logs in with the browser
  curl -H \"Authorization: Bearer $(ers-fhir auth token --as clinic)\" …
      another program calls with that token

A profile of ~/.config/ers-fhir/profiles.toml, which only its owner may read (chmod 600):
  [clinic]
  environment = \"int\"
  access = \"application\"           # or \"user\", with role, organisation and on-behalf-of
  side = \"provider\"                # or \"referrer\"
  api-key = \"…\"
  key-id = \"key-1\"
  key-file = \"private-key.pem\"     # beside the file of profiles; chmod 600
  client-secret = \"…\"              # where users log in, with callback = \"http://localhost:8412/callback\"

ERS_FHIR_ACCESS_TOKEN, ERS_FHIR_ID_TOKEN, ERS_FHIR_API_KEY, ERS_FHIR_KEY_ID, ERS_FHIR_KEY_FILE and
ERS_FHIR_CLIENT_SECRET override the profile. Secrets are never read from the command line.

Exit status: 0 success, 1 not logged in, 2 wrong usage, or the login failed.";

impl Whose {
    pub(crate) fn said(&self) -> Said {
        Said {
            environment: self.environment.clone(),
            access: self.access,
            role: self.role,
            organisation: self.organisation.clone(),
            on_behalf_of: self.on_behalf_of.clone(),
        }
    }

    /// The caller, as given by a profile and the command line.
    #[cfg(feature = "mock")]
    pub(crate) fn of(profile: Option<&str>, said: Said) -> Self {
        Self {
            environment: said.environment,
            profile: profile.map(str::to_owned),
            access: said.access,
            role: said.role,
            organisation: said.organisation,
            on_behalf_of: said.on_behalf_of,
        }
    }

    fn known(&self) -> Result<Known, String> {
        let profile = Profile::named(self.profile.as_deref())?;
        let environment = profile.environment(&self.said())?;
        let caller = profile.caller(&self.said())?;
        let store = Store::of(self.profile.as_deref(), &environment)?;
        Ok(Known { profile, environment, caller, store })
    }

    /// Whether calls are sent without a token: if nobody is logged in and there are no credentials, to an address
    /// that may belong to a service that needs none, such as a local e-RS.
    pub(crate) fn is_open(&self) -> Result<bool, String> {
        if profile::variable("ERS_FHIR_ACCESS_TOKEN").is_some() {
            return Ok(false);
        }
        self.known()?.is_open()
    }

    /// A token for a call; `None` if the environment needs none.
    pub(crate) fn token(&self, output: &Output) -> Result<Option<SecretString>, String> {
        if let Some(token) = profile::variable("ERS_FHIR_ACCESS_TOKEN") {
            return Ok(Some(SecretString::from(token)));
        }
        let known = self.known()?;
        if known.environment.token().is_none() {
            return Ok(None);
        }
        known.token(output).map(Some)
    }
}

/// Who calls, and where.
struct Known {
    profile: Profile,
    environment: Environment,
    caller: Caller,
    store: Store,
}

impl Known {
    /// Whether calls are sent without a token.
    fn is_open(&self) -> Result<bool, String> {
        let national = [Environment::integration(), Environment::production()];
        let has_id_token = profile::variable("ERS_FHIR_ID_TOKEN").is_some();
        let may_log_in =
            national.contains(&self.environment) || has_id_token || self.profile.has_credentials();
        Ok(!may_log_in && self.store.read()?.is_none())
    }

    /// A valid token: the stored one, a refreshed one, or one for the key of an application.
    fn token(&self, output: &Output) -> Result<SecretString, String> {
        let stored = self.store.read()?;
        if let Some(token) = stored.as_ref().and_then(Login::token) {
            return Ok(token.clone());
        }
        if let Some(refresh) = stored.as_ref().and_then(Login::refresh) {
            let refresh = Arc::new(refresh.clone());
            let login = UserLogin::refreshed(&self.environment, refresh, self.profile.secret()?);
            let granted = granted(&login.map_err(words)?)?;
            self.store.write(&granted, stored.as_ref())?;
            return Ok(granted.token.secret().clone());
        }
        let is_application = matches!(self.caller, Caller::Application(_));
        if !is_application && profile::variable("ERS_FHIR_ID_TOKEN").is_none() {
            return Err("nobody is logged in: ers-fhir auth login".to_owned());
        }
        Ok(self.login(output)?.token.secret().clone())
    }

    /// Logs in, and stores the login.
    fn login(&self, output: &Output) -> Result<Granted, String> {
        let environment = &self.environment;
        if environment.token().is_none() {
            return Err("the sandbox needs no login".to_owned());
        }
        let granted = if let Caller::Application(_) = self.caller {
            let login = ApplicationLogin::new(environment, self.profile.api_key()?, self.profile.signer()?);
            granted(&login.map_err(words)?)?
        } else if let Some(token) = profile::variable("ERS_FHIR_ID_TOKEN") {
            let (api_key, signer) = (self.profile.api_key()?, self.profile.signer()?);
            let login = UserLogin::exchange(environment, api_key, signer, SecretString::from(token));
            granted(&login.map_err(words)?)?
        } else {
            self.browser(output)?
        };
        self.store.write(&granted, None)?;
        Ok(granted)
    }

    fn browser(&self, output: &Output) -> Result<Granted, String> {
        let callback = self.profile.callback.as_deref();
        let callback = callback
            .ok_or("to log a user in, set callback and client-secret in the profile, or ERS_FHIR_ID_TOKEN")?;
        let mut browser = Browser::new(self.environment.clone(), self.profile.secret()?);
        if let Some(scope) = &self.profile.scope {
            browser = browser.scope(scope.clone());
        }
        let finished = wait(async {
            let pending = browser.begin(callback).await?;
            output.note("open", pending.address().as_str());
            pending.finish(BROWSER).await
        });
        finished.map_err(|error| error.to_string())?.map_err(words)
    }
}

fn granted(login: &impl Grant) -> Result<Granted, String> {
    let granted = wait(async { login.grant().await });
    granted.map_err(|error| error.to_string())?.map_err(words)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what errors are mapped with")]
fn words(error: LoginError) -> String {
    error.to_string()
}

pub(crate) fn run(args: &Auth, output: &mut Output) -> io::Result<Ending> {
    let made = match &args.command {
        Step::Login(whose) => login(whose, output),
        Step::Token(whose) => whose.token(output).and_then(|token| {
            let token = token.ok_or("the sandbox needs no token")?;
            Ok((format!("{}\n", token.expose_secret()), Ending::Clean))
        }),
        Step::Status(whose) => status(whose),
        Step::Key(args) => key(args),
        Step::Logout(whose) => whose.known().and_then(|known| known.store.remove()).map(|was_there| {
            let words = if was_there { "logged out\n" } else { "nobody was logged in\n" };
            (words.to_owned(), Ending::Clean)
        }),
    };
    output.end(made)
}

fn key(args: &KeyArgs) -> Result<(String, Ending), String> {
    let made = NewKey::make(args.id.as_str()).map_err(|error| error.to_string())?;
    made.write(&args.output).map_err(|error| format!("{}: {error}", args.output.display()))?;
    Ok((format!("{}\n", made.jwks()), Ending::Clean))
}

fn login(whose: &Whose, output: &Output) -> Result<(String, Ending), String> {
    let known = whose.known()?;
    let granted = known.login(output)?;
    let more = if granted.refresh.is_some() { ", and is refreshed as long as the login lasts" } else { "" };
    let text = format!(
        "logged in at {}: the token is valid for {} s{more}\n",
        known.environment,
        granted.lasts.as_secs()
    );
    Ok((text, Ending::Clean))
}

fn status(whose: &Whose) -> Result<(String, Ending), String> {
    let known = whose.known()?;
    let who = match &known.caller {
        Caller::User { role, organisation, .. } => format!("{role} of {organisation}"),
        Caller::Application(side) => format!("an application of a {side}"),
        _ => "a user".to_owned(),
    };
    let place = &known.environment;
    if place.token().is_none() {
        return Ok((format!("{place}, as {who}: no login is needed\n"), Ending::Clean));
    }
    let (words, ending) = match known.store.read()?.map(|login| login.left()) {
        None => ("nobody is logged in".to_owned(), Ending::Findings),
        Some((0, None)) => ("the login has expired".to_owned(), Ending::Findings),
        Some((0, Some(_))) => ("the token has expired, and will be refreshed".to_owned(), Ending::Clean),
        Some((left, refresh)) => {
            let more = if refresh.is_some() { ", and will be refreshed" } else { "" };
            (format!("the token is valid for {left} s{more}"), Ending::Clean)
        }
    };
    Ok((format!("{place}, as {who}: {words}\n"), ending))
}
