//! Tokens for applications: issued for a valid JWT, and for no other.

use ers_fhir_http::{ApplicationKey, KeyError, LocalErs, LoginOptions, MockError, MockOptions};
use serde_json::{Value, json};

use crate::against;
use crate::signed::*;
use crate::support::ask;

const READ: &str = "/referrals/FHIR/STU3/CodeSystem/PRIORITY";

#[test]
fn an_application_gets_a_token_and_calls() {
    against(strict(), |address| {
        let given = credentials(&assertion(address)).ok(address);
        let body = given.json();
        assert_eq!((&body["expires_in"], &body["token_type"]), (&json!("599"), &json!("Bearer")));
        assert!(body["refresh_token"].is_null(), "it asks anew");
        let token = field(&given, "access_token");
        let call = |token: &str| ask("GET", READ).header("Authorization", format!("Bearer {token}"));
        assert_eq!(call(&token).to(address).status, 200);
        assert_eq!(call(&token).referrer().to(address).status, 403, "it names no role");
        assert_eq!(call(&token[1..]).to(address).status, 401);
        assert_eq!(call(APPLICATION).to(address).status, 401, "an id is no token");
        let closed = ask("GET", "/referrals/FHIR/R4/PractitionerRole?_query=x")
            .header("Authorization", format!("Bearer {token}"));
        assert_eq!(closed.to(address).status, 403, "A030 is not open to applications");
    });
}

/// A change to a valid assertion, and the expected refusal.
type Case<'c> = (&'c str, Box<dyn Fn(&mut Value, &mut Value)>, How, u16, &'c str, &'c str);

#[test]
fn no_token_for_a_jwt_that_is_not_right() {
    fn case<'c>(
        name: &'c str,
        change: impl Fn(&mut Value, &mut Value) + 'static,
        how: How,
        status: u16,
        error: &'c str,
        said: &'c str,
    ) -> Case<'c> {
        (name, Box::new(change), how, status, error, said)
    }
    let bad = "invalid_request";
    let unknown = "invalid_client";
    let cases = [
        case("another key", |_, _| {}, How::ByAnother, 401, unknown, "signature"),
        case("no signature", |_, _| {}, How::Not, 401, unknown, "signature"),
        case("RS256 under RS512", |_, _| {}, How::Rs256, 401, unknown, "signature"),
        case("RS256", |header, _| header["alg"] = json!("RS256"), How::Rs256, 400, bad, "alg"),
        case("none", |header, _| header["alg"] = json!("none"), How::Not, 400, bad, "alg"),
        case("HS512", |header, _| header["alg"] = json!("HS512"), How::Rightly, 400, bad, "alg"),
        case("no alg", |header, _| header["alg"] = Value::Null, How::Rightly, 400, bad, "alg"),
        case("another typ", |header, _| header["typ"] = json!("JWE"), How::Rightly, 400, bad, "typ"),
        case("crit", |header, _| header["crit"] = json!(["exp"]), How::Rightly, 400, bad, "crit"),
        case("no kid", |header, _| header["kid"] = Value::Null, How::Rightly, 400, bad, "kid"),
        case("unknown kid", |header, _| header["kid"] = json!("key-2"), How::Rightly, 401, unknown, "kid"),
        case("no iss", |_, claims| claims["iss"] = Value::Null, How::Rightly, 400, bad, "iss or sub"),
        case("another sub", |_, claims| claims["sub"] = json!("somebody"), How::Rightly, 400, bad, "differ"),
        case(
            "nobody",
            |_, claims| (claims["iss"], claims["sub"]) = (json!("nobody"), json!("nobody")),
            How::Rightly,
            401,
            unknown,
            "API key",
        ),
        case(
            "another application",
            |_, claims| {
                (claims["iss"], claims["sub"]) =
                    (json!("aire-bridge-registry"), json!("aire-bridge-registry"));
            },
            How::Rightly,
            401,
            unknown,
            "kid",
        ),
        case("no aud", |_, claims| claims["aud"] = Value::Null, How::Rightly, 401, unknown, "aud"),
        case(
            "another aud",
            |_, claims| claims["aud"] = json!("https://int.api.service.nhs.uk/oauth2/token"),
            How::Rightly,
            401,
            unknown,
            "aud",
        ),
        case(
            "aud with a slash",
            |_, claims| claims["aud"] = json!(format!("{}/", claims["aud"].as_str().unwrap_or_default())),
            How::Rightly,
            401,
            unknown,
            "aud",
        ),
        case("no exp", |_, claims| claims["exp"] = Value::Null, How::Rightly, 400, bad, "exp is missing"),
        case(
            "exp in words",
            |_, claims| claims["exp"] = json!("soon"),
            How::Rightly,
            400,
            bad,
            "not an integer",
        ),
        case(
            "over",
            |_, claims| claims["exp"] = json!(now()),
            How::Rightly,
            400,
            bad,
            "exp in the JWT has passed",
        ),
        case(
            "too long",
            |_, claims| claims["exp"] = json!(now() + 320),
            How::Rightly,
            400,
            bad,
            "five minutes",
        ),
        case("endless", |_, claims| claims["exp"] = json!(i64::MAX), How::Rightly, 400, bad, "five minutes"),
        case("not yet", |_, claims| claims["nbf"] = json!(now() + 60), How::Rightly, 400, bad, "nbf"),
        case("no jti", |_, claims| claims["jti"] = Value::Null, How::Rightly, 400, bad, "jti is missing"),
        case(
            "a long jti",
            |_, claims| claims["jti"] = json!("x".repeat(300)),
            How::Rightly,
            400,
            bad,
            "longer",
        ),
        case("jti is a number", |_, claims| claims["jti"] = json!(1), How::Rightly, 400, bad, "not a JWT"),
    ];
    against(strict(), |address| {
        for (name, change, how, status, error, said) in &cases {
            let (mut header, mut claims) = (header(), claims(address));
            change(&mut header, &mut claims);
            let answer = credentials(&jwt(&header, &claims, *how)).to(address);
            assert_eq!(refused(&answer), (*status, (*error).to_owned()), "{name}: {:?}", answer.json());
            let words = field(&answer, "error_description");
            assert!(words.contains(said), "{name}: {words}");
        }
        credentials(&assertion(address)).ok(address);
    });
}

