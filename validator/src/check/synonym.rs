//! Names from other systems, and FHIR's names for the same things.

/// A name in lower case without punctuation, and its names in FHIR, the likeliest first.
const SYNONYMS: [(&str, &[&str]); 38] = [
    ("address1", &["line"]),
    ("addressline", &["line"]),
    ("addressline1", &["line"]),
    ("cellphone", &["telecom"]),
    ("county", &["district"]),
    ("dateofbirth", &["birthDate"]),
    ("dateofdeath", &["deceasedDateTime"]),
    ("deathdate", &["deceasedDateTime"]),
    ("deceased", &["deceasedBoolean", "deceasedDateTime"]),
    ("dob", &["birthDate"]),
    ("email", &["telecom"]),
    ("emailaddress", &["telecom"]),
    ("familyname", &["family"]),
    ("firstname", &["given"]),
    ("firstnames", &["given"]),
    ("forename", &["given"]),
    ("forenames", &["given"]),
    ("givenname", &["given"]),
    ("givennames", &["given"]),
    ("gp", &["generalPractitioner"]),
    ("lastname", &["family"]),
    ("middlename", &["given"]),
    ("mobile", &["telecom"]),
    ("phone", &["telecom"]),
    ("phonenumber", &["telecom"]),
    ("postcode", &["postalCode"]),
    ("province", &["state"]),
    ("secondname", &["family"]),
    ("sex", &["gender"]),
    ("street", &["line"]),
    ("streetaddress", &["line"]),
    ("surname", &["family"]),
    ("telephone", &["telecom"]),
    ("telephonenumber", &["telecom"]),
    ("title", &["prefix"]),
    ("town", &["city"]),
    ("zip", &["postalCode"]),
    ("zipcode", &["postalCode"]),
];

/// FHIR's name for a synonym: one of `names` that `is_free`.
#[cold]
pub(super) fn meant<'n>(written: &str, names: &[&'n str], is_free: impl Fn(&str) -> bool) -> Option<&'n str> {
    let letters = written.bytes().filter(u8::is_ascii_alphanumeric);
    let small: Vec<u8> = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    let row = SYNONYMS.binary_search_by(|(name, _)| name.as_bytes().cmp(&small)).ok()?;
    let (_, known) = SYNONYMS[row];
    known.iter().find_map(|known| names.iter().copied().find(|name| name == known && is_free(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(SYNONYMS.is_sorted_by(|one, other| one.0 < other.0));
    }

    #[test]
    fn a_name_is_given_where_it_is_there_and_free() {
        let names = ["given", "family", "prefix"];
        assert_eq!(meant("first_name", &names, |_| true), Some("given"));
        assert_eq!(meant("Surname", &names, |name| name != "family"), None);
        assert_eq!(meant("dob", &names, |_| true), None);
    }
}
