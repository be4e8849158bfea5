//! What ends a run from outside: nobody reads any more, a signal, a system that gives no threads.

mod support;

use support::{ers_fhir, ers_fhir_with, folder, write};

const FAULTY: &str = r#"{ "resourceType": "Patient", "birthDate": "1970-33-03" }"#;
/// As a stack for threads, more than there is.
const NO_THREADS: [(&str, &str); 1] = [("RUST_MIN_STACK", "1125899906842624")];

#[test]
fn without_threads_a_server_says_so() {
    let at = folder("ended-threads");
    write(&at, "a.json", FAULTY);
    let run = ers_fhir_with(&at, &["lsp"], b"", &NO_THREADS);
    assert!(run.status == 2 && run.err.contains("no thread can be started"), "{}", run.err);
    let run = ers_fhir_with(&at, &["validate", "--watch", "a.json"], b"", &NO_THREADS);
    assert!(run.status == 2 && run.err.contains("--watch: no thread can be started"), "{}", run.err);
    // A check needs none, and neither does what it writes.
    write(&at, "b.json", FAULTY);
    let args = ["validate", "a.json", "b.json", "--format", "concise", "--format", "json=found.json"];
    let (run, usual) = (ers_fhir_with(&at, &args, b"", &NO_THREADS), ers_fhir(&at, &args));
    assert_eq!((run.status, run.out, run.err), (1, usual.out, usual.err));
    #[cfg(feature = "mock")]
    {
        let run = ers_fhir_with(&at, &["mock", "--port", "0"], b"", &NO_THREADS);
        assert!(run.status == 2 && run.err.contains("cannot start"), "{}", run.err);
    }
}

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::io::{BufRead, BufReader, Write};
    use std::os::unix::process::ExitStatusExt;
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    use super::*;

    fn start(at: &Path, args: &[&str]) -> Child {
        let lines = ["validate", "--fhir-version", "4.0", "--stdin-name", "a.ndjson"];
        Command::new(env!("CARGO_BIN_EXE_ers-fhir"))
            .args(lines)
            .args(args)
            .current_dir(at)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts")
    }

    #[test]
    fn who_reads_no_more_ends_it_once_the_exit_status_is_known() {
        let at = folder("ended-pipe");
        let mut run = start(&at, &["--format", "concise"]);
        let mut stdin = run.stdin.take().expect("it is piped");
        // Lines without an end: only the run itself can end this.
        let feeder = std::thread::spawn(move || while writeln!(stdin, "{FAULTY}").is_ok() {});
        let mut first = String::new();
        let mut stdout = BufReader::new(run.stdout.take().expect("it is piped"));
        stdout.read_line(&mut first).expect("it can be read");
        assert!(first.starts_with("a.ndjson:1:"), "{first}");
        drop(stdout);
        assert_eq!(run.wait().expect("it ends").code(), Some(1));
        feeder.join().expect("it ends too");
    }

    #[test]
    fn a_fixed_payload_that_nobody_reads_is_no_failure() {
        let at = folder("ended-fixed");
        let names = r#"{ "family": "a name that is long enough" },"#.repeat(10_000);
        let payload = format!(r#"{{ "resourceType": "Patient", "name": [{names} {{ "family": "b" }}] }}"#);
        let mut run = Command::new(env!("CARGO_BIN_EXE_ers-fhir"))
            .args(["validate", "--fhir-version", "4.0", "--fix", "-"])
            .current_dir(&at)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        drop(run.stdout.take());
        run.stdin.take().expect("it is piped").write_all(payload.as_bytes()).expect("it is read");
        let left = run.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&left.stderr);
        assert_eq!(left.status.code(), Some(0), "{said}");
        assert!(!said.contains("cannot write"), "{said}");
    }

    #[test]
    fn a_signal_leaves_no_file_that_is_not_complete() {
        let at = folder("ended-signal");
        write(&at, "found.json", "what was there");
        let mut run = start(&at, &["--format", "json=found.json"]);
        let files = || fs::read_dir(&at).expect("it is there").count();
        let begun = Instant::now();
        while files() < 2 && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(files(), 2, "what is not complete is beside it");
        // Once the first lines are read, whoever takes the signal is there.
        let stdin = run.stdin.as_mut().expect("it is piped");
        writeln!(stdin, "{FAULTY}").expect("it is read");
        std::thread::sleep(Duration::from_millis(200));
        let kill = Command::new("kill").args(["-TERM", &run.id().to_string()]).status();
        assert!(kill.expect("kill runs").success());
        assert_eq!(run.wait().expect("it ends").signal(), Some(15));
        assert_eq!(files(), 1);
        assert_eq!(fs::read_to_string(at.join("found.json")).expect("it stays"), "what was there");
    }
}
