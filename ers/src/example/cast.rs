//! The people and records in the examples. All of them are invented, and a seed invents others.

use std::collections::BTreeMap;
use std::ops::Range;

use ers_fhir_values::form::has_modulus_11_digit;

/// The patient: like all numbers that begin with 999, this one is reserved for tests.
const PATIENT: &str = "9994827162";
/// A referral and an advice request.
const UBRNS: [&str; 2] = ["000049912345", "000049954321"];
/// Those who refer, advise, and act for others.
const USERS: [&str; 3] = ["555000111222", "555000333444", "555000777888"];
/// Services, a slot, an appointment, documents, messages.
const NUMBERS: [&str; 9] =
    ["20417", "20583", "31006", "4410027", "81220", "90331", "90342", "70711", "70712"];
/// The name of the first service.
const SERVICE: &str = "Leeds North Dermatology";
const SERVICES: [&str; 6] = [
    SERVICE,
    "Aire Valley Skin Clinic",
    "Calder Dermatology Outpatients",
    "Nidd Bank Dermatology",
    "Rother Community Dermatology",
    "Wharfe Side Skin Service",
];

/// The same text with other people and records; the seed 0 changes nothing.
pub(super) struct Cast {
    seed: u64,
    names: BTreeMap<&'static str, String>,
}

impl Cast {
    pub(super) fn of(seed: u64) -> Self {
        let mut names = BTreeMap::new();
        if seed != 0 {
            let mut random = Random(seed);
            names.insert(PATIENT, nhs_number(&mut random));
            for ubrn in UBRNS {
                names.insert(ubrn, format!("0000{}", digits(&mut random, 8)));
            }
            for user in USERS {
                names.insert(user, format!("555{}", digits(&mut random, 9)));
            }
            for number in NUMBERS {
                // None begins with 0, and no two are equal.
                let taken = |found: &String| names.values().any(|other| other == found);
                let mut found = format!("{}{}", 1 + random.next() % 9, digits(&mut random, number.len() - 1));
                while taken(&found) {
                    found = format!("{}{}", 1 + random.next() % 9, digits(&mut random, number.len() - 1));
                }
                names.insert(number, found);
            }
        }
        Self { seed, names }
    }

    /// A text with all names replaced.
    pub(super) fn play(&self, text: &str) -> String {
        if self.seed == 0 {
            return text.to_owned();
        }
        let mut changed = String::with_capacity(text.len());
        let mut from = 0;
        for token in tokens(text) {
            changed.push_str(&text[from..token.start]);
            let name = &text[token.clone()];
            if is_uuid(name) {
                changed.push_str(&self.uuid(name));
            } else {
                changed.push_str(self.names.get(name).map_or(name, String::as_str));
            }
            from = token.end;
        }
        changed.push_str(&text[from..]);
        let place = usize::try_from(self.seed % SERVICES.len() as u64).unwrap_or_default();
        changed.replace(SERVICE, SERVICES[place])
    }

    /// Another version 4 UUID, always the same for the same one.
    fn uuid(&self, uuid: &str) -> String {
        let mut random =
            Random(uuid.bytes().fold(self.seed, |sum, byte| {
                sum.wrapping_mul(0x0100_0000_01b3).wrapping_add(u64::from(byte))
            }));
        let text = format!("{:016x}{:016x}", random.next(), random.next());
        let variant = ["8", "9", "a", "b"][usize::from(text.as_bytes()[16] % 4)];
        format!(
            "{}-{}-4{}-{variant}{}-{}",
            &text[..8],
            &text[8..12],
            &text[13..16],
            &text[17..20],
            &text[20..]
        )
    }
}

/// The ranges of the numbers and UUIDs in a text.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let begins = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        if begins && text.get(at..at + 36).is_some_and(is_uuid) {
            found.push(at..at + 36);
            at += 36;
        } else if begins && bytes[at].is_ascii_digit() {
            let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            found.push(at..at + length);
            at += length;
        } else {
            at += 1;
        }
    }
    found
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && crate::service::form::is_uuid(text)
}

/// Ten digits that begin with 999 and end in their check digit.
fn nhs_number(random: &mut Random) -> String {
    loop {
        let nine = format!("999{}", digits(random, 6));
        // One number in eleven has no check digit.
        if let Some(number) =
            (0..10).map(|check| format!("{nine}{check}")).find(|it| has_modulus_11_digit(it))
        {
            return number;
        }
    }
}

fn digits(random: &mut Random, count: usize) -> String {
    (0..count).map(|_| char::from(b'0' + u8::try_from(random.next() % 10).unwrap_or_default())).collect()
}

/// `SplitMix64`: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
