//! Where payloads come from: ignored files, NDJSON, archives, standard input with a name, what git says is changed, what
//! is watched; and that neither threads nor runs change the output.

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use support::{Run, ers_fhir, ers_fhir_with_input, folder, write};

const FAULTY: &str = r#"{ "resourceType": "Patient", "birthDate": "1970-33-01" }"#;
const SOUND: &str = r#"{ "resourceType": "Patient", "birthDate": "1970-01-01" }"#;

fn concise(at: &Path, args: &[&str]) -> Run {
    ers_fhir(at, &[&["validate", "--fhir-version", "4.0", "--format", "concise"], args].concat())
}

/// The places of errors and of what cannot be read.
fn places(run: &Run) -> Vec<&str> {
    run.out
        .lines()
        .filter_map(|line| Some(line.split_once(": error[").or_else(|| line.split_once(": fatal["))?.0))
        .collect()
}

#[test]
fn ignored_paths_are_counted() {
    let at = folder("inputs-ignored");
    write(&at, ".ersfhirignore", "old/\n");
    write(&at, "old/a.json", FAULTY);
    write(&at, "b.json", FAULTY);
    let run = concise(&at, &["."]);
    assert_eq!((places(&run), run.status), (vec!["./b.json:1:43"], 1), "{}{}", run.out, run.err);
    assert!(run.out.contains("; 1 path ignored"), "{}", run.out);
    write(&at, ".ersfhirignore", "[z-a]\n");
    let run = concise(&at, &["."]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains(".ersfhirignore: "), "{}", run.err);
}

#[test]
fn lines_of_ndjson_are_payloads_with_the_places_of_the_file() {
    let at = folder("inputs-ndjson");
    let broken = r#"{ "resourceType": "Patient", }"#;
    write(&at, "export.ndjson", format!("{SOUND}\n\n{FAULTY}\r\n{broken}\n{FAULTY}"));
    let run = concise(&at, &["export.ndjson"]);
    assert_eq!(
        places(&run),
        ["export.ndjson:3:43", "export.ndjson:4:28", "export.ndjson:5:43"],
        "{}{}",
        run.out,
        run.err
    );
    assert!(run.out.contains("4 payloads checked, 3 failed"), "{}", run.out);
    // A log of another program is passed by, but where it is named.
    write(&at, "log.jsonl", "{\"level\":\"info\"}\n{\"level\":\"info\"}\n");
    let run = concise(&at, &["."]);
    assert!(run.err.contains("log.jsonl is not FHIR: skipped"), "{}", run.err);
    assert_eq!(places(&concise(&at, &["log.jsonl"])).len(), 2);
    let text = ers_fhir(&at, &["validate", "--fhir-version", "4.0", "export.ndjson"]);
    assert!(text.out.contains("--> export.ndjson:3:43") && text.out.contains("\n3 |"), "{}", text.out);
    let sarif = ers_fhir(&at, &["validate", "--fhir-version", "4.0", "--format", "sarif", "export.ndjson"]);
    let sarif: Value = serde_json::from_str(&sarif.out).expect("it is JSON");
    let region = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    let file = fs::read_to_string(at.join("export.ndjson")).expect("it can be read");
    let first = region["byteOffset"].as_u64().expect("a number") as usize;
    let length = region["byteLength"].as_u64().expect("a number") as usize;
    assert_eq!((&region["startLine"], &region["endLine"]), (&3.into(), &3.into()));
    assert_eq!(&file[first..first + length], "\"1970-33-01\"");
    let fixed = concise(&at, &["--fix", "export.ndjson"]);
    assert_eq!((fixed.status, places(&fixed).len()), (1, 3), "it is checked as usual: {}", fixed.out);
    assert!(fixed.err.contains("checked, but not fixed"), "{}", fixed.err);
    assert_eq!(fs::read_to_string(at.join("export.ndjson")).expect("it can be read"), file);
}

#[test]
fn a_file_of_lines_is_not_judged_by_its_first() {
    let at = folder("inputs-first-line");
    write(&at, "in/a.ndjson", "oops\n{\"a\":1}\n{\"resourceType\":\"Patient\"}\n");
    write(&at, "in/log.jsonl", "{\"level\":1}\n".repeat(30));
    write(&at, "in/short.jsonl", "{\"level\":1}\n");
    let run = concise(&at, &["in"]);
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains("in/a.ndjson:1:1") && run.out.contains("in/a.ndjson:2:1"), "{}", run.out);
    for skipped in ["log.jsonl is not FHIR: skipped", "short.jsonl is not FHIR: skipped"] {
        assert!(run.err.contains(skipped), "{}", run.err);
    }
}

#[test]
fn a_baseline_knows_lines_in_whatever_order() {
    let at = folder("inputs-ndjson-baseline");
    write(&at, "a.ndjson", format!("{SOUND}\n{FAULTY}\n{FAULTY}\n"));
    assert_eq!(concise(&at, &["a.ndjson", "--write-baseline", "known.json"]).status, 0);
    write(&at, "a.ndjson", format!("{FAULTY}\n\n{SOUND}\n{FAULTY}\n"));
    assert_eq!(concise(&at, &["a.ndjson", "--baseline", "known.json"]).status, 0);
    write(&at, "a.ndjson", format!("{FAULTY}\n{FAULTY}\n{FAULTY}\n"));
    let run = concise(&at, &["a.ndjson", "--baseline", "known.json"]);
    assert_eq!((places(&run), run.status), (vec!["a.ndjson:3:43"], 1));
}

