//! What was secret is gone from memory once nobody needs it. A process of its own, since all of its memory is looked
//! through.

#![cfg(all(target_os = "linux", feature = "client"))]

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use ers_fhir_http::client::auth::{
    ApplicationLogin, Assertion, ClientSecret, GivenToken, PemSigner, Signer, Tokens, UserLogin,
};
use ers_fhir_http::client::secrecy::SecretString;
use ers_fhir_http::client::secrecy::zeroize::Zeroizing;
use ers_fhir_http::client::{Client, Environment, ProviderApplication};

/// What is looked for, written so that looking does not find itself.
struct Needle(Vec<u8>);

impl Needle {
    fn of(bytes: &[u8]) -> Self {
        Self(bytes.iter().map(|byte| byte ^ 0x55).collect())
    }

    fn is_at(&self, bytes: &[u8], is_reversed: bool) -> bool {
        let wanted = self.0.iter().map(|byte| byte ^ 0x55);
        if is_reversed { wanted.rev().eq(bytes.iter().copied()) } else { wanted.eq(bytes.iter().copied()) }
    }

    /// How often it is in memory, in either order: numbers are kept with their last bytes first.
    fn found(&self) -> usize {
        let maps = std::fs::read_to_string("/proc/self/maps").expect("Linux tells");
        let mut memory = File::open("/proc/self/mem").expect("a process may look at itself");
        let mut buffer = Zeroizing::new(vec![0; 1 << 20]);
        let own = buffer.as_ptr().addr();
        let mut found = 0;
        for line in maps.lines().filter(|line| line.contains(" rw-p ")) {
            let (range, _) = line.split_once(' ').expect("a line has a range");
            let (from, to) = range.split_once('-').expect("a range has two ends");
            let ends = (usize::from_str_radix(from, 16), usize::from_str_radix(to, 16));
            let (Ok(mut at), Ok(end)) = ends else { panic!("{line}") };
            while at < end {
                // The buffer holds what was read before.
                if (own..own + buffer.len()).contains(&at) {
                    at = own + buffer.len();
                    continue;
                }
                let stop = if at < own { end.min(own) } else { end };
                let length = buffer.len().min(stop - at);
                memory.seek(SeekFrom::Start(at as u64)).expect("it is an address");
                if memory.read_exact(&mut buffer[..length]).is_err() {
                    break;
                }
                let windows = buffer[..length].windows(self.0.len());
                found += windows.filter(|bytes| self.is_at(bytes, false) || self.is_at(bytes, true)).count();
                // What lies across two pieces is in the second one whole.
                at += if length == buffer.len() { length - self.0.len() } else { length };
            }
        }
        found
    }
}

/// A secret that this text does not hold, and how to look for it.
fn secret(name: &str) -> (SecretString, Needle) {
    let text: String =
        name.bytes().rev().map(|byte| char::from(byte ^ 3)).chain("-1q2w3e4r5t6z".chars()).collect();
    let needle = Needle::of(text.as_bytes());
    (SecretString::from(text), needle)
}

#[test]
fn keys_and_tokens_are_wiped() {
    let (signer, key) = {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key is made");
        let der: Pkcs8V1Der<'_> = pair.as_der().expect("it is written");
        // In the middle is the private exponent.
        let middle = der.as_ref().len() / 3;
        let key = Needle::of(&der.as_ref()[middle..middle + 24]);
        let text = Zeroizing::new(ers_fhir_values::base64::encode(der.as_ref()));
        let pem =
            Zeroizing::new(format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", &**text));
        (PemSigner::new("k", &pem).expect("it is a key"), key)
    };
    assert!(key.found() > 0, "the test finds a key that is there");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it is made");
    let place = Environment::integration();
    let signer: Arc<dyn Signer> = Arc::new(signer);
    let jwt = {
        let assertion = Assertion { api_key: "a", audience: "b", skew: 0 };
        let jwt = runtime.block_on(assertion.signed(&*signer)).expect("it is signed");
        let needle = Needle::of(&jwt.as_bytes()[jwt.len() - 60..jwt.len() - 30]);
        assert!(needle.found() > 0);
        needle
    };
    let (token, of_token) = secret("token");
    let (id_token, of_id_token) = secret("id token");
    let (client_secret, of_secret) = secret("secret of the client");
    {
        let tokens = GivenToken::new(token);
        let client = Client::builder(place.clone()).tokens(tokens.clone()).build(ProviderApplication);
        let client = client.expect("it can be set up").clone();
        let copy = runtime.block_on(tokens.token()).expect("it is there").clone();
        let login = ApplicationLogin::new(&place, "api key", signer.clone()).expect("it is set up").kept();
        let user = UserLogin::exchange(&place, "api key", signer, id_token).expect("it is set up");
        let user = user.with_secret(ClientSecret { client_id: "a".to_owned(), client_secret });
        for needle in [&of_token, &of_id_token, &of_secret, &key] {
            assert!(needle.found() > 0, "it is there while it is needed");
        }
        drop((client, copy, login, user));
    }
    for (name, needle) in [
        ("token", of_token),
        ("id token", of_id_token),
        ("secret", of_secret),
        ("key", key),
        ("assertion", jwt),
    ] {
        assert_eq!(needle.found(), 0, "{name} is left in memory");
    }
}
