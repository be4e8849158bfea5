//! A020, A006, A042: files are uploaded, checked, and fetched.

use ers_fhir_ers::service::{FILE_TYPES, Header, MOST_FILE_BYTES};

use super::asked::{Asked, Holds};
use super::reply::Reply;
use crate::read::missing;
use crate::refusal::{Outcome, Refusal};
use crate::state::{Availability, Content, File, Scan};

/// Longest name of a file, in characters.
const LONGEST_NAME: usize = 255;

pub(super) fn upload(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let bytes = &asked.call.body;
    if bytes.is_empty() || bytes.len() > MOST_FILE_BYTES {
        let diagnostics = format!("the file has {} bytes, but may have 1 to {MOST_FILE_BYTES}", bytes.len());
        return Err(Refusal::of("FILE_SIZE_ERROR", diagnostics));
    }
    let header = Header::FILE_NAME.name;
    let name = asked.call.value(header).ok_or_else(|| missing(header))?;
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let extension = extension.filter(|extension| !extension.is_empty());
    let extension = extension.filter(|_| name.chars().count() <= LONGEST_NAME);
    let Some(extension) = extension else {
        let diagnostics = format!(
            "{header}: a name needs an extension, and may have at most {LONGEST_NAME} \
             characters"
        );
        return Err(Refusal::of("INVALID_VALUE", diagnostics));
    };
    let media_type = asked.call.value("Content-Type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let known = FILE_TYPES.iter().find(|(known, _)| *known == media_type);
    if !known.is_some_and(|(_, extensions)| extensions.contains(&extension.as_str())) {
        let diagnostics = format!("the name of a file of type {media_type} cannot end in .{extension}");
        return Err(Refusal::of("CONFLICTING_VALUES", diagnostics));
    }
    let referral = asked.call.value(Header::REFERRAL.name).map(str::to_owned);
    if let Some(ubrn) = &referral {
        let name = Header::REFERRAL.name;
        if ubrn.len() != 12 || !ubrn.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::of("INVALID_VALUE", format!("{name}: '{ubrn}' is not a UBRN")));
        }
        if asked.state.referrals.get(ubrn).is_none() && asked.state.advice.get(ubrn).is_none() {
            return Err(Refusal::of("INAPPROPRIATE_VALUE", format!("{name}: there is no request {ubrn}")));
        }
    }
    let outcome = asked.call.scan.unwrap_or_else(|| look(bytes, &media_type));
    let (bytes, name) = (bytes.clone(), name.to_owned());
    let id = asked.state.new_uuid();
    let file = File {
        id: id.clone(),
        number: asked.state.new_number(),
        name,
        media_type,
        size: bytes.len() as u64,
        uploader: asked.caller.id().to_owned(),
        on_behalf_of: asked.caller.on_behalf_of().map(str::to_owned),
        organisation: asked.caller.organisation.clone(),
        referral,
        uploaded: asked.now,
        scan: Scan { done: asked.now.plus_seconds(asked.settings.scan_seconds), outcome },
        link: None,
    };
    forget_old(asked);
    asked.state.files.set(&id, file);
    asked.state.contents.set(&id, Content(bytes));
    Ok(Reply::at(format!("Binary/{id}")))
}

/// Removes files that have long been unattached.
fn forget_old(asked: &mut Asked<'_>) {
    let gone = asked.now.plus_seconds(-86_400 * asked.settings.unlinked_days);
    let old: Vec<String> = asked.state.loose_files(gone).map(str::to_owned).collect();
    for id in old {
        asked.state.files.remove(&id);
        asked.state.contents.remove(&id);
    }
}

/// The first bytes of some file types.
const SIGNATURES: &[(&str, &[&[u8]])] = &[
    ("application/pdf", &[b"%PDF-"]),
    ("image/png", &[b"\x89PNG\r\n\x1a\n"]),
    ("image/gif", &[b"GIF87a", b"GIF89a"]),
    ("image/jpeg", &[b"\xff\xd8\xff"]),
    ("image/tiff", &[b"II*\0", b"MM\0*"]),
    ("application/msword", &[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &[b"PK\x03\x04"]),
    ("text/rtf", &[b"{\\rtf"]),
];

/// The test string for virus scanners, in two halves, so that none takes this program for a virus.
const TEST_VIRUS: [&[u8]; 2] =
    [b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-", b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"];

/// The result of the check of a file: whether its first bytes fit its type, and whether it holds the test string.
fn look(bytes: &[u8], media_type: &str) -> Availability {
    let virus = TEST_VIRUS.concat();
    if bytes.windows(virus.len()).any(|window| window == virus) {
        return Availability::ThreatsFound;
    }
    let signatures =
        SIGNATURES.iter().find(|(known, _)| *known == media_type).map(|(_, signatures)| signatures);
    if signatures.is_some_and(|signatures| !signatures.iter().any(|signature| bytes.starts_with(signature))) {
        return Availability::ValidationFailed;
    }
    Availability::Available
}

pub(super) fn fetch(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let file = visible(asked, asked.in_path("attachmentLogicalID").trim_start_matches("att-"))?;
    available(asked, &file)?;
    if file.size > MOST_FILE_BYTES as u64 {
        return Err(Refusal::of("FILE_SIZE_ERROR", format!("{} is too large: use A042", file.name)));
    }
    let bytes = asked.state.contents.get(&file.id).map(|content| content.0.clone()).unwrap_or_default();
    Ok(Reply::file(&file.media_type, file.name, bytes))
}

pub(super) fn link(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let file = visible(asked, asked.in_path("id"))?;
    available(asked, &file)?;
    let expires = asked.now.plus_seconds(asked.settings.link_seconds).millis();
    Ok(Reply::at(format!("{}/object-store/{}?expires={expires}", asked.call.base, file.id)))
}

/// The file, if it is attached to something that the caller is related to.
fn visible(asked: &Asked<'_, impl Holds>, id: &str) -> Outcome<File> {
    let file = asked.state.files.get(id).filter(|file| file.link.is_some());
    let file = file.ok_or_else(|| Refusal::plain(404, format!("there is no file {id}")))?;
    let ubrn = file.link.as_ref().map(|link| link.ubrn.as_str()).unwrap_or_default();
    let referral = asked.state.referrals.get(ubrn).map(|referral| asked.has_to_do_with(referral));
    let advice = asked.state.advice.get(ubrn).map(|advice| asked.has_to_do_with_advice(advice));
    match (referral, advice) {
        (Some(Ok(())), _) | (_, Some(Ok(()))) => Ok(file.clone()),
        (Some(refused), _) | (None, Some(refused)) => refused.map(|()| file.clone()),
        (None, None) => Err(Refusal::plain(404, format!("there is no file {id}"))),
    }
}

fn available(asked: &Asked<'_, impl Holds>, file: &File) -> Outcome<()> {
    match file.availability(asked.now) {
        Availability::Available => Ok(()),
        other => Err(Refusal::of(other.code(), format!("{} is {}", file.name, other.code()))),
    }
}

#[cfg(test)]
mod tests {
    use super::{TEST_VIRUS, look};
    use crate::state::Availability;

    #[test]
    fn a_look_at_a_file_tells_what_is_wrong_with_it() {
        assert_eq!(look(b"%PDF-1.7 ...", "application/pdf"), Availability::Available);
        assert_eq!(look(b"hello", "application/pdf"), Availability::ValidationFailed);
        assert_eq!(look(b"hello", "text/plain"), Availability::Available);
        assert_eq!(look(&TEST_VIRUS.concat(), "text/plain"), Availability::ThreatsFound);
    }
}