#[test]
fn what_is_no_jwt_or_no_form_is_refused() {
    against(strict(), |address| {
        let good = assertion(address);
        let parts: Vec<&str> = good.split('.').collect();
        for text in [
            "a.b.c".to_owned(),
            parts[..2].join("."),
            format!("{good}.x"),
            format!("{}.{}.***", parts[0], parts[1]),
            "x".repeat(20_000),
        ] {
            assert_eq!(
                refused(&credentials(&text).to(address)),
                (400, "invalid_request".to_owned()),
                "{text}"
            );
        }
        let many = "A".repeat(100_000);
        assert_eq!(credentials(&many).to(address).status, 413);
        let fields = |grant: &'static str| {
            [
                ("grant_type", grant),
                ("client_assertion_type", ASSERTION_TYPE),
                ("client_assertion", good.as_str()),
            ]
        };
        let refusals = [
            (form(&fields("password")), "unsupported_grant_type"),
            (form(&fields("client_credentials")[..2]), "invalid_request"),
            (form(&fields("client_credentials")[1..]), "invalid_request"),
            (
                form(&[&fields("client_credentials")[..], &[("grant_type", "client_credentials")]].concat()),
                "invalid_request",
            ),
            (
                ask("POST", "/oauth2/token")
                    .header("Content-Type", "text/plain")
                    .text("grant_type=client_credentials"),
                "invalid_request",
            ),
            (
                ask("POST", "/oauth2/token").json(&json!({ "grant_type": "client_credentials" })),
                "invalid_request",
            ),
        ];
        for (place, (sent, error)) in refusals.iter().enumerate() {
            assert_eq!(refused(&sent.to(address)), (400, (*error).to_owned()), "{place}");
        }
        assert_eq!(ask("GET", "/oauth2/token").to(address).status, 405);
    });
}

#[test]
fn an_assertion_is_good_once() {
    against(strict(), |address| {
        let (first, mut again) = (claims(address), claims(address));
        credentials(&jwt(&header(), &first, How::Rightly)).ok(address);
        again["jti"] = first["jti"].clone();
        for claims in [&first, &again] {
            let answer = credentials(&jwt(&header(), claims, How::Rightly)).to(address);
            assert_eq!(refused(&answer), (400, "invalid_request".to_owned()));
            assert!(field(&answer, "error_description").contains("jti"));
        }
        // A caller without the key cannot use up the ids of another.
        let mut next = claims(address);
        next["jti"] = json!("to be used");
        assert_eq!(credentials(&jwt(&header(), &next, How::ByAnother)).to(address).status, 401);
        credentials(&jwt(&header(), &next, How::Rightly)).ok(address);
    });
}

