//! A file that is uploaded: its size, its name, its type.

use ers_fhir_report::{CallPart, Message, def, key, text};

use super::fault::Fault;
use super::headers::{almost, lack};
use crate::call::Context;
use crate::rule::attachments as rules;
use crate::service::{FILE_TYPES, Header, MOST_FILE_BYTES, form};

/// Longest name, in characters.
const LONGEST_NAME: usize = 255;

pub(super) fn check(context: &Context, file: &[u8]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if file.is_empty() || file.len() > MOST_FILE_BYTES {
        let message = text!("the file has {} bytes, but may have 1 to {}", file.len(), def(MOST_FILE_BYTES));
        faults.push(Fault::new(&rules::RULE_55, CallPart::Body, message));
    }
    if context.headers.is_empty() {
        return faults;
    }
    let media_type = context.header_value("Content-Type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let known = FILE_TYPES.iter().find(|(name, _)| *name == media_type);
    if known.is_none() {
        let names: Vec<&str> = FILE_TYPES.iter().map(|(name, _)| *name).collect();
        let found = lack(context, Header::FILE_TYPE.name);
        let message = text!(
            "Content-Type {}",
            def(found.unwrap_or(
                "does not name a file type that the service \
                 accepts"
            ))
        );
        faults.push(
            Fault::new(&rules::RULE_56, CallPart::Header(Header::FILE_TYPE.name), message)
                .suggest(text!("one of {}", def(names.join(", ")))),
        );
    }
    let name = context.header_value("NHSD-eRS-File-Name").unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let extension = extension.filter(|extension| !extension.is_empty());
    if extension.is_none() || name.chars().count() > LONGEST_NAME {
        let form = text!("a name with its extension, of at most {} characters", def(LONGEST_NAME));
        let part = CallPart::Header(Header::FILE_NAME.name);
        faults.push(match lack(context, Header::FILE_NAME.name) {
            Some(lack) => {
                let message = text!("{} {}", def(Header::FILE_NAME.name), def(lack));
                let fault = Fault::new(&rules::RULE_58, part, message);
                match almost(context, Header::FILE_NAME.name) {
                    Some(sent) => fault.suggest(text!(
                        "the request has {}: write {}",
                        key(sent),
                        def(Header::FILE_NAME.name)
                    )),
                    None => fault.suggest(text!("send {}", form)),
                }
            }
            None => {
                Fault::new(&rules::RULE_58, part, text!("{} is not {}", def(Header::FILE_NAME.name), form))
            }
        });
    } else if let (Some((_, extensions)), Some(extension)) = (known, &extension)
        && !extensions.contains(&extension.as_str())
    {
        let message =
            text!("the name of a file of type {} does not end in .{}", def(media_type), key(extension));
        let right = text!("end the name in .{}, or send another Content-Type", def(extensions.join(" or .")));
        faults.push(
            Fault::new(&rules::RULE_57, CallPart::Header(Header::FILE_NAME.name), message).suggest(right),
        );
    }
    if let Some(referral) = context.header_value("NHSD-eRS-Referral-ID")
        && !form::is_ubrn(referral)
    {
        let message = Message::text("NHSD-eRS-Referral-ID is not a UBRN of twelve digits");
        faults.push(Fault::new(&rules::RULE_59, CallPart::Header(Header::REFERRAL.name), message));
    }
    faults
}
