//! Resolving texts to definitions: by canonical URL, or by one of the names of a definition.

use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{Definitions, Known};
use ers_fhir_values::canonical;

/// The number of candidates that a message lists.
const SHOWN: usize = 6;

/// The message that no definition matches a text, and what to do about it.
pub fn unknown(releases: &[&Definitions], wanted: &str) -> String {
    if let Some((release, definitions)) = releases
        .iter()
        .find_map(|definitions| Some((definitions.hidden(Kind::Structure, wanted)?, definitions)))
    {
        let version = definitions.fhir_version();
        return format!("'{wanted}' is written for FHIR {release}, but this run is about {version}");
    }
    let (url, version) = canonical::split(wanted);
    if let Some(version) = version {
        let mut versions: Vec<String> =
            releases.iter().flat_map(|definitions| definitions.versions(Kind::Structure, url)).collect();
        versions.dedup();
        if !versions.is_empty() {
            return format!(
                "no package defines version {version} of '{url}', only {}",
                versions.join(" and ")
            );
        }
    }
    let mut similar: Vec<&str> = Vec::new();
    let all: Vec<Known<'_>> =
        releases.iter().flat_map(|definitions| definitions.known(Kind::Structure)).collect();
    if wanted.contains("://") {
        similar.extend(ers_fhir_values::suggest::nearest(url, all.iter().map(|known| known.url)));
    } else {
        let wanted_words = folded(wanted);
        for known in &all {
            let is_similar = names(known).any(|name| folded(name).contains(&wanted_words));
            if is_similar && !wanted_words.is_empty() && !similar.contains(&last(known.url)) {
                similar.push(last(known.url));
            }
        }
    }
    if similar.is_empty() && !wanted.contains("://") {
        let names = all.iter().flat_map(|known| names(known));
        similar.extend(ers_fhir_values::suggest::nearest(wanted, names));
    }
    if similar.is_empty() {
        return format!(
            "no package defines '{wanted}': add the one that does with --ig, or pick a profile from \
             `ers-fhir endpoints`"
        );
    }
    let more = if similar.len() > SHOWN { ", …" } else { "" };
    similar.truncate(SHOWN);
    format!(
        "no package defines '{wanted}'; there {} {}{more}",
        if similar.len() == 1 { "is" } else { "are" },
        similar.join(", ")
    )
}

/// The canonicals of the definitions that a text means: by URL, with a version if it has one, else by an
/// exact name, else by a name without the affixes that all e-RS names share, else ignoring case and
/// punctuation.
pub fn named(definitions: &Definitions, wanted: &str) -> Vec<String> {
    if definitions.contains(Kind::Structure, wanted) {
        return vec![wanted.to_owned()];
    }
    let known = definitions.known(Kind::Structure);
    let matching = |is_meant: &dyn Fn(&Known<'_>) -> bool| -> Vec<String> {
        let mut urls: Vec<String> =
            known.iter().filter(|known| is_meant(known)).map(|known| known.url.to_owned()).collect();
        urls.dedup();
        urls
    };
    let ways: [&dyn Fn(&Known<'_>) -> bool; 3] = [
        &|known| last(known.url) == wanted || known.name == Some(wanted),
        &|known| short(known) == Some(wanted),
        &|known| names(known).any(|name| folded(name) == folded(wanted)),
    ];
    ways.into_iter().map(matching).find(|urls| !urls.is_empty()).unwrap_or_default()
}

/// The names of a definition.
fn names<'a>(known: &Known<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    [Some(last(known.url)), known.name, short(known)].into_iter().flatten()
}

/// Its name without the affixes that all e-RS names share.
fn short<'a>(known: &Known<'a>) -> Option<&'a str> {
    known.name?.strip_prefix("Ers")
}

fn last(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

fn folded(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
