//! The protocol over standard input and output (LSP 3.17, Base Protocol): an invalid message is answered with an
//! error, and the next one is read.

use std::io::{self, BufRead, Read, Write};
use std::thread::{Builder, JoinHandle};

use lsp_server::{Connection, ErrorCode, Message};
use serde_json::json;

/// The largest message, in bytes: several times the largest payload that is checked.
const MOST: u64 = 1 << 30;

/// The threads that read and write.
pub(crate) struct Threads {
    reader: JoinHandle<io::Result<()>>,
    writer: JoinHandle<io::Result<()>>,
}

impl Threads {
    /// Waits until everything is written, and the editor has closed its side.
    pub(crate) fn join(self) -> io::Result<()> {
        let broken = |_| io::Error::other("a thread panicked");
        self.writer.join().map_err(broken)??;
        self.reader.join().map_err(broken)?
    }
}

/// A connection over standard input and output.
///
/// # Errors
///
/// If no thread can be started.
pub(crate) fn connection() -> io::Result<(Connection, Threads)> {
    let (server, editor) = Connection::memory();
    let Connection { sender, receiver } = editor;
    let thread = |name: &str| Builder::new().name(name.to_owned());
    let writer = thread("write").spawn(move || {
        receiver.into_iter().try_for_each(|message| message.write(&mut io::stdout().lock()))
    })?;
    let reader = thread("read").spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(read) = next(&mut input)? {
            match read {
                Ok(message) => {
                    let is_last = matches!(&message, Message::Notification(said) if said.method == "exit");
                    if sender.send(message).is_err() || is_last {
                        break;
                    }
                }
                Err(error) => refuse(&mut io::stdout().lock(), &error)?,
            }
        }
        Ok(())
    })?;
    Ok((server, Threads { reader, writer }))
}

/// The next message, or why it is invalid; `None` at the end.
fn next(input: &mut impl BufRead) -> io::Result<Option<Result<Message, String>>> {
    let mut length = None;
    loop {
        let mut header = Vec::new();
        if input.by_ref().take(8 << 10).read_until(b'\n', &mut header)? == 0 {
            return Ok(None);
        }
        let header = String::from_utf8_lossy(&header);
        let header = header.trim_end();
        match header.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("Content-Length") => {
                length = value.trim().parse::<u64>().ok();
            }
            None if header.is_empty() && length.is_some() => break,
            // Other headers, and malformed ones, are irrelevant.
            _ => {}
        }
    }
    let length = length.unwrap_or_default();
    if length > MOST {
        io::copy(&mut input.by_ref().take(length), &mut io::sink())?;
        return Ok(Some(Err(format!("a message of {length} bytes is too large: at most {MOST} are read"))));
    }
    // The announced bytes may never come.
    let mut body = Vec::new();
    if input.by_ref().take(length).read_to_end(&mut body)? as u64 != length {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&body).map_err(|error| {
        format!(
            "this is not a message of the protocol: \
             {error}"
        )
    })))
}

/// Answers an invalid message, whose id is unknown.
fn refuse(output: &mut impl Write, why: &str) -> io::Result<()> {
    let error = json!({ "code": ErrorCode::ParseError as i32, "message": why });
    let body = json!({ "jsonrpc": "2.0", "id": null, "error": error }).to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use lsp_server::Message;

    use super::{MOST, next, refuse};

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn what_is_no_message_is_passed_by() {
        let good = r#"{"jsonrpc":"2.0","method":"exit"}"#;
        let input = [&framed("{bad}"), "nonsense\r\n", &framed("[]"), &framed(good)].concat();
        let mut input = input.as_bytes();
        let mut read = || next(&mut input).expect("it can be read");
        assert!(matches!(read(), Some(Err(_))));
        assert!(matches!(read(), Some(Err(_))));
        assert!(matches!(read(), Some(Ok(Message::Notification(said))) if said.method == "exit"));
        assert!(read().is_none());
    }

    #[test]
    fn no_memory_is_taken_for_what_is_only_announced() {
        for length in [MOST, u64::MAX] {
            let text = format!("Content-Length: {length}\r\n\r\n{{}}");
            let read = next(&mut text.as_bytes()).expect("it can be read");
            assert!(read.is_none_or(|read| read.is_err()), "{length}");
        }
        let read = next(&mut "Content-Length: 99999999999999999999999\r\n\r\n".as_bytes());
        assert!(read.expect("it can be read").is_none());
    }

    #[test]
    fn a_refusal_has_no_id() {
        let mut output = Vec::new();
        refuse(&mut output, "it is \"none\"").expect("it can be written");
        let text = String::from_utf8(output).expect("it is text");
        assert!(text.contains(r#""code":-32700"#) && text.contains(r#""id":null"#), "{text}");
    }
}
