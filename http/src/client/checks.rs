//! What goes out and comes in, held against the rules.

use std::fmt;
use std::sync::{Arc, OnceLock};

use ers_fhir_ers::{Context, Ers, definitions};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::{Report, Severity};
use ers_fhir_validator::{Options, Validator};

/// What becomes of a payload that breaks rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Checking {
    /// It is not looked at.
    #[default]
    Off,
    /// It passes; the codes of the rules go to the log (`tracing`), and what was found to whoever wants to hear.
    Warn,
    /// It does not pass if there are errors. A request is not sent; an answer is an error, though what was asked for has
    /// happened.
    Refuse,
}

/// Who hears what was found: the call, and the findings.
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
    /// Nothing is checked but the call itself, which always is.
    pub fn off() -> Self {
        Self::default()
    }

    /// Requests and answers are checked alike.
    pub fn all(checking: Checking) -> Self {
        Self::default().sent(checking).received(checking)
    }

    /// The same, with requests checked so.
    #[must_use]
    pub fn sent(mut self, checking: Checking) -> Self {
        self.sent = checking;
        self
    }

    /// The same, with answers checked so.
    #[must_use]
    pub fn received(mut self, checking: Checking) -> Self {
        self.received = checking;
        self
    }

    /// The same, telling what was found.
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

    /// Checks a payload, apart from the threads that wait for the network; what it was refused for.
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
        // A check that panics is a finding already.
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