#[test]
fn archives_are_read_as_folders_are() {
    let at = folder("inputs-archives");
    let mut archive = zip::ZipWriter::new(fs::File::create(at.join("payloads.zip")).expect("it can be made"));
    for (name, text) in [
        ("requests/a.json", FAULTY),
        ("package.json", "{\"name\":\"x\"}"),
        ("lines.ndjson", FAULTY),
        ("../out.json", SOUND),
    ] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("it can be added");
        archive.write_all(text.as_bytes()).expect("it can be written");
    }
    archive.finish().expect("it can be written");
    let validate = |args: &[&str]| ers_fhir(&at, &[&["validate", "--format", "concise"], args].concat());
    let run = validate(&["payloads.zip"]);
    assert_eq!(run.status, 2, "{}{}", run.out, run.err);
    assert_eq!(places(&run), ["payloads.zip/requests/a.json:1:43", "payloads.zip/lines.ndjson:1:43"]);
    assert!(run.err.contains("payloads.zip/package.json is not FHIR: skipped"), "{}", run.err);
    assert!(run.err.contains("payloads.zip/../out.json: its name leads outside"), "{}", run.err);
    // Settings know what is in it by its path.
    write(&at, "ers-fhir.toml", "[[path]]\nglob = [\"payloads.zip/requests\"]\nendpoint = \"A011\"\n");
    let run = validate(&["payloads.zip"]);
    assert!(run.out.contains("payloads.zip/requests/a.json:1:1: error[profile-type]"), "{}", run.out);
    // In a folder it is said, and not opened.
    let run = validate(&["."]);
    assert!(
        run.err.contains("payloads.zip is an archive, which is only opened if it is named"),
        "{}",
        run.err
    );
    write(&at, "broken.tgz", "no archive");
    let run = validate(&["broken.tgz"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("broken.tgz: the archive cannot be read"), "{}", run.err);
}

