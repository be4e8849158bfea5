//! JSON text, with members in the order in which they were added and numbers as they were written.

use std::fmt;

/// A JSON value.
pub(super) enum Json {
    /// A number, `true`, `false` or `null`.
    Plain(Box<str>),
    Text(Box<str>),
    Array(Vec<Json>),
    Object(Vec<(Box<str>, Json)>),
}

impl Json {
    pub(super) fn null() -> Self {
        Self::Plain("null".into())
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        match self {
            Self::Plain(text) => f.write_str(text),
            Self::Text(text) => write_text(f, text),
            Self::Array(items) => {
                let items = items.iter().map(|item| (None, item));
                write_list(f, depth, ["[", "]"], items)
            }
            Self::Object(members) => {
                let members = members.iter().map(|(name, value)| (Some(&**name), value));
                write_list(f, depth, ["{", "}"], members)
            }
        }
    }
}

fn write_list<'j>(
    f: &mut fmt::Formatter<'_>,
    depth: usize,
    [open, close]: [&str; 2],
    items: impl ExactSizeIterator<Item = (Option<&'j str>, &'j Json)>,
) -> fmt::Result {
    f.write_str(open)?;
    let is_empty = items.len() == 0;
    for (at, (name, value)) in items.enumerate() {
        f.write_str(if at == 0 { "\n" } else { ",\n" })?;
        write!(f, "{:1$}", "", 2 * (depth + 1))?;
        if let Some(name) = name {
            write_text(f, name)?;
            f.write_str(": ")?;
        }
        value.write(f, depth + 1)?;
    }
    if !is_empty {
        write!(f, "\n{:1$}", "", 2 * depth)?;
    }
    f.write_str(close)
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn members_keep_their_order_and_numbers_their_digits() {
        let json = Json::Object(vec![
            ("b".into(), Json::Plain("1.10".into())),
            ("a".into(), Json::Array(vec![Json::Text("x\"\n".into()), Json::null()])),
            ("c".into(), Json::Object(Vec::new())),
        ]);
        let expected = "{\n  \"b\": 1.10,\n  \"a\": [\n    \"x\\\"\\n\",\n    null\n  ],\n  \"c\": {}\n}";
        assert_eq!(json.to_string(), expected);
    }
}
