//! Sends a bounded number of requests as fast as the service answers, and reports how fast that was.
//!
//! ```sh
//! cargo run --release -p ers-fhir-http --example load -- 127.0.0.1:8080 request.json 200000 64
//! ```
//!
//! It reports requests per second, how long answers took, and how many requests got no answer, which should be none. If
//! the service closes a connection, another is opened.

mod loopback;

use std::env;
use std::error::Error;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use loopback::Seen;
use tokio::net::TcpStream;

/// Maximum running time.
const LONGEST: Duration = Duration::from_mins(5);

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [address, file, rest @ ..] = args.as_slice() else {
        return Err("load ADDRESS FILE [REQUESTS [CONNECTIONS [PATH]]]".into());
    };
    let number = |at: usize, usual: usize| rest.get(at).map_or(Ok(usual), |text| text.parse());
    let (requests, connections) = (number(0, 10_000)?, number(1, 64)?);
    let path = rest.get(2).map_or("/stu3/$validate", String::as_str);
    let body = fs::read(file)?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/fhir+json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let request: Arc<[u8]> = [head.as_bytes(), &body].concat().into();
    let left = Arc::new(AtomicUsize::new(requests));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let begun = Instant::now();
    let seen = runtime.block_on(async {
        let all: Vec<_> = (0..connections)
            .map(|_| tokio::spawn(ask(address.clone(), Arc::clone(&request), Arc::clone(&left))))
            .collect();
        let mut seen = Seen::default();
        for one in all {
            seen.add(one.await.unwrap_or_default());
        }
        seen
    });
    seen.tell(begun.elapsed());
    Ok(())
}

/// Sends requests over one connection after the other, until none are left or the service is gone.
async fn ask(address: String, request: Arc<[u8]>, left: Arc<AtomicUsize>) -> Seen {
    let mut seen = Seen::default();
    let end = Instant::now() + LONGEST;
    let mut buffer = Vec::with_capacity(64 << 10);
    loop {
        let Ok(mut stream) = TcpStream::connect(&address).await else {
            seen.refused += 1;
            return seen;
        };
        let _ = stream.set_nodelay(true);
        loop {
            let taken = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
            if taken.is_err() || Instant::now() > end {
                return seen;
            }
            let begun = Instant::now();
            let Ok(answer) = loopback::ask(&mut stream, &request, &mut buffer).await else {
                // Not all of it was sent.
                break;
            };
            let Some(answer) = answer else {
                seen.lost += 1;
                break;
            };
            seen.micros.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
            *seen.statuses.entry(answer.status).or_default() += 1;
            if answer.closes {
                break;
            }
        }
    }
}
