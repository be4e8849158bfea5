//! Sending requests over loopback as fast as answers come, and reporting how fast that was.

#![expect(clippy::print_stdout, reason = "it is a tool")]

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What was seen.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) micros: Vec<u32>,
    pub(crate) statuses: BTreeMap<u16, usize>,
    /// Requests that were sent and not answered.
    pub(crate) lost: usize,
    /// Connections that were not taken.
    pub(crate) refused: usize,
}

impl Seen {
    /// Adds the figures of another.
    pub(crate) fn add(&mut self, other: Self) {
        self.micros.extend(other.micros);
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        self.lost += other.lost;
        self.refused += other.refused;
    }

    /// Says how fast answers came.
    pub(crate) fn tell(mut self, took: Duration) {
        self.micros.sort_unstable();
        let answered = self.micros.len();
        #[expect(clippy::cast_precision_loss, reason = "it is shown in round figures")]
        let a_second = answered as f64 / took.as_secs_f64();
        println!("{answered} answers in {:.2} s: {a_second:.0} a second", took.as_secs_f64());
        println!("ms: {}", self.quantiles());
        println!(
            "statuses: {:?}; sent and not answered: {}; not taken: {}",
            self.statuses, self.lost, self.refused
        );
        if let Ok(stat) = fs::read_to_string("/proc/self/stat") {
            // In hundredths of a second.
            let ticks: u64 =
                stat.split(' ').skip(13).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
            println!(
                "CPU of this tool: {:.2} s",
                f64::from(u32::try_from(ticks).unwrap_or(u32::MAX)) / 100.0
            );
        }
    }

    /// How long answers took, where they are in order.
    pub(crate) fn quantiles(&self) -> String {
        let answered = self.micros.len();
        let at = |thousandth: usize| {
            let micros = self.micros.get((answered * thousandth / 1000).min(answered.saturating_sub(1)));
            micros.map_or(0.0, |micros| f64::from(*micros) / 1000.0)
        };
        format!(
            "p50 {:.2}, p90 {:.2}, p99 {:.2}, p99.9 {:.2}, most {:.2}",
            at(500),
            at(900),
            at(990),
            at(999),
            at(1000)
        )
    }
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Whether the connection ends with it.
    pub(crate) closes: bool,
}

/// Sends a request, and reads the answer into a buffer. `None` if nothing came; an error if it could not be sent.
pub(crate) async fn ask(
    stream: &mut TcpStream,
    request: &[u8],
    buffer: &mut Vec<u8>,
) -> std::io::Result<Option<Answer>> {
    stream.write_all(request).await?;
    Ok(answer(stream, buffer).await)
}

async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Answer> {
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
    Some(Answer { status, closes })
}
