//! Templates: texts with placeholders like `{{name}}`.

/// A template with its placeholders filled in. A part on a line of its own is indented in all its lines
/// like the placeholder, and an empty part removes its line.
pub(super) fn fill(template: &str, parts: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len());
    for line in template.lines() {
        let trimmed = line.trim_start();
        let indent = &line[..line.len() - trimmed.len()];
        let whole = parts.iter().find(|(name, _)| is_mark(trimmed, name));
        if let Some((_, part)) = whole {
            for piece in part.lines() {
                text.extend([indent, piece, "\n"]);
            }
            continue;
        }
        let filled = parts.iter().fold(line.to_owned(), |line, (name, part)| {
            if line.contains("{{") { line.replace(&format!("{{{{{name}}}}}"), part) } else { line }
        });
        text.extend([filled.as_str(), "\n"]);
    }
    text
}

fn is_mark(text: &str, name: &str) -> bool {
    text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")) == Some(name)
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn parts_take_the_place_of_their_marks() {
        let template = "{\n  {{none}}\n  {{two}}\n  \"id\": \"{{id}}\"\n}\n";
        let filled = fill(template, &[("none", ""), ("two", "\"a\": 1,\n\"b\": 2,"), ("id", "7")]);
        assert_eq!(filled, "{\n  \"a\": 1,\n  \"b\": 2,\n  \"id\": \"7\"\n}\n");
    }
}
