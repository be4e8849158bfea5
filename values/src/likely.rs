//! Dates and times as people and programs write them elsewhere, turned into the form of FHIR.

/// What a text most likely means as a date, or as a date and a time, in the form of FHIR; `None` where it is too unlike
/// one. No zone is added to a time of day without one, and an ambiguous order of day and month is not guessed, so the
/// caller has to check whether the result is a value of some type.
///
/// ```
/// use ers_fhir_values::likely::moment;
/// assert_eq!(moment("14/4/2026").as_deref(), Some("2026-04-14"));
/// assert_eq!(moment("20260414T093000+0100").as_deref(), Some("2026-04-14T09:30:00+01:00"));
/// assert_eq!(moment("2/3/2026"), None);
/// ```
pub fn moment(text: &str) -> Option<String> {
    let text = text.trim();
    let end = text.find(|letter: char| !(letter.is_ascii_digit() || "-/.".contains(letter)));
    let (day, rest) = text.split_at(end.unwrap_or(text.len()));
    let day = likely_day(day)?;
    let rest = rest.trim_start_matches([' ', 'T', 't', ',']);
    if rest.is_empty() {
        return Some(day);
    }
    let (clock, zone) = rest.split_at(rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len()));
    Some(format!("{day}T{}{}", likely_clock(clock)?, likely_zone(zone.trim())?))
}

/// What a text most likely means as a time of day.
pub fn time_of_day(text: &str) -> Option<String> {
    likely_clock(text.trim())
}

/// `YYYY-MM-DD` of a day whose parts have other separators or none, lack zeros, or come in another order.
fn likely_day(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let (year, month, day) = match parts[..] {
        [all] if all.len() == 8 => (&all[..4], &all[4..6], &all[6..]),
        [year, month, day] if year.len() == 4 => (year, month, day),
        [first, second, year] if year.len() == 4 => match (number(first)?, number(second)?) {
            (13.., _) => (year, second, first),
            (_, 13..) => (year, first, second),
            (one, other) if one == other => (year, first, second),
            _ => return None,
        },
        _ => return None,
    };
    Some(format!("{year}-{}-{}", two(month)?, two(day)?))
}

/// `hh:mm:ss` with the fraction, if any.
fn likely_clock(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_at(text.find(['.', ',']).unwrap_or(text.len()));
    let parts: Vec<&str> = whole.split(':').collect();
    let (hour, minute, second) = match parts[..] {
        [all] if all.len() == 4 && all.is_ascii() => (&all[..2], &all[2..], "00"),
        [all] if all.len() == 6 && all.is_ascii() => (&all[..2], &all[2..4], &all[4..]),
        [hour, minute] => (hour, minute, "00"),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    Some(format!("{}:{}:{}{}", two(hour)?, two(minute)?, two(second)?, fraction.replace(',', ".")))
}

/// `Z` or `+hh:mm`; empty for an empty text.
fn likely_zone(text: &str) -> Option<String> {
    if text.is_empty() || text.eq_ignore_ascii_case("z") {
        return Some(text.to_ascii_uppercase());
    }
    let sign = text.get(..1).filter(|sign| ["+", "-"].contains(sign))?;
    let (hours, minutes) = match &text[1..] {
        offset if offset.contains(':') => offset.split_once(':')?,
        offset if offset.len() == 4 && offset.is_ascii() => offset.split_at(2),
        hours => (hours, "00"),
    };
    Some(format!("{sign}{}:{}", two(hours)?, two(minutes)?))
}

/// A number of at most two digits, padded to two.
fn two(text: &str) -> Option<String> {
    (text.len() <= 2).then(|| number(text)).flatten().map(|number| format!("{number:02}"))
}

fn number(text: &str) -> Option<u8> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_elsewhere_gets_the_form_of_fhir() {
        for (text, meant) in [
            ("2026-4-14", "2026-04-14"),
            ("2026/04/14", "2026-04-14"),
            ("20260414", "2026-04-14"),
            ("14.04.2026", "2026-04-14"),
            ("04/14/2026", "2026-04-14"),
            ("3/3/2026", "2026-03-03"),
            ("2026-04-14T09:30:00+0100", "2026-04-14T09:30:00+01:00"),
            ("2026-04-14T09:30:00+01", "2026-04-14T09:30:00+01:00"),
            ("2026-04-14T9:30:00Z", "2026-04-14T09:30:00Z"),
            ("2026-04-14T09:30Z", "2026-04-14T09:30:00Z"),
            ("2026-04-14 09:30:00,5 z", "2026-04-14T09:30:00.5Z"),
            ("14/04/2026 09:30", "2026-04-14T09:30:00"),
            ("20260414T093000Z", "2026-04-14T09:30:00Z"),
        ] {
            assert_eq!(moment(text).as_deref(), Some(meant), "{text}");
        }
        assert_eq!(time_of_day("9:30").as_deref(), Some("09:30:00"));
        assert_eq!(time_of_day("0930").as_deref(), Some("09:30:00"));
    }

    #[test]
    fn what_could_be_anything_is_not_guessed() {
        for text in ["", "2/3/2026", "1776155400", "tomorrow", "26-04-14", "é/4/2026", "2026-04-14Tnoon"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
