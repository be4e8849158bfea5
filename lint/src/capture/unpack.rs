//! Bodies as captures hold them: in base64, compressed, or still in chunks.

use std::io::Read;

use ers_fhir_values::base64;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use serde_json::Value;

/// The greatest size of one body, in bytes.
const MOST: usize = 128 << 20;
/// The greatest size of all decoded bodies of a capture, in bytes.
const MOST_OF_ALL: usize = 512 << 20;
/// The greatest number of encodings of a body that are undone.
const LAYERS: usize = 4;

const GZIP: &[u8] = b"\x1f\x8b";

/// Why a body in a capture cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is marked as base64, but is not.
    #[error("the capture says that the body is base64, but it is not")]
    Base64,
    /// It was compressed, and is incomplete.
    #[error("the body is compressed, but was truncated or damaged in the capture")]
    Damaged,
    /// It was compressed, and then written as text.
    #[error("the body is compressed, but was damaged by being written to the capture as text")]
    Text,
    /// It is compressed in an unknown way.
    #[error("the body is compressed with something other than gzip and deflate")]
    Coding,
    /// It is in inconsistent chunks.
    #[error("the body is in chunked transfer encoding, but the chunks are inconsistent")]
    Chunks,
    /// It is too large.
    #[error("the body is compressed, but too large when decompressed")]
    TooLarge,
}

/// Decodes the bodies of a capture, up to a total size.
pub(super) struct Unpacker {
    left: usize,
}

impl Default for Unpacker {
    fn default() -> Self {
        Self { left: MOST_OF_ALL }
    }
}

impl Unpacker {
    /// The decoded body; `None` if the capture has none.
    pub(super) fn body(
        &mut self,
        holder: &Value,
        headers: &[(String, String)],
    ) -> Result<Option<Vec<u8>>, Unusable> {
        let Some(text) = holder["text"].as_str() else { return Ok(None) };
        let is_encoded =
            holder["encoding"].as_str().is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64"));
        let mut bytes = if is_encoded {
            base64::decode(text).map_err(|_| Unusable::Base64)?
        } else {
            narrow(text)?.or_else(|| unsaid(text)).unwrap_or_else(|| text.as_bytes().to_vec())
        };
        let coding = header(headers, "Content-Encoding");
        for _ in 0..LAYERS {
            let is_chunked = header(headers, "Transfer-Encoding").contains("chunked");
            if let Some(joined) = joined(&bytes, is_chunked)? {
                bytes = joined;
            } else if bytes.starts_with(GZIP) {
                bytes = self.read(MultiGzDecoder::new(bytes.as_slice()))?;
            } else if !coding.is_empty() && coding != "identity" && !is_plain(&bytes) {
                bytes = match coding.as_str() {
                    "deflate" => self
                        .read(ZlibDecoder::new(bytes.as_slice()))
                        .or_else(|_| self.read(DeflateDecoder::new(bytes.as_slice())))?,
                    "gzip" | "x-gzip" => return Err(Unusable::Damaged),
                    _ => return Err(Unusable::Coding),
                };
            } else {
                break;
            }
        }
        Ok(Some(bytes))
    }

    fn read(&mut self, packed: impl Read) -> Result<Vec<u8>, Unusable> {
        let most = self.left.min(MOST);
        let mut bytes = Vec::new();
        packed.take(most as u64 + 1).read_to_end(&mut bytes).map_err(|_| Unusable::Damaged)?;
        if bytes.len() > most {
            return Err(Unusable::TooLarge);
        }
        self.left -= bytes.len();
        Ok(bytes)
    }
}

fn header(headers: &[(String, String)], name: &str) -> String {
    let found = headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim().to_ascii_lowercase()).unwrap_or_default()
}

/// The bytes of a gzip stream that was written as text, with one character for each byte.
fn narrow(text: &str) -> Result<Option<Vec<u8>>, Unusable> {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some('\u{1f}'), Some('\u{8b}')) => {
            let bytes: Option<Vec<u8>> = text.chars().map(|letter| u8::try_from(letter).ok()).collect();
            bytes.map(Some).ok_or(Unusable::Text)
        }
        // Bytes that are not text were replaced.
        (Some('\u{1f}'), Some(char::REPLACEMENT_CHARACTER)) => Err(Unusable::Text),
        _ => Ok(None),
    }
}

/// The bytes of JSON or compressed data, in base64 that the capture does not mark as such.
fn unsaid(text: &str) -> Option<Vec<u8>> {
    // `{` and the beginning of a gzip stream, in base64.
    let is_likely = ["ey", "ew", "H4sI"].iter().any(|start| text.starts_with(start));
    let bytes = is_likely.then(|| base64::decode(text).ok()).flatten()?;
    (bytes.starts_with(b"{") || bytes.starts_with(GZIP)).then_some(bytes)
}

/// Whether bytes are text, and so no longer compressed, or a document.
fn is_plain(bytes: &[u8]) -> bool {
    let is_control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    bytes.starts_with(b"%PDF") || std::str::from_utf8(bytes).is_ok() && !bytes.iter().any(is_control)
}

/// The joined content of chunks; `None` if the bytes are not chunks.
fn joined(bytes: &[u8], is_said: bool) -> Result<Option<Vec<u8>>, Unusable> {
    let mut all = Vec::new();
    let mut rest = bytes;
    loop {
        let Some((size, after)) = size(rest) else {
            // The body may have been joined before it was written to the capture.
            let is_cut = is_said && rest.len() < bytes.len();
            return if is_cut { Err(Unusable::Chunks) } else { Ok(None) };
        };
        if size == 0 {
            // Without a header that says so, only complete chunks count, not a number at the beginning.
            let is_end = is_said || !all.is_empty() && after.trim_ascii().is_empty();
            return Ok(is_end.then_some(all));
        }
        let chunk = after.get(..size);
        let end = chunk.and_then(|_| {
            let after = &after[size..];
            // Tools that keep chunks may have changed the line endings.
            let bare = || after.strip_prefix(b"\n").filter(|_| is_said);
            after.strip_prefix(b"\r\n").or_else(bare)
        });
        match (chunk, end) {
            (Some(chunk), Some(end)) => {
                all.extend_from_slice(chunk);
                rest = end;
            }
            _ if is_said => return Err(Unusable::Chunks),
            _ => return Ok(None),
        }
    }
}