#[test]
fn of_many_who_send_the_same_assertion_one_gets_a_token() {
    against(strict(), |address| {
        let sent = credentials(&assertion(address));
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..16).map(|_| scope.spawn(|| sent.to(address).status)).collect();
            all.into_iter().map(|thread| thread.join().expect("it ends")).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    });
}

#[test]
fn the_clock_of_the_token_service_may_be_another() {
    for ahead in [-7200, 7200] {
        let options = strict();
        let login = LoginOptions { ahead, ..options.login.clone() };
        against(MockOptions { login, ..options }, |address| {
            let answer = credentials(&assertion(address)).to(address);
            assert_eq!(answer.status, 400, "{ahead}");
            let mut claims = claims(address);
            claims["exp"] = json!(now() + ahead + 200);
            credentials(&jwt(&header(), &claims, How::Rightly)).ok(address);
        });
    }
}

#[test]
fn a_token_is_over_when_its_time_is() {
    let options = strict();
    let login = LoginOptions { token: std::time::Duration::from_millis(400), ..options.login.clone() };
    against(MockOptions { login, ..options }, |address| {
        let token = field(&credentials(&assertion(address)).ok(address), "access_token");
        let call = ask("GET", READ).header("Authorization", format!("Bearer {token}"));
        assert_eq!(call.to(address).status, 200);
        std::thread::sleep(std::time::Duration::from_millis(450));
        let over = call.to(address);
        assert_eq!(over.status, 401);
        assert!(String::from_utf8_lossy(&over.body).contains("expired"), "{:?}", over.json());
    });
}

#[tokio::test]
async fn keys_are_told_from_what_is_none() {
    let set = |json: &str| ApplicationKey::jwks(APPLICATION, json.as_bytes()).map(|keys| keys.len());
    assert_eq!(set(&jwks()), Ok(1));
    assert_eq!(set(r#"{"keys":[]}"#), Ok(0));
    assert!(matches!(set("{}"), Err(KeyError::Set(_))));
    assert!(matches!(
        set(r#"{"keys":[{"kid":"a","kty":"EC","n":"AQAB","e":"AQAB"}]}"#),
        Err(KeyError::Key(_))
    ));
    assert!(matches!(
        set(r#"{"keys":[{"kid":"a","kty":"RSA","n":"AQAB","e":"AQAB"}]}"#),
        Err(KeyError::Key(_))
    ));
    assert!(matches!(set(r#"{"keys":[{"kid":"a","kty":"RSA","n":"=","e":"AQAB"}]}"#), Err(KeyError::Key(_))));
    let pem = |text: &str| ApplicationKey::pem(APPLICATION, KEY_ID, text).map(|_| ());
    assert_eq!(pem(""), Err(KeyError::Pem { is_private: false }));
    let private =
        pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----").expect_err("it is private");
    assert!(private.to_string().contains("openssl rsa"), "{private}");
    assert_eq!(
        pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"),
        Err(KeyError::Key(KEY_ID.to_owned()))
    );

    let keys = ApplicationKey::jwks("nobody", jwks().as_bytes()).expect("it is a set of keys");
    let login = LoginOptions { keys, ..LoginOptions::default() };
    let started = LocalErs::with(MockOptions { login, ..MockOptions::default() }).await;
    let error = started.expect_err("there is no such application");
    assert!(matches!(error, MockError::Key(KeyError::Application(_))), "{error}");
}

#[test]
fn keys_in_pem_and_in_the_seed_are_as_good() {
    use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
    use aws_lc_rs::signature::KeyPair as _;

    let der: PublicKeyX509Der<'_> = keys()[0].public_key().as_der().expect("it is written");
    let body = ers_fhir_values::base64::encode(der.as_ref());
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n");
    let key = ApplicationKey::pem(APPLICATION, KEY_ID, &pem).expect("it is a key");
    let login = LoginOptions { keys: vec![key], ..LoginOptions::default() };
    let mut seed = ers_fhir_local::england();
    seed.applications[0].jwks = serde_json::from_str(&jwks()).expect("it is a set of keys");
    for options in
        [MockOptions { login, ..MockOptions::default() }, MockOptions { seed, ..MockOptions::default() }]
    {
        against(options, |address| {
            credentials(&assertion(address)).ok(address);
        });
    }
}
