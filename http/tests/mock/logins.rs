//! Tokens of users: by the login page, and by the id token of the identity service.

use std::net::SocketAddr;

use aws_lc_rs::digest::{SHA256, digest};
use ers_fhir_http::MockOptions;
use ers_fhir_values::base64::{decode_of_addresses, encode_for_addresses};
use serde_json::{Value, json};

use crate::against;
use crate::signed::*;
use crate::support::{Answer, Ask, ask};

const CALLBACK: &str = "http://localhost:8412/callback";
const VERIFIER: &str = "a-verifier-of-forty-three-letters-and-more-0";
const READ: &str = "/referrals/FHIR/STU3/CodeSystem/PRIORITY";

fn challenge() -> String {
    encode_for_addresses(digest(&SHA256, VERIFIER.as_bytes()).as_ref())
}

/// What an application sends the browser with.
fn query(changes: &[(&str, Option<&str>)]) -> String {
    let challenge = challenge();
    let usual = [
        ("response_type", "code"),
        ("client_id", APPLICATION),
        ("redirect_uri", CALLBACK),
        ("scope", "nhs-cis2"),
        ("state", "st&te"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let other = |name: &str| changes.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let kept =
        usual.into_iter().filter_map(|(name, value)| Some((name, other(name).unwrap_or(Some(value))?)));
    kept.map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

/// What the browser sends when the user has chosen.
fn chosen(query: &str, more: &str) -> Ask {
    ask("POST", "/oauth2/authorize")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .text(&format!("{query}&{more}"))
}

/// The code that a user comes back with.
fn code(address: SocketAddr, query: &str, who: &str) -> String {
    let back = chosen(query, &format!("as={}", encoded(who))).to(address);
    assert_eq!(back.status, 303, "{}", String::from_utf8_lossy(&back.body));
    let place = back.header("location").to_owned();
    let rest = place.strip_prefix(&format!("{CALLBACK}?code=")).unwrap_or_else(|| panic!("{place}"));
    let (code, state) = rest.split_once('&').expect("the state is brought back");
    assert_eq!(state, "state=st%26te");
    code.to_owned()
}

fn exchange(code: &str, changes: &[(&'static str, &str)]) -> Ask {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("client_id", APPLICATION),
        ("client_secret", SECRET),
        ("code_verifier", VERIFIER),
    ];
    for (name, value) in changes {
        for field in fields.iter_mut().filter(|field| field.0 == *name) {
            field.1 = value;
        }
    }
    fields.retain(|(_, value)| *value != "(none)");
    form(&fields)
}

fn refresh(token: &str) -> Ask {
    form(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("client_id", APPLICATION),
        ("client_secret", SECRET),
    ])
}

fn with(token: &str, asked: Ask) -> Ask {
    asked.header("Authorization", format!("Bearer {token}"))
}

#[test]
fn a_user_logs_in_with_the_page_and_works_as_they_chose() {
    against(strict(), |address| {
        let page = ask("GET", format!("/oauth2/authorize?{}", query(&[]))).ok(address);
        let text = String::from_utf8_lossy(&page.body).into_owned();
        assert!(page.header("content-security-policy").contains("default-src 'none'"));
        for wanted in [
            "Dr Ada Holroyd",
            "value=\"555000111222 REFERRING_CLINICIAN X26\"",
            "Aire Bridge Surgery",
            "st&amp;te",
        ] {
            assert!(text.contains(wanted), "{wanted}: {text}");
        }
        assert!(!text.contains("Barraclough"), "she does not work any more");
        assert!(!text.contains("<script"));

        let begun = query(&[]);
        let given =
            exchange(&code(address, &begun, "555000777888 REFERRING_ADMIN X26"), &[]).ok(address).json();
        assert_eq!(
            (&given["expires_in"], &given["refresh_token_expires_in"], &given["refresh_count"]),
            (&json!("599"), &json!("43200"), &json!("0"))
        );
        let token = given["access_token"].as_str().unwrap_or_default();
        let as_role = |role: &str, organisation: &str| {
            let call = ask("POST", "/referrals/FHIR/STU3/ReferralRequest/$ers.fetchworklist")
                .header("NHSD-End-User-Organisation-ODS", organisation)
                .header("NHSD-eRS-Business-Function", role);
            with(token, call.json(&json!({ "resourceType": "Parameters" }))).to(address).status
        };
        assert_eq!(as_role("REFERRING_ADMIN", "X26"), 422, "they may, and the body says nothing");
        assert_eq!(as_role("REFERRING_CLINICIAN_ADMIN", "X26"), 403, "they are one, and chose otherwise");
        assert_eq!(as_role("REFERRING_ADMIN", "A99002"), 403, "they do not work there");
        let functions = with(token, ask("GET", "/referrals/FHIR/R4/PractitionerRole")).to(address);
        assert_eq!(functions.status, 200, "{:?}", functions.json());

        // A user who chose no role may use any of their roles, and no other.
        let given = exchange(&code(address, &begun, "555000777888"), &[]).ok(address);
        let token = field(&given, "access_token");
        let read = |role: &str| {
            let call = ask("GET", READ)
                .header("NHSD-End-User-Organisation-ODS", "X26")
                .header("NHSD-eRS-Business-Function", role);
            with(&token, call).to(address).status
        };
        assert_eq!((read("REFERRING_CLINICIAN_ADMIN"), read("REFERRING_CLINICIAN")), (200, 403));
    });
}

#[test]
fn a_login_that_began_wrongly_goes_nowhere_or_back_with_an_error() {
    against(strict(), |address| {
        let here = [
            query(&[("client_id", Some("nobody"))]),
            query(&[("client_id", None)]),
            query(&[("redirect_uri", Some("https://example.org/callback"))]),
            query(&[("redirect_uri", Some("http://localhost:8412/callback/"))]),
            query(&[("redirect_uri", Some("http://localhost:8412/callback?x=1"))]),
            query(&[("redirect_uri", None)]),
            query(&[("state", Some(&"x".repeat(3000)))]),
            format!("{}&client_id={APPLICATION}", query(&[])),
            String::new(),
        ];
        for query in &here {
            for answer in [
                ask("GET", format!("/oauth2/authorize?{query}")).to(address),
                chosen(query, "as=555000111222").to(address),
            ] {
                assert_eq!((answer.status, answer.header("location")), (400, ""), "{query}");
            }
        }
        for (query, error) in [
            (query(&[("response_type", Some("token"))]), "unsupported_response_type"),
            (query(&[("code_challenge_method", Some("plain"))]), "invalid_request"),
            (query(&[("code_challenge_method", None)]), "invalid_request"),
            (query(&[("code_challenge", Some("short"))]), "invalid_request"),
            (query(&[("code_challenge", None)]), "invalid_request"),
        ] {
            let answer = ask("GET", format!("/oauth2/authorize?{query}")).to(address);
            assert_eq!(
                answer.header("location"),
                format!("{CALLBACK}?error={error}&state=st%26te"),
                "{query}"
            );
        }
        let refused = chosen(&query(&[]), "refuse=yes").to(address);
        assert_eq!(refused.header("location"), format!("{CALLBACK}?error=access_denied&state=st%26te"));
        for who in [
            "555000888999",
            "1",
            "",
            "555000111222 REFERRING_ADMIN X26",
            "555000111222 REFERRING_CLINICIAN",
            "555000111222 REFERRING_CLINICIAN X26 x",
        ] {
            let answer = chosen(&query(&[]), &format!("as={}", encoded(who))).to(address);
            assert_eq!(answer.status, 400, "{who}");
        }
    });
}

#[test]
fn what_the_page_is_told_cannot_become_part_of_it() {
    against(strict(), |address| {
        let state = "\"><script>alert(1)</script>";
        let page = ask("GET", format!("/oauth2/authorize?{}", query(&[("state", Some(state))]))).ok(address);
        assert!(!String::from_utf8_lossy(&page.body).contains("<script"));
        let back = chosen(&query(&[("state", Some("a\r\nSet-Cookie: x=1"))]), "as=555000111222").to(address);
        assert_eq!(back.status, 303);
        assert!(
            back.header("set-cookie").is_empty()
                && back.header("location").ends_with("&state=a%0D%0ASet-Cookie%3A%20x%3D1")
        );
    });
}

#[test]
fn of_many_users_those_are_shown_who_are_looked_for() {
    let options = strict();
    let mut seed = options.seed.clone();
    for number in 0..200 {
        let mut user = seed.users[0].clone();
        (user.id, user.name) =
            (format!("{:012}", 600_000_000_000_u64 + number), format!("Dr Number {number}"));
        seed.users.push(user);
    }
    against(MockOptions { seed, ..options }, |address| {
        let shown = |find: &str| {
            let page = ask("GET", format!("/oauth2/authorize?{}&find={find}", query(&[]))).ok(address);
            String::from_utf8_lossy(&page.body).into_owned()
        };
        let all = shown("");
        assert_eq!(all.matches("<fieldset>").count(), 50);
        assert!(all.contains("50 of 207 are shown") && all.contains("<label for=\"find\">"), "{all}");
        let some = shown("number+19");
        assert_eq!(some.matches("<fieldset>").count(), 11, "19, 190 to 199");
        assert!(shown("%22%3E%3Cb%3E").contains("value=\"&quot;&gt;&lt;b&gt;\""));
    });
}

fn grant_is_refused(answer: &Answer, said: &str) {
    assert_eq!(refused(answer), (400, "invalid_grant".to_owned()), "{:?}", answer.json());
    assert!(field(answer, "error_description").contains(said), "{said}: {:?}", answer.json());
}

#[test]
fn a_code_is_good_once_and_for_whoever_began() {
    against(strict(), |address| {
        let (pkce, plain) = (query(&[]), query(&[("code_challenge", None), ("code_challenge_method", None)]));
        let new = || code(address, &pkce, "555000111222");
        let mine = new();
        grant_is_refused(
            &exchange(&mine, &[("code_verifier", "another-verifier")]).to(address),
            "does not match the challenge",
        );
        grant_is_refused(&exchange(&mine, &[("code_verifier", "(none)")]).to(address), "missing");
        grant_is_refused(
            &exchange(&mine, &[("redirect_uri", "http://127.0.0.1:8412/callback")]).to(address),
            "redirect_uri",
        );
        grant_is_refused(&exchange(&mine, &[("client_id", "aire-bridge-registry")]).to(address), "unknown");
        grant_is_refused(&exchange("guessed", &[]).to(address), "unknown");
        grant_is_refused(
            &exchange(&code(address, &plain, "555000111222"), &[]).to(address),
            "without a challenge",
        );
        for (name, value) in [("client_secret", "wrong"), ("client_id", "nobody")] {
            let answer = exchange(&mine, &[(name, value)]).to(address);
            assert_eq!(refused(&answer), (401, "invalid_client".to_owned()), "{name}");
        }
        let given = exchange(&mine, &[]).ok(address);
        let (token, next) = (field(&given, "access_token"), field(&given, "refresh_token"));
        let read = || with(&token, ask("GET", READ).referrer()).to(address).status;
        assert_eq!(read(), 200);
        grant_is_refused(&exchange(&mine, &[]).to(address), "used before");
        assert_eq!(read(), 401, "the tokens issued for it are revoked");
        grant_is_refused(&refresh(&next).to(address), "unknown");

        let without = code(address, &plain, "555000111222");
        exchange(&without, &[("code_verifier", "(none)")]).ok(address);
    });
}

#[test]
fn a_login_is_refreshed_each_time_with_another_token() {
    against(strict(), |address| {
        let given =
            exchange(&code(address, &query(&[]), "555000111222 REFERRING_CLINICIAN X26"), &[]).ok(address);
        let first = field(&given, "refresh_token");
        let second = refresh(&first).ok(address);
        assert_eq!(field(&second, "refresh_count"), "1");
        assert_ne!(field(&second, "access_token"), field(&given, "access_token"));
        grant_is_refused(&refresh(&first).to(address), "used before");
        let third = refresh(&field(&second, "refresh_token")).ok(address);
        let token = field(&third, "access_token");
        assert_eq!(with(&token, ask("GET", READ).referrer()).to(address).status, 200);
        let other = form(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", &field(&third, "refresh_token")),
            ("client_id", "aire-bridge-registry"),
            ("client_secret", SECRET),
        ]);
        grant_is_refused(&other.to(address), "unknown");
        // An access token is not a refresh token, and vice versa.
        grant_is_refused(&refresh(&token).to(address), "unknown");
        assert_eq!(
            with(&field(&third, "refresh_token"), ask("GET", READ).referrer()).to(address).status,
            401
        );
    });
}

/// The id token of a user, as the stand-in of the identity service gives it.
fn id_token(address: SocketAddr, user: &str, application: &str) -> String {
    let wanted = json!({ "user": user, "application": application });
    field(&ask("POST", "/_local/id-tokens").json(&wanted).ok(address), "id_token")
}

fn swap(address: SocketAddr, subject: &str) -> Ask {
    form(&[
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token"),
        ("subject_token", subject),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", &assertion(address)),
    ])
}

#[test]
fn an_id_token_is_exchanged() {
    against(strict(), |address| {
        let good = id_token(address, "555000333444", APPLICATION);
        let given = swap(address, &good).ok(address);
        assert_eq!(given.json()["issued_token_type"], "urn:ietf:params:oauth:token-type:access_token");
        let token = field(&given, "access_token");
        assert_eq!(with(&token, ask("GET", READ).provider()).to(address).status, 200);
        let actions = "/referrals/FHIR/STU3/Task?focus=ReferralRequest/000000000000/_history/1&intent=proposal&status=ready";
        let refused = with(&token, ask("GET", actions).referrer()).to(address);
        assert_eq!(refused.status, 403, "she is no referrer");
        assert_ne!(with(&token, ask("GET", actions).provider()).to(address).status, 403);
        let next = refresh(&field(&given, "refresh_token")).ok(address);
        assert_eq!(field(&next, "refresh_count"), "1");

        let keys = ask("GET", "/_local/id-tokens/keys").ok(address).json();
        assert_eq!(keys["keys"][0]["alg"], "RS256");
        let part = |at: usize| {
            let part =
                decode_of_addresses(good.split('.').nth(at).unwrap_or_default()).expect("it is base64");
            serde_json::from_slice::<Value>(&part).expect("it is JSON")
        };
        assert_eq!((&part(0)["kid"], &part(1)["sub"]), (&keys["keys"][0]["kid"], &json!("555000333444")));
        assert_eq!(part(1)["acr"], "AAL3_ANY");
        for wanted in [
            json!({ "user": "555000888999", "application": APPLICATION }),
            json!({ "user": "555000111222", "application": "nobody" }),
            json!({ "user": "555000111222" }),
        ] {
            assert_eq!(ask("POST", "/_local/id-tokens").json(&wanted).to(address).status, 400);
        }
    });
}

#[test]
fn no_token_for_an_id_token_that_is_not_right() {
    against(strict(), |address| {
        let good = id_token(address, "555000333444", APPLICATION);
        let parts: Vec<&str> = good.split('.').collect();
        let claims = decode_of_addresses(parts[1]).expect("it is base64");
        let claims: Value = serde_json::from_slice(&claims).expect("it is JSON");
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": "local-identity" });
        let forged = |change: fn(&mut Value), how: How| {
            let mut claims = claims.clone();
            change(&mut claims);
            jwt(&header, &claims, how)
        };
        grant_is_refused(&swap(address, &forged(|_| {}, How::Rs256)).to(address), "signature");
        grant_is_refused(
            &swap(address, &forged(|claims| claims["sub"] = json!("555000111222"), How::Rs256)).to(address),
            "signature",
        );
        let none = json!({ "alg": "none", "kid": "local-identity" });
        grant_is_refused(&swap(address, &jwt(&none, &claims, How::Not)).to(address), "not signed");
        let changed =
            encode_for_addresses(claims.to_string().replace("555000333444", "555000111222").as_bytes());
        grant_is_refused(
            &swap(address, &format!("{}.{changed}.{}", parts[0], parts[2])).to(address),
            "signature",
        );
        grant_is_refused(
            &swap(address, &id_token(address, "555000333444", "aire-bridge-registry")).to(address),
            "another application",
        );
        assert_eq!(refused(&swap(address, "no token").to(address)), (400, "invalid_request".to_owned()));
        let mut without = vec![
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token"),
            ("subject_token", good.as_str()),
        ];
        assert_eq!(
            refused(&form(&without).to(address)),
            (400, "invalid_request".to_owned()),
            "nobody asserts"
        );
        without[1].1 = "urn:ietf:params:oauth:token-type:access_token";
        assert_eq!(refused(&form(&without).to(address)), (400, "invalid_request".to_owned()));
    });
    // One of another service is signed with another key.
    let mut other = String::new();
    against(strict(), |address| other = id_token(address, "555000333444", APPLICATION));
    against(strict(), |address| grant_is_refused(&swap(address, &other).to(address), "signature"));
}

#[test]
fn nothing_secret_is_in_what_was_called() {
    against(strict(), |address| {
        let code = code(address, &query(&[]), "555000111222");
        let given = exchange(&code, &[]).ok(address);
        let token = field(&given, "access_token");
        with(&token, ask("GET", READ).referrer()).ok(address);
        let calls = ask("GET", "/_local/calls").ok(address);
        let text = String::from_utf8_lossy(&calls.body).into_owned();
        assert!(text.contains("A004"), "{text}");
        for secret in [&code, &token, &field(&given, "refresh_token"), SECRET, VERIFIER] {
            assert!(!text.contains(secret), "{text}");
        }
    });
    let options = strict();
    assert!(!format!("{options:?}").contains(SECRET));
}

#[test]
fn who_is_logged_in_stays_so_where_the_state_is_kept() {
    let state = std::env::temp_dir().join(format!("ers-fhir-{}-logins.journal", std::process::id()));
    let logins = state.with_extension("journal.logins");
    let remove = |path: &std::path::Path| drop(std::fs::remove_file(path));
    remove(&state);
    remove(&logins);
    let options = || MockOptions { journal: Some(state.clone()), ..strict() };
    let read = |address, token: &str| {
        let call = ask("GET", READ)
            .header("NHSD-End-User-Organisation-ODS", "X26")
            .header("NHSD-eRS-Business-Function", "REFERRING_CLINICIAN_ADMIN");
        with(token, call).to(address).status
    };
    let (mut first, mut second) = (Value::Null, Value::Null);
    against(options(), |address| {
        first = exchange(&code(address, &query(&[]), "555000777888 REFERRING_CLINICIAN_ADMIN X26"), &[])
            .ok(address)
            .json();
        assert_eq!(read(address, text(&first, "access_token")), 200);
    });
    let kept = std::fs::read_to_string(&logins).expect("it is written");
    for secret in ["access_token", "refresh_token"] {
        assert!(!kept.contains(text(&first, secret)), "{secret}: {kept}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        assert_eq!(std::fs::metadata(&logins).expect("it is there").mode() & 0o777, 0o600);
    }
    against(options(), |address| {
        assert_eq!(read(address, text(&first, "access_token")), 200, "it is still good");
        second = refresh(text(&first, "refresh_token")).ok(address).json();
    });
    against(options(), |address| {
        assert_eq!(read(address, text(&second, "access_token")), 200);
        assert_eq!(refresh(text(&first, "refresh_token")).to(address).status, 400, "it is good once");
    });
    // Another state is another service.
    remove(&state);
    against(options(), |address| assert_eq!(read(address, text(&second, "access_token")), 401));
    // Other people's files stay.
    std::fs::write(&logins, "my thesis\n").expect("it can be written");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("there is one");
    assert!(runtime.block_on(ers_fhir_http::LocalErs::with(options())).is_err());
    assert_eq!(std::fs::read_to_string(&logins).ok().as_deref(), Some("my thesis\n"));
    remove(&state);
    remove(&logins);
}

fn text<'a>(given: &'a Value, name: &str) -> &'a str {
    given[name].as_str().expect("a text")
}