/// The size at the beginning of a chunk, and the rest.
fn size(bytes: &[u8]) -> Option<(usize, &[u8])> {
    const LONGEST: usize = 8;
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let line = std::str::from_utf8(&bytes[..end]).ok()?.trim_end_matches('\r');
    let digits = line.split(';').next()?.trim_end();
    let is_size =
        (1..=LONGEST).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_size.then(|| usize::from_str_radix(digits, 16).ok()).flatten().map(|size| (size, &bytes[end + 1..]))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use ers_fhir_values::base64::encode;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use serde_json::json;

    use super::{Unpacker, Unusable};

    const BODY: &str = r#"{ "resourceType": "Bundle" }"#;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(bytes).expect("it is in memory");
        packed.finish().expect("it is in memory")
    }

    fn chunks(bytes: &[u8]) -> Vec<u8> {
        let mut all = Vec::new();
        for chunk in bytes.chunks(10) {
            all.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
            all.extend_from_slice(chunk);
            all.extend_from_slice(b"\r\n");
        }
        all.extend_from_slice(b"0\r\n\r\n");
        all
    }

    fn unpacked(bytes: &[u8], headers: &[(&str, &str)]) -> Result<String, Unusable> {
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let holder = json!({ "text": encode(bytes), "encoding": "base64" });
        let body = Unpacker::default().body(&holder, &headers)?;
        Ok(String::from_utf8(body.unwrap_or_default()).expect("it is text"))
    }

    #[test]
    fn bodies_are_unpacked_whatever_they_are_wrapped_in() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(BODY.as_bytes()).expect("it is in memory");
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::default());
        deflate.write_all(BODY.as_bytes()).expect("it is in memory");
        for (bytes, headers) in [
            (BODY.as_bytes().to_vec(), vec![]),
            (BODY.as_bytes().to_vec(), vec![("content-encoding", "gzip"), ("transfer-encoding", "chunked")]),
            (BODY.as_bytes().to_vec(), vec![("content-encoding", "br")]),
            (gzip(BODY.as_bytes()), vec![]),
            (gzip(BODY.as_bytes()), vec![("Content-Encoding", "gzip")]),
            (chunks(BODY.as_bytes()), vec![]),
            (
                b"1c\n".iter().chain(BODY.as_bytes()).chain(b"\n0\n").copied().collect(),
                vec![("Transfer-Encoding", "chunked")],
            ),
            (chunks(&gzip(BODY.as_bytes())), vec![("Transfer-Encoding", "chunked")]),
            (zlib.finish().expect("it is in memory"), vec![("Content-Encoding", "deflate")]),
            (deflate.finish().expect("it is in memory"), vec![("Content-Encoding", "deflate")]),
        ] {
            assert_eq!(unpacked(&bytes, &headers).as_deref(), Ok(BODY), "{headers:?}");
        }
    }

    #[test]
    fn what_cannot_be_unpacked_is_said() {
        let packed = gzip(BODY.as_bytes());
        let said = chunks(BODY.as_bytes());
        let chunked = [("Transfer-Encoding", "chunked")];
        assert_eq!(unpacked(&packed[..packed.len() - 9], &[]), Err(Unusable::Damaged));
        assert_eq!(unpacked(b"\x0b\x81\x80", &[("Content-Encoding", "br")]), Err(Unusable::Coding));
        assert_eq!(unpacked(&said[..said.len() - 8], &chunked), Err(Unusable::Chunks));
        let bomb = gzip(&vec![b' '; super::MOST + 1]);
        assert_eq!(unpacked(&bomb, &[]), Err(Unusable::TooLarge));
        for (text, encoding, why) in [
            ("{ \"a\": 1 }", "base64", Unusable::Base64),
            ("\u{1f}\u{fffd}\u{8}", "", Unusable::Text),
            ("\u{1f}\u{8b}\u{20ac}", "", Unusable::Text),
        ] {
            let holder = json!({ "text": text, "encoding": encoding });
            assert_eq!(Unpacker::default().body(&holder, &[]), Err(why));
        }
    }

    #[test]
    fn bytes_may_be_written_otherwise_than_the_capture_says() {
        let text: String = gzip(BODY.as_bytes()).into_iter().map(char::from).collect();
        for text in [text, encode(&gzip(BODY.as_bytes())), encode(BODY.as_bytes())] {
            let body = Unpacker::default().body(&json!({ "text": text }), &[]);
            assert_eq!(body, Ok(Some(BODY.as_bytes().to_vec())));
        }
        let token = Unpacker::default().body(&json!({ "text": "eyJhbGciOiJub25lIn0.e30." }), &[]);
        assert_eq!(token, Ok(Some(b"eyJhbGciOiJub25lIn0.e30.".to_vec())));
    }

    #[test]
    fn all_bodies_together_have_a_bound() {
        let holder = json!({ "text": encode(&gzip(&[b' '; 100])), "encoding": "base64" });
        let mut unpacker = Unpacker { left: 150 };
        assert!(unpacker.body(&holder, &[]).is_ok());
        assert_eq!(unpacker.body(&holder, &[]), Err(Unusable::TooLarge));
    }
}
