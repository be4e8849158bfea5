//! `ers-fhir package` against registries on real sockets: what is got, what is locked, and what is refused.

#[path = "support/registry.rs"]
mod registry;
#[expect(dead_code, reason = "each run has its registry")]
mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use registry::{Answer, Made, Registry, npm, package};
use support::{Run, ers_fhir_with, folder, write};

const TOKEN: &str = "a-token-that-nobody-else-may-see";

/// Runs with a registry in the place of the public ones, and its token.
fn run(at: &Path, registry: &str, args: &[&str]) -> Run {
    ers_fhir_with(at, args, b"", &[("FPL_REGISTRY", registry), ("FPL_REGISTRY_TOKEN", TOKEN)])
}

/// The dependency tree of the International Patient Summary, made small.
fn ips() -> Vec<Made> {
    vec![
        package(
            "test.ips",
            "2.0.0",
            &[("test.terminology", "6.5.0"), ("test.extensions", "5.2.0"), ("test.ipa", "1.1.x")],
            &[],
        ),
        package("test.terminology", "6.5.0", &[("test.extensions", "5.2.0")], &[]),
        package("test.terminology", "7.0.1", &[("test.extensions", "5.2.0")], &[]),
        package("test.extensions", "5.2.0", &[("test.terminology", "6.5.0")], &[]),
        package("test.extensions", "5.3.0-ballot", &[], &[]),
        package("test.ipa", "1.1.0", &[], &[]),
        package("test.ipa", "1.1.2", &[], &[]),
    ]
}

fn lock(at: &Path) -> String {
    fs::read_to_string(at.join("fhir.lock")).unwrap_or_default()
}

/// What is in the cache: packages, and what a run left.
fn cached(at: &Path) -> (usize, usize) {
    let count = |name: &str| fs::read_dir(at.join(".cache/ers-fhir").join(name)).map_or(0, Iterator::count);
    (count("packages"), count("unfinished") + count("claims"))
}

