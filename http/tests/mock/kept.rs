//! State in a file: it survives the process, and never contains half a change.

use std::path::PathBuf;

use ers_fhir_http::{LocalErs, MockError, MockOptions};

use crate::support::create;

fn journal(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("ers-fhir-{}-{name}.journal", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

/// Deletes the file, and that of the logins.
fn remove(path: &std::path::Path) {
    std::fs::remove_file(path).expect("it is there");
    let _ = std::fs::remove_file(path.with_extension("journal.logins"));
}

fn run<T>(run: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("there are threads").block_on(run)
}

#[test]
fn it_goes_on_where_it_was() {
    let path = journal("goes-on");
    let options = MockOptions { journal: Some(path.clone()), ..MockOptions::default() };
    let before = run(async {
        let service = LocalErs::with(options.clone()).await.expect("it starts");
        tokio::task::block_in_place(|| (0..3).for_each(|_| drop(create(service.address()))));
        let state = service.state();
        service.stop().await;
        state
    });
    let after = run(async {
        let service = LocalErs::with(options.clone()).await.expect("it starts again");
        let state = service.state();
        tokio::task::block_in_place(|| create(service.address()));
        assert_eq!(service.state().referrals.len(), 4);
        service.stop().await;
        state
    });
    assert!(before == after);
    remove(&path);
}

#[test]
fn a_file_that_is_no_journal_is_left_alone() {
    let path = journal("other");
    std::fs::write(&path, "my thesis\n").expect("it can be written");
    let options = MockOptions { journal: Some(path.clone()), ..MockOptions::default() };
    let failed = run(LocalErs::with(options)).err();
    assert!(matches!(failed, Some(MockError::Journal(..))), "{failed:?}");
    assert_eq!(std::fs::read_to_string(&path).ok().as_deref(), Some("my thesis\n"));
    remove(&path);
}
