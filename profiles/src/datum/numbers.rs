//! Numbers in JSON, kept as they are written: `1.10` is not `1.1`.

/// The same JSON with every number that is not a plain integer in quotes, so that its digits are read as
/// text; `None` if there is none.
///
/// Anything that is not a number stays as it is, for the parser to refuse.
pub(super) fn quoted(json: &[u8]) -> Option<Vec<u8>> {
    let mut quoted = Vec::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => at = behind_string(json, at),
            b'-' | b'0'..=b'9' => {
                let is_part = |b: &u8| matches!(b, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
                let end =
                    json[at..].iter().position(|b| !is_part(b)).map_or(json.len(), |length| at + length);
                let number = &json[at..end];
                let is_integer = !number.iter().any(|b| matches!(b, b'.' | b'e' | b'E'));
                if !is_integer && serde_json::from_slice::<f64>(number).is_ok() {
                    quoted.extend_from_slice(&json[copied..at]);
                    quoted.push(b'"');
                    quoted.extend_from_slice(number);
                    quoted.push(b'"');
                    copied = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    if copied == 0 {
        return None;
    }
    quoted.extend_from_slice(&json[copied..]);
    Some(quoted)
}

/// The position after the string that opens at a position.
fn behind_string(json: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use super::quoted;

    fn text(json: &str) -> Option<String> {
        quoted(json.as_bytes()).map(|quoted| String::from_utf8(quoted).unwrap())
    }

    #[test]
    fn only_decimals_outside_strings_are_quoted() {
        assert_eq!(
            text(r#"{"a":[1.10,-2,3e2],"b\" 4.0":"5.0"}"#).unwrap(),
            r#"{"a":["1.10",-2,"3e2"],"b\" 4.0":"5.0"}"#
        );
        assert_eq!(text(r#"{"a":12,"b":"1.10 \\","c":true}"#), None);
    }

    #[test]
    fn what_is_no_number_stays() {
        for bad in ["{\"a\":1.}", "{\"a\":01.5}", "{\"a\":1e999}", "{\"a\":\"1.5", "\"\\"] {
            assert_eq!(text(bad), None, "{bad}");
        }
    }
}
