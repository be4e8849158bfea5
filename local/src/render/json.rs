//! JSON as people expect FHIR to begin: with the type and the id.

use serde_json::Value;

/// The bytes of a value. Keys come in the order of the alphabet, but for those that say what a thing is.
pub(crate) fn text(value: &Value) -> Vec<u8> {
    let mut written = Vec::with_capacity(2048);
    write(value, &mut written);
    written
}

const FIRST: [&str; 7] = ["resourceType", "id", "meta", "url", "name", "system", "code"];

fn rank(key: &str) -> usize {
    FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len())
}

fn write(value: &Value, written: &mut Vec<u8>) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_by(|(a, _), (b, _)| (rank(a), *a).cmp(&(rank(b), *b)));
            written.push(b'{');
            for (at, (key, value)) in fields.into_iter().enumerate() {
                if at > 0 {
                    written.push(b',');
                }
                plain(&Value::from(key.as_str()), written);
                written.push(b':');
                write(value, written);
            }
            written.push(b'}');
        }
        Value::Array(items) => {
            written.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    written.push(b',');
                }
                write(item, written);
            }
            written.push(b']');
        }
        _ => plain(value, written),
    }
}

fn plain(value: &Value, written: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _infallible = serde_json::to_writer(written, value);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::text;

    #[test]
    fn what_a_thing_is_comes_first() {
        let value = json!({ "active": true, "id": "1", "resourceType": "X", "a": [{ "valueString": "é\"", "url": "u" }] });
        let expected = "{\"resourceType\":\"X\",\"id\":\"1\",\"a\":[{\"url\":\"u\",\"valueString\":\"é\\\"\"}],\"active\":true}";
        assert_eq!(String::from_utf8(text(&value)).as_deref(), Ok(expected));
    }
}
