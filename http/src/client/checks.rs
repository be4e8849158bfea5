//! Checks requests and answers against the rules.

use std::fmt;
use std::sync::{Arc, OnceLock};

use ers_fhir_ers::{Context, Ers, definitions};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::{Report, Severity};
use ers_fhir_validator::{Options, Validator};

/// What to do with a payload that breaks rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Checking {
    /// It is not checked.
    #[default]
    Off,
    /// It passes; the codes of the rules go to the log (`tracing`), and the findings to a listener, if there is one.
    Warn,
    /// It does not pass if there are errors. A request is not sent; an answer becomes an error, although the operation
    /// was carried out.
    Refuse,
}

/// A listener for findings: it gets the call and the findings.
pub type Listener = Arc<dyn Fn(&Context, &Report) + Send + Sync>;

/// How payloads are checked, each in the context of its call.
#[derive(Clone, Default)]
pub struct Checks {
    sent: Checking,
    received: Checking,
    listener: Option<Listener>,
    validators: Arc<Validators>,
}

#[derive(Default)]
struct Validators {
    stu3: OnceLock<Validator>,
    r4: OnceLock<Validator>,
}

impl Checks {
    /// Only the call itself is checked, which it always is.
    pub fn off() -> Self {
        Self::default()
    }

    /// Requests and answers are checked in the same way.
    pub fn all(checking: Checking) -> Self {
        Self::default().sent(checking).received(checking)
    }

    /// Sets how requests are checked.
    #[must_use]
    pub fn sent(mut self, checking: Checking) -> Self {
        self.sent = checking;
        self
    }

    /// Sets how answers are checked.
    #[must_use]
    pub fn received(mut self, checking: Checking) -> Self {
        self.received = checking;
        self
    }

    /// Sets a listener for findings.
    #[must_use]
    pub fn telling(mut self, listener: impl Fn(&Context, &Report) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    pub(crate) fn of_sent(&self) -> Checking {
        self.sent
    }

    pub(crate) fn of_received(&self) -> Checking {
        self.received
    }

    /// Checks a payload, on a thread that does not serve the network; returns why it is refused.
    pub(crate) async fn check(
        &self,
        checking: Checking,
        context: Context,
        payload: bytes::Bytes,
    ) -> Option<Report> {
        let validators = self.validators.clone();
        let of_call = context.clone();
        let checked = tokio::task::spawn_blocking(move || {
            let validator = validators.of(of_call.endpoint.release);
            let options = Options { service: Some(Ers::called(of_call).into()), ..Options::default() };
            validator.check(&payload, &options)
        });
        // A check that panics has already become a finding.
        let report = checked.await.ok()?;
        let is_wrong = report.diagnostics.iter().any(|found| found.severity == Severity::Error);
        for found in &report.diagnostics {
            tracing::warn!(
                operation = context.endpoint.id, direction = %context.direction, rule = found.rule.code,
                severity = %found.severity, "a rule is broken"
            );
        }
        if let Some(listener) = self.listener.as_ref().filter(|_| !report.diagnostics.is_empty()) {
            listener(&context, &report);
        }
        (is_wrong && checking == Checking::Refuse).then_some(report)
    }
}

impl Validators {
    fn of(&self, release: FhirVersion) -> &Validator {
        let of = match release {
            FhirVersion::Stu3 => &self.stu3,
            FhirVersion::R4 => &self.r4,
        };
        of.get_or_init(|| Validator::new(definitions(release)))
    }
}

impl fmt::Debug for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sent, received, .. } = self;
        f.debug_struct("Checks").field("sent", sent).field("received", received).finish_non_exhaustive()
    }
}