#[test]
fn what_is_packed_otherwise_is_no_payload_and_is_said_to_be_packed() {
    let at = folder("inputs-packed");
    for (name, bytes, said) in [
        ("a.tar.xz", &b"\xfd7zXZ\0\0\x04\xe6"[..], "compressed with xz"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0\x04", "compressed with 7-Zip"),
        ("a.rar", b"Rar!\x1a\x07\x01\0", "compressed with RAR"),
        ("a.zst", b"\x28\xb5\x2f\xfd\x04", "compressed with Zstandard"),
        ("a.tar.bz2", b"BZh91AY&SY", "compressed with bzip2"),
        ("a.json.gz", b"\x1f\x8b\x08\0", "a name that ends with .tgz"),
        ("a.json", b"PK\x03\x04\x14\0", "a name that ends with .zip"),
    ] {
        write(&at, name, bytes);
        let run = ers_fhir(&at, &["validate", name]);
        assert_eq!(run.status, 2, "{name}: {}", run.out);
        assert!(run.err.contains(said) && !run.out.contains("error["), "{name}: {}{}", run.out, run.err);
    }
    let run = ers_fhir_with_input(&at, &["validate", "-"], b"\x1f\x8b\x08\0");
    assert!(run.status == 2 && run.err.contains("<stdin>: this is compressed with gzip"), "{}", run.err);
    // Words that begin as archives do are words.
    write(&at, "words.json", "PK is a name");
    assert_eq!(ers_fhir(&at, &["validate", "words.json"]).status, 1);
}

#[test]
fn standard_input_may_have_a_name() {
    let at = folder("inputs-stdin");
    let run = |args: &[&str]| {
        let input = format!("{SOUND}\n{FAULTY}\n");
        let args = [&["validate", "--fhir-version", "4.0", "--format", "concise"], args].concat();
        ers_fhir_with_input(&at, &args, input.as_bytes())
    };
    assert_eq!(places(&run(&["--stdin-name", "a.ndjson"])), ["a.ndjson:2:43"]);
    assert!(places(&run(&["-", "--stdin-name", "a.json"]))[0].starts_with("a.json:"));
    assert!(places(&run(&[]))[0].starts_with("<stdin>:"));
    write(&at, "b.json", SOUND);
    let refused = run(&["b.json", "--stdin-name", "a.json"]);
    assert_eq!(refused.status, 2);
    assert!(refused.err.contains("add - to the paths"), "{}", refused.err);
}

fn git(at: &Path, args: &[&str]) {
    let who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"];
    let run = Command::new("git").arg("-C").arg(at).args(who).args(args).output().expect("git runs");
    assert!(run.status.success(), "{args:?}: {}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn only_what_is_changed_is_checked() {
    let at = folder("inputs-changed");
    git(&at, &["init", "--quiet"]);
    write(&at, "old.json", FAULTY);
    write(&at, ".gitignore", "ignored.json\n");
    assert_eq!(places(&concise(&at, &["--changed"])), ["./old.json:1:43"], "before the first commit");
    git(&at, &["add", "."]);
    git(&at, &["commit", "--quiet", "--message", "first"]);
    let run = concise(&at, &["--changed"]);
    assert_eq!(
        (run.status, places(&run).len()),
        (0, 0),
        "nothing is changed, which is no failure: {}",
        run.err
    );
    write(&at, "new name.json", FAULTY);
    write(&at, "ignored.json", FAULTY);
    assert_eq!(places(&concise(&at, &["--changed"])), ["./new name.json:1:43"]);
    git(&at, &["checkout", "--quiet", "-b", "branch"]);
    git(&at, &["add", "."]);
    git(&at, &["commit", "--quiet", "--message", "second"]);
    git(&at, &["checkout", "--quiet", "main"]);
    write(&at, "on-main.json", FAULTY);
    git(&at, &["add", "."]);
    git(&at, &["commit", "--quiet", "--message", "third"]);
    git(&at, &["checkout", "--quiet", "branch"]);
    assert_eq!(places(&concise(&at, &["--changed"])).len(), 0);
    assert_eq!(places(&concise(&at, &["--changed=main"])), ["./new name.json:1:43"]);
    fs::create_dir(at.join("empty")).expect("it can be made");
    assert_eq!(concise(&at.join("empty"), &["--changed=main"]).status, 0);
    let run = concise(&at, &["--changed=--output=x"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("git knows no commit '--output=x'"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn a_link_is_changed_where_it_is_another_or_what_it_leads_to_is() {
    use std::os::unix::fs::symlink;
    let at = folder("inputs-changed-links");
    git(&at, &["init", "--quiet"]);
    write(&at, "a.json", FAULTY);
    write(&at, "b.json", FAULTY);
    symlink("a.json", at.join("c.json")).expect("a link");
    git(&at, &["add", "."]);
    git(&at, &["commit", "--quiet", "--message", "first"]);
    assert_eq!(places(&concise(&at, &["--changed"])).len(), 0);
    fs::remove_file(at.join("c.json")).expect("it is there");
    symlink("b.json", at.join("c.json")).expect("a link");
    assert_eq!(places(&concise(&at, &["--changed", "c.json"])), ["c.json:1:43"]);
    fs::remove_file(at.join("c.json")).expect("it is there");
    symlink("nowhere", at.join("c.json")).expect("a link");
    for args in [&["--changed"][..], &["--changed", "c.json"]] {
        let run = concise(&at, args);
        assert_eq!(run.status, 2, "{}", run.out);
        assert!(run.err.contains("c.json: it is a broken link"), "{}", run.err);
    }
    assert_eq!(concise(&at, &["--changed", "misspelt.json"]).status, 2, "nobody is to take that for clean");
}

#[test]
fn threads_and_runs_do_not_change_the_output() {
    let at = folder("inputs-jobs");
    for number in 0..300 {
        let text = if number % 3 == 0 { FAULTY } else { SOUND };
        write(&at, &format!("in/{number}.json"), text);
    }
    let lines: String = (0..3000)
        .map(|number| if number % 7 == 0 { FAULTY } else { SOUND })
        .fold(String::new(), |all, line| all + line + "\n");
    write(&at, "in/lines.ndjson", lines);
    for format in ["text", "json", "sarif", "junit", "gitlab", "html"] {
        let run = |jobs| {
            let args = ["validate", "--fhir-version", "4.0", "--jobs", jobs, "--format", format, "in"];
            ers_fhir(&at, &args).out
        };
        let one = run("1");
        assert!(one.len() > 10_000);
        assert!(one == run("2") && one == run("4"), "{format}");
    }
    for jobs in ["0", "257", "100000"] {
        let refused = ers_fhir(&at, &["validate", "--jobs", jobs, "in"]);
        assert!(refused.status == 2 && refused.err.contains("1..=256"), "{}", refused.err);
    }
}

#[test]
fn a_folder_is_watched_until_it_is_gone() {
    let at = folder("inputs-watched");
    write(&at, "in/a.json", SOUND);
    let mut child = Command::new(env!("CARGO_BIN_EXE_ers-fhir"))
        .args(["validate", "--watch", "--fhir-version", "4.0", "--format", "concise", "in"])
        .args(["--format", "json=in/found.json"])
        .current_dir(&at)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut next = || lines.next().expect("there is a line").expect("it can be read");
    assert!(next().starts_with("1 payload checked, 0 failed"));
    write(&at, "in/a.json", FAULTY);
    assert!(next().starts_with("in/a.json:1:43: error["));
    assert!(next().starts_with("1 payload checked, 1 failed"), "what is written is not checked");
    fs::remove_dir_all(at.join("in")).expect("it can be removed");
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().expect("it is piped"), &mut said)
        .expect("it is text");
    assert_eq!(child.wait().expect("it ends").code(), Some(2));
    assert!(said.contains("--watch: in is gone"), "{said}");
}
