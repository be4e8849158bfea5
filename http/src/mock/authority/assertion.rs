//! Authentication of an application by a JWT that it signed.

use serde_json::Value;

use super::form::Form;
use super::jwt::Jwt;
use super::known::{Authority, Registered};
use super::refused::Refused;

/// The type of an assertion.
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How far ahead its end may be, in seconds.
const LONGEST: i64 = 300;
/// Longest id of an assertion.
const MOST_ID: usize = 256;

impl Authority {
    /// The application that signed the assertion of a form.
    pub(super) fn asserted(&self, form: &Form, audiences: &[String]) -> Result<&Registered, Refused> {
        if form.wanted("client_assertion_type")? != TYPE {
            return Err(Refused::request(format!("client_assertion_type is not {TYPE}")));
        }
        let jwt = Jwt::read(form.wanted("client_assertion")?);
        let jwt = jwt.ok_or_else(|| Refused::request("client_assertion is not a JWT"))?;
        let (header, claims) = (&jwt.header, &jwt.claims);
        match header.alg.as_deref() {
            Some("RS512") => {}
            None => return Err(Refused::request("the header of the JWT has no alg")),
            Some(_) => return Err(Refused::request("alg in the header of the JWT is not RS512")),
        }
        if header.typ.as_deref().is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
            return Err(Refused::request("typ in the header of the JWT is not JWT"));
        }
        if header.crit.is_some() {
            return Err(Refused::request("the header of the JWT has crit, which is not supported here"));
        }
        let key_id = header.kid.as_deref();
        let key_id = key_id.ok_or_else(|| Refused::request("the header of the JWT has no kid"))?;
        let (Some(issuer), Some(subject)) = (claims.iss.as_deref(), claims.sub.as_deref()) else {
            return Err(Refused::request("iss or sub is missing in the JWT"));
        };
        if issuer != subject {
            return Err(Refused::request("iss and sub in the JWT differ: both must be the API key"));
        }
        let application = self.applications.get(issuer);
        let application = application
            .ok_or_else(|| Refused::client("no application has the API key in iss and sub of the JWT"))?;
        let mut keys = application.keys.iter().filter(|key| key.key_id == key_id).peekable();
        if keys.peek().is_none() {
            return Err(Refused::client("no key with that kid is registered for the application"));
        }
        if !keys.any(|key| key.signed(jwt.message, &jwt.signature)) {
            return Err(Refused::client("the signature of the JWT does not match the key"));
        }
        if !claims.is_for(audiences) {
            return Err(Refused::client("aud in the JWT is not the address of this token service"));
        }
        self.in_time(claims.exp.as_ref(), claims.nbf.as_ref())?;
        let id = claims.jti.as_deref().filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| Refused::request("jti is missing in the JWT"))?;
        if id.len() > MOST_ID {
            return Err(Refused::request(format!("jti in the JWT is longer than {MOST_ID} bytes")));
        }
        let now = self.now();
        let known = format!("{issuer}\n{id}");
        // Remembered for as long as any current assertion could be valid.
        if !self.ledger().assert(&known, now + (LONGEST + 1) * 1000, now)? {
            return Err(Refused::request("jti in the JWT was used before: each is valid once"));
        }
        Ok(application)
    }

    fn in_time(&self, exp: Option<&Value>, nbf: Option<&Value>) -> Result<(), Refused> {
        let exp = exp.ok_or_else(|| Refused::request("exp is missing in the JWT"))?;
        let ends = exp.as_i64();
        let ends =
            ends.ok_or_else(|| Refused::request("exp in the JWT is not an integer: seconds since 1970"))?;
        let now = self.now() / 1000;
        if ends <= now {
            return Err(Refused::request("exp in the JWT has passed"));
        }
        if ends > now.saturating_add(LONGEST) {
            return Err(Refused::request("exp in the JWT is more than five minutes ahead"));
        }
        match nbf.map(Value::as_f64) {
            #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below that")]
            Some(Some(begins)) if begins > now as f64 => {
                Err(Refused::request("nbf in the JWT is in the future"))
            }
            Some(None) => Err(Refused::request("nbf in the JWT is not a number")),
            _ => Ok(()),
        }
    }
}
