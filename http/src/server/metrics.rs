//! Metrics for Prometheus.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::engine::Verdict;

/// Statuses that are counted separately; the last stands for all others.
const STATUSES: [u16; 16] = [200, 204, 304, 400, 401, 403, 404, 405, 406, 408, 413, 415, 429, 500, 503, 0];
/// Upper bounds of durations, in microseconds.
const BOUNDS: [u64; 12] =
    [250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000, 2_500_000, 10_000_000];

/// The labels by which requests are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    Operation,
    Payloads,
    Calls,
    Metadata,
    Metrics,
    Probe,
    Page,
    Other,
}

const ROUTES: [(Route, &str); 8] = [
    (Route::Operation, "$validate"),
    (Route::Payloads, "/validate"),
    (Route::Calls, "/calls"),
    (Route::Metadata, "/metadata"),
    (Route::Metrics, "/metrics"),
    (Route::Probe, "probe"),
    (Route::Page, "page"),
    (Route::Other, "other"),
];

impl Route {
    /// That of a pattern of the router.
    pub(crate) fn of(pattern: &str) -> Self {
        match pattern {
            pattern if pattern.ends_with("$validate") => Self::Operation,
            "/validate" => Self::Payloads,
            "/calls" => Self::Calls,
            pattern if pattern.ends_with("/metadata") => Self::Metadata,
            "/metrics" => Self::Metrics,
            "/health" | "/ready" => Self::Probe,
            "" => Self::Other,
            _ => Self::Page,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        ROUTES[self as usize].1
    }
}

#[derive(Debug, Default)]
struct Counts {
    statuses: [AtomicU64; STATUSES.len()],
    buckets: [AtomicU64; BOUNDS.len()],
    micros: AtomicU64,
}

/// All counters.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    routes: [Counts; ROUTES.len()],
    pub(crate) in_flight: AtomicU64,
    pub(crate) connections: AtomicU64,
    pub(crate) refused_connections: AtomicU64,
    payloads: AtomicU64,
    failing: AtomicU64,
    errors: AtomicU64,
    warnings: AtomicU64,
    information: AtomicU64,
    pub(crate) reloads: AtomicU64,
    pub(crate) failed_reloads: AtomicU64,
}

fn add(counter: &AtomicU64, number: u64) {
    counter.fetch_add(number, Ordering::Relaxed);
}