#[test]
fn a_package_is_added_locked_restored_offline_and_removed() {
    let at = folder("registry-add");
    write(&at, "ers-fhir.toml", "# Ours.\nfail-on = \"warning\"\n");
    let registry = Registry::npm(ips());
    let added = run(&at, &registry.address, &["package", "add", "test.ips#2.0.0"]);
    assert_eq!(added.status, 0, "{}{}", added.out, added.err);
    assert!(added.out.contains("4 packages, 4 fetched"), "{}", added.out);
    let settings = fs::read_to_string(at.join("ers-fhir.toml")).unwrap_or_default();
    assert!(
        settings.starts_with("# Ours.") && settings.contains(r#"packages = ["test.ips#2.0.0"]"#),
        "{settings}"
    );
    let locked = lock(&at);
    for line in [
        r#"name = "test.ipa""#,
        r#"version = "1.1.2""#,
        r#"dependencies = ["test.extensions#5.2.0"]"#,
        "sha256 = ",
    ] {
        assert!(locked.contains(line), "{line}: {locked}");
    }
    assert_eq!(cached(&at), (4, 0));
    let asked = registry.asked();
    assert!(
        asked.iter().all(|(_, secret)| secret.as_deref() == Some(&format!("Bearer {TOKEN}"))),
        "{asked:?}"
    );
    drop(registry);

    // Nobody answers there any more.
    for args in [
        &["package", "restore", "--locked"][..],
        &["package", "restore", "--offline"],
        &["package", "restore"],
    ] {
        let again = run(&at, "http://127.0.0.1:9", args);
        assert_eq!(again.status, 0, "{args:?}: {}{}", again.out, again.err);
        assert!(again.out.contains("4 packages, 0 fetched"), "{}", again.out);
    }
    assert_eq!(lock(&at), locked);
    let tree = run(&at, "", &["package", "tree", "test.ips#2.0.0"]);
    assert_eq!(tree.status, 0, "{}", tree.out);
    assert!(tree.out.contains("test.ipa#1.1.x  1.1.2 in "), "{}", tree.out);
    write(&at, "patient.json", r#"{ "resourceType": "Patient" }"#);
    let checked = run(&at, "", &["validate", "patient.json"]);
    assert_eq!((checked.status, checked.err.as_str()), (0, ""), "{}", checked.out);

    let removed = run(&at, "", &["package", "remove", "test.ips"]);
    assert_eq!(removed.status, 0, "{}", removed.err);
    assert!(!lock(&at).contains("[[package]]"), "{}", lock(&at));
    assert_eq!(run(&at, "", &["package", "remove", "test.ips"]).status, 2);
}

#[test]
fn wildcards_tags_overrides_and_short_of_a_dependency() {
    let at = folder("registry-ranges");
    let registry = Registry::npm(ips());
    for (asked, version) in
        [("test.ipa@1.1.x", "1.1.2"), ("test.terminology", "7.0.1"), ("test.extensions#next", "5.3.0-ballot")]
    {
        let added = run(&at, &registry.address, &["package", "add", asked]);
        assert_eq!(added.status, 0, "{asked}: {}{}", added.out, added.err);
        assert!(lock(&at).contains(&format!("version = \"{version}\"")), "{asked}: {}", lock(&at));
    }
    let at = folder("registry-overrides");
    let mut packages = ips();
    packages.retain(|made| made.name != "test.ipa");
    let registry = Registry::npm(packages);
    let args = ["package", "add", "test.ips", "--override", "test.terminology#7.0.1"];
    let added = run(&at, &registry.address, &args);
    assert_eq!(added.status, 1, "{}{}", added.out, added.err);
    let warnings: Vec<&str> = added.err.lines().filter(|line| line.starts_with("warning")).collect();
    assert!(
        matches!(warnings[..], [one] if one.contains("test.ipa#1.1.x, which test.ips#2.0.0 depends on")),
        "{}",
        added.err
    );
    let locked = lock(&at);
    assert!(locked.contains("\"test.terminology\" = \"7.0.1\"") && !locked.contains("6.5.0"), "{locked}");
    let without = run(&at, &registry.address, &["package", "restore", "--override", "test.ipa#none"]);
    assert_eq!((without.status, without.err.as_str()), (0, ""), "{}", without.out);
    let locked = run(&at, "http://127.0.0.1:9", &["package", "restore", "--locked"]);
    assert_eq!(locked.status, 0, "{}", locked.err);
}

#[test]
fn a_registry_of_fhir_a_folder_for_the_project_and_the_folder_that_tools_share() {
    let at = folder("registry-fhir");
    let registry = Registry::fhir(ips());
    let args = ["package", "add", "test.ips#2.0.0", "--registry", &registry.address];
    let added = run(&at, "", &args);
    assert_eq!(added.status, 0, "{}{}", added.out, added.err);
    write(&at, ".fhir/packages/packages.ini", "[cache]\nversion=4\n");
    let shared = run(&at, "http://127.0.0.1:9", &["package", "restore", "--locked", "--shared"]);
    assert_eq!(shared.status, 0, "{}", shared.err);
    assert!(at.join(".fhir/packages/test.ips#2.0.0/package/package.json").is_file());
    assert_eq!(fs::read_dir(at.join(".fhir/packages")).map_or(0, Iterator::count), 5);

    let vendored = run(&at, "http://127.0.0.1:9", &["package", "vendor", "vendor", "--locked"]);
    assert_eq!(vendored.status, 0, "{}", vendored.err);
    assert!(vendored.out.contains("4 archives are in vendor"), "{}", vendored.out);
    for name in [".cache", ".fhir"] {
        fs::remove_dir_all(at.join(name)).expect("it was there");
    }
    let args = ["package", "restore", "--locked", "--offline", "--package-dir", "vendor"];
    let clean = run(&at, "", &args);
    assert_eq!(clean.status, 0, "{}{}", clean.out, clean.err);
    let file = at.join("vendor/test.ips-2.0.0.tgz");
    fs::write(&file, &package("test.ips", "2.0.0", &[], &[]).archive).expect("it can be written");
    let spoiled = run(&at, "", &args);
    assert_eq!(spoiled.status, 2, "{}", spoiled.out);
    assert!(spoiled.err.contains("is not what fhir.lock says"), "{}", spoiled.err);
}

#[test]
fn an_archive_that_was_changed_is_refused() {
    let at = folder("registry-tampered");
    let good = Registry::npm(ips());
    assert_eq!(run(&at, &good.address, &["package", "add", "test.ipa#1.1.0"]).status, 0);
    fs::remove_dir_all(at.join(".cache")).expect("it was there");
    let evil = package("test.ipa", "1.1.0", &[], &[("evil.json", "{}")]);
    let other = Registry::npm(vec![evil.clone()]);
    let refused = run(&at, &other.address, &["package", "restore"]);
    assert_eq!(refused.status, 2, "{}", refused.out);
    assert!(refused.err.contains("SHA-256") && refused.err.contains("it was changed"), "{}", refused.err);
    assert_eq!(cached(&at), (0, 0));
    // Nor does asking again help, nor a registry that is down.
    let locked = lock(&at);
    assert_eq!(run(&at, "http://127.0.0.1:9", &["package", "restore"]).status, 2);
    assert_eq!(run(&at, &other.address, &["package", "restore"]).status, 2);
    assert!(locked.contains("sha256") && lock(&at) == locked, "{}", lock(&at));

    // The list says what it should be, and what comes is something else.
    let at = folder("registry-tampered-on-the-way");
    let listed = ips();
    let registry = Registry::start(move |path, own| match npm(&listed, path, own) {
        Some(_) if path.contains("/-/") => Some(Answer::Body(200, "application/gzip", evil.archive.clone())),
        other => other,
    });
    let refused = run(&at, &registry.address, &["package", "add", "test.ipa#1.1.0"]);
    assert_eq!(refused.status, 2, "{}", refused.out);
    assert!(refused.err.contains("hash is not the one that it lists"), "{}", refused.err);
    assert_eq!((cached(&at), lock(&at), at.join("ers-fhir.toml").exists()), ((0, 0), String::new(), false));
}

#[test]
fn a_token_goes_to_its_registry_alone_and_is_never_printed() {
    let at = folder("registry-token");
    let files = Registry::npm(ips());
    let elsewhere = files.address.clone();
    let listed = ips();
    let registry = Registry::start(move |path, own| {
        if path.contains("/-/") {
            return Some(Answer::To(format!("{elsewhere}{path}?signature=also-secret")));
        }
        npm(&listed, path, own)
    });
    // A path with a query is none that the other has.
    let added = run(&at, &registry.address, &["package", "add", "test.ipa#1.1.0"]);
    assert_eq!(added.status, 2, "{}{}", added.out, added.err);
    assert!(!added.err.contains(TOKEN) && !added.err.contains("also-secret"), "{}", added.err);
    let asked = files.asked();
    assert!(!asked.is_empty() && asked.iter().all(|(_, secret)| secret.is_none()), "{asked:?}");
    assert!(registry.asked().iter().all(|(_, secret)| secret.is_some()));

    let elsewhere = files.address.clone();
    let listed = ips();
    let registry = Registry::start(move |path, own| {
        if path.contains("/-/") {
            return Some(Answer::To(format!("{elsewhere}{path}")));
        }
        npm(&listed, path, own)
    });
    let added = run(&at, &registry.address, &["package", "add", "test.ipa#1.1.0"]);
    assert_eq!(added.status, 0, "{}{}", added.out, added.err);
    assert!(files.asked().iter().all(|(_, secret)| secret.is_none()));
    assert!(!format!("{}{}{}", added.out, added.err, lock(&at)).contains(TOKEN));
    let wrong = run(&at, "https://user:pass-word@registry.example.org", &["package", "restore"]);
    assert_eq!(wrong.status, 2);
    assert!(!wrong.err.contains("pass-word"), "{}", wrong.err);
}

#[test]
fn whatever_a_registry_answers_is_said_and_ends() {
    let page = Answer::Body(200, "text/html; charset=utf-8", b"<html>Log in</html>".to_vec());
    let hidden = Answer::Body(200, "application/json", b"<html>Log in</html>".to_vec());
    for (name, answer, said) in [
        ("page", page, "answered with a web page"),
        ("hidden-page", hidden, "answered with a web page"),
        ("denied", Answer::Body(401, "text/plain", Vec::new()), "the token is not accepted"),
        ("broken", Answer::Body(500, "text/plain", Vec::new()), "answered 500"),
        ("busy", Answer::Body(503, "text/plain", Vec::new()), "answered 503"),
        (
            "not-a-list",
            Answer::Body(200, "application/json", b"[1]".to_vec()),
            "not answer with a list of versions",
        ),
        ("absent", Answer::Body(404, "text/plain", Vec::new()), "does not have it"),
        ("loop", Answer::To("/test.ipa".to_owned()), "it leads in a circle"),
        ("nowhere", Answer::To("ftp://example.org".to_owned()), "which is not followed"),
        ("slow", Answer::Drip(vec![b' '; 1000]), "within 2 s"),
        ("endless", Answer::Endless, "MB, which no FHIR package has"),
        ("short", Answer::Short(b"{\"versions\":{".to_vec()), "127.0.0.1"),
    ] {
        let at = folder(&format!("registry-{name}"));
        let registry = Registry::start(move |_, _| Some(answer.clone()));
        let start = Instant::now();
        let run = run(&at, &registry.address, &["package", "add", "test.ipa#1.1.0", "--timeout", "2"]);
        assert!(start.elapsed() < Duration::from_secs(20), "{name}: {:?}", start.elapsed());
        assert_eq!(run.status, 2, "{name}: {}{}", run.out, run.err);
        assert_eq!(run.err.lines().count(), 1, "{name}: {}", run.err);
        assert!(run.err.contains(said) && !run.err.contains(TOKEN), "{name}: {}", run.err);
        assert_eq!(cached(&at), (0, 0), "{name}");
        assert!(!at.join("fhir.lock").exists() && !at.join("ers-fhir.toml").exists(), "{name}");
    }
    let at = folder("registry-down");
    let down = run(&at, "http://127.0.0.1:9", &["package", "add", "test.ipa#1.1.0"]);
    assert_eq!(down.status, 2);
    assert!(down.err.contains("http://127.0.0.1:9 cannot be reached"), "{}", down.err);
}

#[test]
fn an_archive_that_is_none_is_refused() {
    let other = package("test.other", "1.1.0", &[], &[]).archive;
    let cut = package("test.ipa", "1.1.0", &[], &[]).archive;
    for (name, archive, said) in [
        ("text", b"hello".to_vec(), "not a .tgz archive"),
        ("cut", cut[..cut.len() / 2].to_vec(), "damaged"),
        ("other", other, "says that it is test.other#1.1.0"),
    ] {
        let at = folder(&format!("registry-archive-{name}"));
        let registry = Registry::fhir(vec![Made { name: "test.ipa", version: "1.1.0", archive }]);
        let run = run(&at, &registry.address, &["package", "add", "test.ipa#1.1.0"]);
        assert_eq!(run.status, 2, "{name}: {}{}", run.out, run.err);
        assert!(run.err.contains(said), "{name}: {}", run.err);
        assert_eq!(cached(&at), (0, 0), "{name}");
    }
}

#[test]
fn a_run_that_is_online_gets_what_it_needs() {
    let at = folder("registry-online");
    write(&at, "patient.json", r#"{ "resourceType": "Patient" }"#);
    let registry = Registry::npm(ips());
    let args = ["validate", "patient.json", "--ig", "test.ips#2.0.0"];
    let without = run(&at, &registry.address, &args);
    assert_eq!(without.status, 2, "{}", without.err);
    assert!(without.err.contains("ers-fhir package add test.ips#2.0.0"), "{}", without.err);
    assert!(registry.asked().is_empty());
    let with = run(&at, &registry.address, &[&args[..], &["--online"]].concat());
    assert_eq!((with.status, with.err.as_str()), (0, ""), "{}", with.out);
    assert_eq!(cached(&at), (4, 0));
    let later = run(&at, "", &args);
    assert_eq!((later.status, later.err.as_str()), (0, ""), "{}", later.out);
}

#[test]
fn an_address_is_fetched_only_when_asked() {
    let at = folder("registry-address");
    write(&at, "patient.json", r#"{ "resourceType": "Patient" }"#);
    let archive = package("test.own", "1.0.0", &[("test.ipa", "1.1.0")], &[]).archive;
    let page = b"<!DOCTYPE html><p>Log in".to_vec();
    let registry = Registry::start(move |path, own| match path {
        "/own.tgz?a=b" => Some(Answer::Body(200, "application/octet-stream", archive.clone())),
        "/page" => Some(Answer::Body(200, "application/octet-stream", page.clone())),
        _ => npm(&ips(), path, own),
    });
    let of = |path: &str| format!("{}{path}", registry.address);
    let check = |path: &str, more: &[&str]| {
        run(&at, &registry.address, &[&["validate", "patient.json", "-v", "--ig", &of(path)], more].concat())
    };
    let without = check("/own.tgz?a=b", &[]);
    assert_eq!(without.status, 2, "{}", without.out);
    assert!(without.err.contains("nothing is fetched without --online"), "{}", without.err);
    assert!(registry.asked().is_empty());
    let with = check("/own.tgz?a=b", &["--online"]);
    assert_eq!(with.status, 0, "{}{}", with.out, with.err);
    for said in ["loaded: test.own#1.0.0: ", "loaded: test.ipa#1.1.0: "] {
        assert!(with.err.contains(said), "{said}: {}", with.err);
    }
    assert!(registry.asked().iter().any(|(path, secret)| path == "/own.tgz?a=b" && secret.is_none()));
    for (path, said) in [("/page", "web page"), ("/gone", "does not have it")] {
        let bad = check(path, &["--online"]);
        assert_eq!((bad.status, bad.out.contains("payload")), (2, true), "{path}: {}{}", bad.out, bad.err);
        assert!(bad.err.contains(said), "{path}: {}", bad.err);
    }
    let kept = fs::read_dir(at.join(".cache/ers-fhir/fetched")).map_or(0, Iterator::count);
    assert_eq!(kept, 1, "what cannot be used is not kept");
}

/// Starts a restore and leaves it running.
fn spawn(at: &Path, registry: &str) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_ers-fhir"))
        .args(["package", "restore", "--registry", registry])
        .current_dir(at)
        .env("HOME", at)
        .env_remove("ERS_FHIR_CACHE")
        .env_remove("XDG_CACHE_HOME")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts")
}

#[test]
fn two_runs_at_once_and_one_that_is_killed_leave_the_cache_whole() {
    let at = folder("registry-two");
    write(&at, "ers-fhir.toml", "packages = [\"test.ips#2.0.0\"]\n");
    let registry = Registry::npm(ips());
    for round in 0..100 {
        let _ = fs::remove_dir_all(at.join(".cache"));
        let _ = fs::remove_file(at.join("fhir.lock"));
        let runs = [spawn(&at, &registry.address), spawn(&at, &registry.address)];
        for run in runs {
            let output = run.wait_with_output().expect("it ends");
            assert!(output.status.success(), "{round}: {}", String::from_utf8_lossy(&output.stderr));
        }
        assert_eq!(cached(&at), (4, 0), "{round}");
    }
    drop(registry);
    let slow = ips();
    let registry = Registry::start(move |path, own| match npm(&slow, path, own) {
        Some(Answer::Body(_, _, archive)) if path.contains("/-/") => Some(Answer::Drip(archive)),
        other => other,
    });
    fs::remove_dir_all(at.join(".cache")).expect("it was there");
    let mut killed = spawn(&at, &registry.address);
    let end = Instant::now() + Duration::from_secs(20);
    while !registry.asked().iter().any(|(path, _)| path.contains("/-/")) && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    killed.kill().and_then(|()| killed.wait()).expect("it can be killed");
    drop(registry);
    assert_eq!(cached(&at).0, 0);
    let registry = Registry::npm(ips());
    let again = run(&at, &registry.address, &["package", "restore"]);
    assert_eq!(again.status, 0, "{}", again.err);
    assert_eq!(cached(&at), (4, 0), "what the killed run left is gone");
}
