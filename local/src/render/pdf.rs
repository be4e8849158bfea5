//! Letters and summaries, as documents that readers open.

use std::fmt::Write;

/// Lines on a page.
const LINES: usize = 52;
/// Characters on a line.
const WIDTH: usize = 88;

/// A document of plain text under a heading.
pub(crate) struct Pdf {
    title: String,
    lines: Vec<String>,
}

impl Pdf {
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), lines: Vec::new() }
    }

    /// Adds a paragraph, in lines that fit.
    pub(crate) fn say(&mut self, text: &str) {
        for paragraph in text.split('\n') {
            let mut line = String::new();
            for word in paragraph.split_whitespace() {
                if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
                    self.lines.push(std::mem::take(&mut line));
                }
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
            self.lines.push(line);
        }
    }

    /// Adds a fact, where it is known.
    pub(crate) fn fact(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.say(&format!("{name}: {value}"));
        }
    }

    /// Adds an empty line, and a heading.
    pub(crate) fn head(&mut self, text: &str) {
        self.lines.push(String::new());
        self.lines.push(text.to_uppercase());
    }

    /// The bytes of the document.
    pub(crate) fn finish(&self) -> Vec<u8> {
        let pages: Vec<&[String]> =
            if self.lines.is_empty() { vec![&[]] } else { self.lines.chunks(LINES).collect() };
        let mut objects: Vec<Vec<u8>> = Vec::new();
        let kids: Vec<String> = (0..pages.len()).map(|page| format!("{} 0 R", 4 + 2 * page)).collect();
        objects.push(b"<< /Type /Catalog /Pages 2 0 R >>".to_vec());
        objects.push(
            format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()).into_bytes(),
        );
        objects.push(
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
        );
        for (place, lines) in pages.iter().enumerate() {
            let page = format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
                5 + 2 * place
            );
            objects.push(page.into_bytes());
            let drawn = self.drawn(lines, place == 0);
            let mut stream = format!("<< /Length {} >>\nstream\n", drawn.len()).into_bytes();
            stream.extend_from_slice(&drawn);
            stream.extend_from_slice(b"\nendstream");
            objects.push(stream);
        }
        assembled(&objects)
    }

    /// What draws a page.
    fn drawn(&self, lines: &[String], is_first: bool) -> Vec<u8> {
        let mut drawn = b"BT\n".to_vec();
        if is_first {
            drawn.extend_from_slice(b"/F1 16 Tf 56 790 Td ");
            drawn.extend_from_slice(&literal(&self.title));
            drawn.extend_from_slice(b" Tj 0 -28 Td\n");
        } else {
            drawn.extend_from_slice(b"56 790 Td\n");
        }
        drawn.extend_from_slice(b"/F1 10.5 Tf 14 TL\n");
        for line in lines {
            drawn.extend_from_slice(&literal(line));
            drawn.extend_from_slice(b" Tj T*\n");
        }
        drawn.extend_from_slice(b"ET");
        drawn
    }
}

/// A text as the font has it; what it lacks is a question mark.
fn literal(text: &str) -> Vec<u8> {
    let mut written = b"(".to_vec();
    for letter in text.chars() {
        let byte = match letter {
            '\u{2018}' | '\u{2019}' => b'\'',
            '\u{201c}' | '\u{201d}' => b'"',
            '\u{2013}' | '\u{2014}' => b'-',
            _ => u8::try_from(u32::from(letter)).ok().filter(|byte| *byte >= b' ').unwrap_or(b'?'),
        };
        if matches!(byte, b'(' | b')' | b'\\') {
            written.push(b'\\');
        }
        written.push(byte);
    }
    written.push(b')');
    written
}

/// Objects with the table that says where each is.
fn assembled(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut document = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (place, object) in objects.iter().enumerate() {
        let _infallible = writeln!(table, "{:010} 00000 n ", document.len());
        document.extend_from_slice(format!("{} 0 obj\n", place + 1).as_bytes());
        document.extend_from_slice(object);
        document.extend_from_slice(b"\nendobj\n");
    }
    let start = document.len();
    let count = objects.len() + 1;
    let end = format!(
        "xref\n0 {count}\n{table}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    document.extend_from_slice(end.as_bytes());
    document
}

#[cfg(test)]
mod tests {
    use super::Pdf;

    #[test]
    fn the_table_says_where_each_object_is() {
        let mut pdf = Pdf::new("A letter (one)");
        (0..70).for_each(|line| pdf.say(&format!("line {line}")));
        let bytes = pdf.finish();
        let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        assert!(text.contains("/Count 2") && text.contains("(A letter \\(one\\)) Tj"));
        let table = text.split("xref\n").nth(1).expect("there is a table");
        let places = table.lines().skip(2).take_while(|line| line.ends_with(" n "));
        for (number, line) in places.enumerate() {
            let at: usize = line[..10].parse().expect("it is a number");
            assert!(bytes[at..].starts_with(format!("{} 0 obj", number + 1).as_bytes()), "{line}");
        }
    }
}
