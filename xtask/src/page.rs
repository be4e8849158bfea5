//! `cargo xtask wasm --page DIR`: the page of the service as files that need no service.
//!
//! The module is not a file that the page fetches, but a script that holds it as text: a page opened from disk may not
//! fetch, and a page that does not fetch can be forbidden to do so.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use ers_fhir_xtask::bundle::bundle;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::ground::{root, say};

/// Replacements in the page, each of which must match exactly once: the page gets one script, plus one with its engine,
/// and the browser is told to send nothing to anybody.
const CHANGES: [(&str, &str); 3] = [
    (
        "<script type=\"module\" src=\"main.js\"></script>",
        "<script defer src=\"page.js\"></script>\n<script defer src=\"engine.js\" data-module></script>",
    ),
    (
        "<meta charset=\"utf-8\">",
        "<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self' \
         'wasm-unsafe-eval'; worker-src blob:; style-src 'self'; img-src 'self'; connect-src 'none'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">",
    ),
    ("What you paste is sent to this\n    service, but not kept.", "What you paste stays in this browser."),
];

/// Writes the page and its engine into a folder.
pub(crate) fn write(module: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let source = root().join("http/page");
    fs::create_dir_all(folder)?;
    let mut html = fs::read_to_string(source.join("index.html"))?;
    for (from, to) in CHANGES {
        if html.matches(from).count() != 1 {
            return Err(format!("index.html does not contain exactly once: {from}").into());
        }
        html = html.replace(from, to);
    }
    let script = bundle("main.js", &|name| fs::read_to_string(source.join(name)))?;
    fs::write(folder.join("index.html"), html)?;
    fs::write(folder.join("page.js"), script)?;
    for file in ["style.css", "icon.svg"] {
        fs::copy(source.join(file), folder.join(file))?;
    }

    let module = fs::read(module)?;
    let packed = packed(&module)?;
    let engine = format!("globalThis.ersFhirModule = \"{}\";\n", base64(&packed));
    fs::write(folder.join("engine.js"), &engine)?;
    say(&format!("the module: {} kB; {} kB by gzip{}", kb(module.len()), kb(packed.len()), brotli(&module)));
    say(&format!(
        "engine.js: {} kB; {} kB by gzip",
        kb(engine.len()),
        kb(self::packed(engine.as_bytes())?.len())
    ));
    say(&format!("open {}, or put the folder on any static host", folder.join("index.html").display()));
    Ok(())
}

fn kb(bytes: usize) -> usize {
    bytes.div_ceil(1000)
}

fn packed(bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// How long it is by brotli, where that is installed.
fn brotli(bytes: &[u8]) -> String {
    let packed = || {
        let mut child =
            Command::new("brotli").arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        let mut input = child.stdin.take()?;
        let bytes = bytes.to_vec();
        let writer = std::thread::spawn(move || input.write_all(&bytes));
        let output = child.wait_with_output().ok()?;
        writer.join().ok()?.ok()?;
        Some(output.stdout.len())
    };
    packed().map_or_else(String::new, |length| format!(", {} kB by brotli", kb(length)))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit) & 63) as usize;
            text.push(if digit <= chunk.len() { char::from(DIGITS[index]) } else { '=' });
        }
    }
    text
}
