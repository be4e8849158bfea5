//! The page where users of the seed log in. It needs no scripts.

use std::fmt::Write;

use ers_fhir_local::Seed;
use ers_fhir_local::seed::User;
use ers_fhir_values::markup::Escaped;

use super::begun::Begun;

/// How many users are listed at most; others are found by searching for their name.
const MOST: usize = 50;

const STYLE: &str = "\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 0 auto; padding: 1rem;
  background: light-dark(#fff, #16191d); color: light-dark(#1b1f23, #e8eaed); }
fieldset { border: 1px solid light-dark(#8a949e, #6f7a85); border-radius: 0.25rem; margin: 0 0 1rem; min-width: 0; }
fieldset label { display: flex; gap: 0.5rem; align-items: center; min-height: 2rem; overflow-wrap: anywhere; }
legend { font-weight: 600; }
input[type=radio] { width: 1.25rem; height: 1.25rem; margin: 0; flex: none; }
button, input[type=search] { font: inherit; color: inherit; background: transparent; padding: 0.25rem 0.75rem; min-height: 2.25rem;
  border: 1px solid light-dark(#8a949e, #6f7a85); border-radius: 0.25rem; max-width: 100%; }
button.main { background: light-dark(#005eb8, #7cb8f5); color: light-dark(#fff, #10151a); border-color: transparent; font-weight: 600; }
:focus-visible { outline: 3px solid light-dark(#005eb8, #7cb8f5); outline-offset: 2px; }
.soft { color: light-dark(#4c5560, #b3bcc6); }
.bar { position: sticky; bottom: 0; margin: 0; padding: 0.75rem 0; display: flex; gap: 0.5rem; background: light-dark(#fff, #16191d); }";

fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>{STYLE}</style></head>\n\
         <body><main>\n<h1>{title}</h1>\n{body}</main></body>\n</html>\n"
    )
}

/// A page that says what is wrong.
pub(super) fn complaint(words: &str) -> String {
    document("This login is not possible", &format!("<p role=\"alert\">{}</p>\n", Escaped(words)))
}

/// The page where a user chooses who they are.
pub(super) fn login(begun: &Begun, seed: &Seed) -> String {
    let mut body = format!(
        "<p>The application <b>{}</b> wants to call this local e-RS for you. Who are you? All people here are invented.</p>\n",
        Escaped(&begun.application)
    );
    let active = seed.users.iter().filter(|user| user.active);
    let wanted = begun.find.to_lowercase();
    let found: Vec<&User> = active.filter(|user| is_found(user, &wanted)).collect();
    if found.len() > MOST || !wanted.is_empty() {
        let _infallible = writeln!(
            body,
            "<form method=\"get\" role=\"search\">{}<p><label for=\"find\">Name, id or organisation</label><br>\
             <input type=\"search\" id=\"find\" name=\"find\" value=\"{}\"> <button>Find</button></p>\
             <p class=\"soft\">{} of {} are shown.</p></form>",
            hidden(begun),
            Escaped(&begun.find),
            found.len().min(MOST),
            found.len()
        );
    }
    let _infallible = writeln!(body, "<form method=\"post\" action=\"/oauth2/authorize\">{}", hidden(begun));
    for user in found.into_iter().take(MOST) {
        choices(&mut body, user, seed);
    }
    body.push_str(
        "<p class=\"bar\"><button class=\"main\">Log in</button> \
         <button name=\"refuse\" value=\"yes\" formnovalidate>Refuse</button></p></form>\n",
    );
    document("Log in at the local e-RS", &body)
}

fn is_found(user: &User, wanted: &str) -> bool {
    let is_in = |text: &str| text.to_lowercase().contains(wanted);
    is_in(&user.name) || is_in(&user.id) || user.roles.iter().any(|role| is_in(&role.organisation))
}

/// The parameters of the application, to be sent again.
fn hidden(begun: &Begun) -> String {
    let mut all = vec![
        ("response_type", "code"),
        ("client_id", begun.application.as_str()),
        ("redirect_uri", begun.callback.as_str()),
    ];
    all.extend(begun.state.as_deref().map(|state| ("state", state)));
    if let Some(challenge) = &begun.challenge {
        all.extend([("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")]);
    }
    let mut fields = String::new();
    for (name, value) in all {
        let _infallible =
            write!(fields, "<input type=\"hidden\" name=\"{name}\" value=\"{}\">", Escaped(value));
    }
    fields
}

/// A user with their roles.
fn choices(body: &mut String, user: &User, seed: &Seed) {
    let choice = |value: &str, words: &str| {
        format!(
            "<label><input type=\"radio\" name=\"as\" value=\"{}\" required> {}</label>\n",
            Escaped(value),
            Escaped(words)
        )
    };
    let mut all = String::new();
    let mut count = 0;
    for role in &user.roles {
        let name = seed.organisations.iter().find(|known| known.ods == role.organisation);
        let name = name.map_or("", |known| known.name.as_str());
        for function in &role.functions {
            let value = format!("{} {function} {}", user.id, role.organisation);
            all.push_str(&choice(&value, &format!("{function} at {name} ({})", role.organisation)));
            count += 1;
        }
    }
    if count != 1 {
        all.push_str(&choice(&user.id, "any of these, as stated in each call"));
    }
    let _infallible = writeln!(
        body,
        "<fieldset><legend>{} <span class=\"soft\">{}</span></legend>\n{all}</fieldset>",
        Escaped(&user.name),
        Escaped(&user.id)
    );
}
