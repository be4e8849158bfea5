//! Files, up and down.

use ers_fhir_http::client::*;

use crate::gateway::{Gateway, Reply};
use crate::support::*;

const FILE: &str = "9ad9b9a2-5e78-454d-b065-a1c284cc4549";

fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("ers-fhir-client-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[tokio::test]
async fn a_redirect_to_another_host_carries_nothing_of_the_call() {
    let store = Gateway::start(|_| {
        Reply::Answer(
            200,
            vec![("Content-Disposition".into(), "attachment; filename=\"../x.pdf\"".into())],
            b"bytes".to_vec(),
        )
    });
    let at = format!("http://localhost:{}/bucket/x?signature=abc", store.address.port());
    let location = at.clone();
    let gateway = Gateway::start(move |_| Reply::status(307).with("Location", &location));
    let who = ServiceProviderClinician::of("R69".parse().unwrap());
    let client = client(&gateway, who.clone());
    let file = client.retrieve_attachment(FILE).await.expect("it is fetched");
    assert_eq!(file.name.as_deref(), Some("x.pdf"));
    let folder = folder("redirect");
    let path = file.write_into(&folder, "otherwise").await.expect("it is written");
    assert_eq!(std::fs::read(&path).unwrap(), b"bytes");
    assert_eq!(path, folder.join("x.pdf"));
    let got = &store.got()[0];
    assert_eq!(got.target, "/bucket/x?signature=abc");
    assert_eq!(gateway.calls()[0].header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    for (name, _) in &got.headers {
        let name = name.to_ascii_lowercase();
        assert!(["host", "user-agent", "accept"].contains(&name.as_str()), "{name} went to the store");
    }
    // A file that is there is not touched.
    let again = client.retrieve_attachment(FILE).await.expect("it is fetched");
    let error = again.write_into(&folder, "otherwise").await.expect_err("it is there");
    assert!(matches!(error, Error::Io(_)), "{error:?}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn redirects_that_lead_nowhere_end() {
    for location in ["http://example.org/x", "ftp://127.0.0.1/x", "file:///etc/passwd", "http://", ""] {
        let gateway = Gateway::start(move |_| Reply::status(307).with("Location", location));
        let client = client(&gateway, ProviderApplication);
        let error = client.retrieve_attachment(FILE).await.expect_err("it leads nowhere");
        let is_ended = matches!(&error, Error::Unreadable(_)) || location.is_empty();
        assert!(is_ended, "{location}: {error:?}");
    }
    let gateway = Gateway::start(|got| {
        let host = got.header("host").unwrap_or_default().to_owned();
        Reply::status(307).with("Location", &format!("http://{host}/again"))
    });
    let client = client(&gateway, ProviderApplication);
    let error = client.retrieve_attachment(FILE).await.expect_err("it has no end");
    assert!(matches!(error, Error::Unreadable(_)), "{error:?}");
    assert_eq!(gateway.calls().len(), 4);
    assert!(gateway.calls()[1..].iter().all(|got| got.header("authorization").is_none()));
    // Other operations are not redirected at all.
    let error = client.retrieve_referral_request(UBRN.parse().unwrap()).await.expect_err("it is no answer");
    assert_eq!(error.failure().map(|failure| failure.status), Some(307));
}

#[tokio::test]
async fn uploads_are_checked_and_then_streamed() {
    let gateway = Gateway::start(|_| sample("A020"));
    let client = client(&gateway, ReferringClinician::of("R69".parse().unwrap()));
    let folder = folder("upload");
    let path = folder.join("scan.pdf");
    let bytes: Vec<u8> = (0..5_242_880_u32).map(|number| number.to_le_bytes()[0] ^ 0x5a).collect();
    std::fs::write(&path, &bytes).unwrap();
    let uploaded = client.upload_file(Upload::from_file(&path).await.unwrap()).await.expect("it is taken");
    assert!(uploaded.reference.starts_with("Binary/"));
    let got = &gateway.calls()[0];
    assert_eq!(got.header("content-type"), Some("application/pdf"));
    assert_eq!(got.header("NHSD-eRS-File-Name"), Some("scan.pdf"));
    assert_eq!(got.header("content-length"), Some("5242880"));
    assert_eq!(got.header("transfer-encoding"), None);
    assert!(got.body == bytes);
    std::fs::write(&path, [bytes.as_slice(), b"x"].concat()).unwrap();
    for (upload, code) in [
        (Upload::from_file(&path).await.unwrap(), "ers-rule-55"),
        (Upload::new("a.pdf", "application/pdf", ""), "ers-rule-55"),
        (Upload::new("a.wav", "audio/wav", "x"), "ers-rule-56"),
        (Upload::new("a.txt", "application/pdf", "x"), "ers-rule-57"),
        (Upload::new("a", "application/pdf", "x"), "ers-rule-58"),
    ] {
        let error = client.upload_file(upload).await.expect_err("it is not taken");
        let Error::Refused(refusal) = &error else { panic!("{error:?}") };
        assert_eq!(refusal.codes(), [code]);
    }
    assert_eq!(gateway.calls().len(), 1);
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_download_that_breaks_off_leaves_nothing() {
    let gateway = Gateway::start(|_| {
        Reply::Raw(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\n\
              Content-Length: 1000\r\n\r\n%PDF"
                .to_vec(),
        )
    });
    let client = client(&gateway, ProviderApplication);
    let folder = folder("broken");
    let download = client.retrieve_clinical_information(UBRN.parse().unwrap()).await.expect("it begins");
    assert_eq!(download.length, Some(1000));
    download.write_into(&folder, "otherwise").await.expect_err("it breaks off");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    std::fs::remove_dir_all(folder).unwrap();
}
