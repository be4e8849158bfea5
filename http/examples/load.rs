//! Asks a service as fast as it answers, a bounded number of times, and says how fast that was.
//!
//! ```sh
//! cargo run --release -p ers-fhir-http --example load -- 127.0.0.1:8080 request.json 200000 64
//! ```
//!
//! What it says: requests a second, how long answers took, and how many requests that were sent got no answer, which is
//! none unless the service breaks its word. Where the service closes a connection, another is opened.

#![expect(clippy::print_stdout, reason = "it is a tool")]

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What one connection saw.
#[derive(Default)]
struct Seen {
    micros: Vec<u32>,
    statuses: BTreeMap<u16, usize>,
    /// Requests that were sent and not answered.
    lost: usize,
    /// Connections that were not taken.
    refused: usize,
}

/// Longest time that it takes in all.
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
            let Ok(one) = one.await else { continue };
            seen.micros.extend(one.micros);
            one.statuses
                .iter()
                .for_each(|(status, count)| *seen.statuses.entry(*status).or_default() += count);
            seen.lost += one.lost;
            seen.refused += one.refused;
        }
        seen
    });
    tell(seen, begun.elapsed());
    Ok(())
}

fn tell(mut seen: Seen, took: Duration) {
    seen.micros.sort_unstable();
    let answered = seen.micros.len();
    let at = |thousandth: usize| {
        let micros = seen.micros.get((answered * thousandth / 1000).min(answered.saturating_sub(1)));
        micros.map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    };
    #[expect(clippy::cast_precision_loss, reason = "it is shown in round figures")]
    let a_second = answered as f64 / took.as_secs_f64();
    println!("{answered} answers in {:.2} s: {a_second:.0} a second", took.as_secs_f64());
    println!(
        "ms: p50 {:.2}, p90 {:.2}, p99 {:.2}, p99.9 {:.2}, most {:.2}",
        at(500),
        at(900),
        at(990),
        at(999),
        at(1000)
    );
    println!(
        "statuses: {:?}; sent and not answered: {}; not taken: {}",
        seen.statuses, seen.lost, seen.refused
    );
    if let Ok(stat) = fs::read_to_string("/proc/self/stat") {
        // In hundredths of a second.
        let ticks: u64 = stat.split(' ').skip(13).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        println!("CPU of this tool: {:.2} s", f64::from(u32::try_from(ticks).unwrap_or(u32::MAX)) / 100.0);
    }
}

/// Asks over one connection after the other, until there is nothing left to ask or nobody to ask.
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
            if stream.write_all(&request).await.is_err() {
                // Not all of it was sent.
                break;
            }
            let Some((status, closes)) = answer(&mut stream, &mut buffer).await else {
                seen.lost += 1;
                break;
            };
            seen.micros.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
            *seen.statuses.entry(status).or_default() += 1;
            if closes {
                break;
            }
        }
    }
}

/// Reads an answer: its status, and whether the connection ends with it.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<(u16, bool)> {
    buffer.clear();
    let head = loop {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
    let status = text.get(9..12)?.parse().ok()?;
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let length: usize = field("content-length:")?.parse().ok()?;
    let closes = field("connection:") == Some("close");
    while buffer.len() < head + length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    Some((status, closes))
}