fn of(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

impl Metrics {
    /// Counts a request that was answered.
    pub(crate) fn answered(&self, route: Route, status: u16, took: Duration) {
        let counts = &self.routes[route as usize];
        let at = STATUSES.iter().position(|known| *known == status).unwrap_or(STATUSES.len() - 1);
        add(&counts.statuses[at], 1);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        add(&counts.micros, micros);
        if let Some(at) = BOUNDS.iter().position(|bound| micros <= *bound) {
            add(&counts.buckets[at], 1);
        }
    }

    /// Counts findings.
    pub(crate) fn found(&self, verdict: &Verdict) {
        add(&self.payloads, verdict.payloads as u64);
        add(&self.failing, verdict.failing as u64);
        add(&self.errors, verdict.errors as u64);
        add(&self.warnings, verdict.warnings as u64);
        add(&self.information, verdict.information as u64);
    }

    /// All of it as text, and what else is known at the moment.
    pub(crate) fn text(&self, now: &[(&str, &str, u64)]) -> String {
        let mut text = String::with_capacity(8 << 10);
        head(&mut text, "ers_fhir_requests_total", "counter", "Requests that were answered.");
        for (route, name) in ROUTES {
            for (status, count) in STATUSES.iter().zip(&self.routes[route as usize].statuses) {
                let count = of(count);
                let status = if *status == 0 { "other".to_owned() } else { status.to_string() };
                if count > 0 {
                    let _ = writeln!(
                        text,
                        "ers_fhir_requests_total{{route=\"{name}\",status=\"{status}\"}} {count}"
                    );
                }
            }
        }
        head(
            &mut text,
            "ers_fhir_request_seconds",
            "histogram",
            "Time from the head of a request to its answer.",
        );
        for (route, name) in ROUTES {
            let counts = &self.routes[route as usize];
            let total: u64 = counts.statuses.iter().map(of).sum();
            if total == 0 {
                continue;
            }
            let mut below = 0;
            for (bound, count) in BOUNDS.iter().zip(&counts.buckets) {
                below += of(count);
                let bound = seconds(*bound);
                let _ = writeln!(
                    text,
                    "ers_fhir_request_seconds_bucket{{route=\"{name}\",le=\"{bound}\"}} {below}"
                );
            }
            let sum = seconds(of(&counts.micros));
            let _ = writeln!(text, "ers_fhir_request_seconds_bucket{{route=\"{name}\",le=\"+Inf\"}} {total}");
            let _ = writeln!(text, "ers_fhir_request_seconds_sum{{route=\"{name}\"}} {sum}");
            let _ = writeln!(text, "ers_fhir_request_seconds_count{{route=\"{name}\"}} {total}");
        }
        let passing = of(&self.payloads).saturating_sub(of(&self.failing));
        head(&mut text, "ers_fhir_payloads_total", "counter", "Payloads that were checked.");
        for (result, count) in [("pass", passing), ("fail", of(&self.failing))] {
            let _ = writeln!(text, "ers_fhir_payloads_total{{result=\"{result}\"}} {count}");
        }
        head(&mut text, "ers_fhir_findings_total", "counter", "Findings.");
        let severities =
            [("error", &self.errors), ("warning", &self.warnings), ("information", &self.information)];
        for (severity, count) in severities {
            let _ = writeln!(text, "ers_fhir_findings_total{{severity=\"{severity}\"}} {}", of(count));
        }
        head(
            &mut text,
            "ers_fhir_reloads_total",
            "counter",
            "How often definitions and settings were reloaded.",
        );
        for (result, count) in [("done", &self.reloads), ("failed", &self.failed_reloads)] {
            let _ = writeln!(text, "ers_fhir_reloads_total{{result=\"{result}\"}} {}", of(count));
        }
        let name = "ers_fhir_refused_connections_total";
        head(&mut text, name, "counter", "Connections refused because there were too many.");
        let _ = writeln!(text, "{name} {}", of(&self.refused_connections));
        let own = [
            ("ers_fhir_in_flight", "Requests that are being answered.", of(&self.in_flight)),
            ("ers_fhir_connections", "Connections that are open.", of(&self.connections)),
        ];
        for (name, about, value) in own.iter().chain(now) {
            head(&mut text, name, "gauge", about);
            let _ = writeln!(text, "{name} {value}");
        }
        text
    }
}

fn head(text: &mut String, name: &str, kind: &str, about: &str) {
    let _ = writeln!(text, "# HELP {name} {about}\n# TYPE {name} {kind}");
}

/// Microseconds as seconds.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_told() {
        for (at, (route, _)) in ROUTES.iter().enumerate() {
            assert_eq!(*route as usize, at);
        }
        let metrics = Metrics::default();
        metrics.answered(Route::of("/{release}/$validate"), 200, Duration::from_micros(300));
        metrics.answered(Route::of(""), 418, Duration::from_secs(20));
        metrics.found(&Verdict { payloads: 2, failing: 1, errors: 3, ..Verdict::default() });
        let text = metrics.text(&[("queue", "Jobs that wait.", 4)]);
        for line in [
            "ers_fhir_requests_total{route=\"$validate\",status=\"200\"} 1",
            "ers_fhir_requests_total{route=\"other\",status=\"other\"} 1",
            "ers_fhir_request_seconds_bucket{route=\"$validate\",le=\"0.00025\"} 0",
            "ers_fhir_request_seconds_bucket{route=\"$validate\",le=\"0.0005\"} 1",
            "ers_fhir_request_seconds_bucket{route=\"other\",le=\"10\"} 0",
            "ers_fhir_request_seconds_sum{route=\"$validate\"} 0.0003",
            "ers_fhir_payloads_total{result=\"pass\"} 1",
            "ers_fhir_findings_total{severity=\"error\"} 3",
            "queue 4",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in {text}");
        }
    }
}
