//! How fast and how often calls follow each other.

use std::collections::{BTreeMap, VecDeque};

use ers_fhir_ers::service::Access;
use ers_fhir_ers::service::environment::{INTEGRATION, PRODUCTION, host};
use ers_fhir_report::{CallPart, Diagnostic, Message, text};

use super::facts::{Facts, code, parameter};
use crate::finding::about;
use crate::rule;

/// Calls that an environment takes within a second from an application, where it counts them.
const MOST: usize = 10;
const SECOND: i64 = 1000;
/// How often an application fetches a list of a service in a day.
const LISTS: usize = 2;
/// From here on a wait need not grow any more, in milliseconds; and how long an answer takes counts less.
const LONG: i64 = 2 * SECOND;

/// When calls were made, by the host that they went to.
#[derive(Debug, Default)]
pub(super) struct Pace(BTreeMap<String, Hosted>);

/// When calls of a host were made, and how they went.
#[derive(Debug, Default)]
struct Hosted {
    /// When the calls of the last second began.
    recent: VecDeque<i64>,
    /// Whether it was said already that these are too many.
    is_said: bool,
    /// The last call, where it was refused as too many.
    refusal: Option<Refusal>,
    /// How often lists were fetched.
    lists: BTreeMap<List, usize>,
}

/// A call that was refused as too many.
#[derive(Debug, Clone, Copy)]
struct Refusal {
    began: i64,
    /// How long was waited before it, after one that was refused so too.
    waited: Option<i64>,
}

/// A list, a service, and the day as UTC and British summer time count it.
type List = (String, String, i64, i64);

impl Pace {
    pub(super) fn check(
        &mut self,
        url: &str,
        access: Option<Access>,
        facts: &Facts<'_>,
        found: &mut Vec<Diagnostic>,
    ) {
        let Some((began, host)) = facts.began.zip(host(url)) else { return };
        let is_limited = [PRODUCTION, INTEGRATION].contains(&host.as_str());
        let hosted = self.0.entry(host).or_default();
        if is_limited {
            hosted.rate(began, found);
        }
        hosted.wait(began, facts, found);
        if access == Some(Access::Application) {
            hosted.list(began, facts, found);
        }
    }
}

impl Hosted {
    /// Not more calls are made in a second than the service takes.
    fn rate(&mut self, began: i64, found: &mut Vec<Diagnostic>) {
        self.recent.push_back(began);
        while self.recent.front().is_some_and(|first| began - first >= SECOND) {
            self.recent.pop_front();
        }
        if self.recent.len() <= MOST {
            self.is_said = false;
        } else if !self.is_said {
            self.is_said = true;
            let message = text!("this is call number {} within a second", self.recent.len());
            let mut finding = about(&rule::RATE, CallPart::Method, message);
            finding.suggestion = Some(Message::text(
                "make ten calls a second at most, and fewer outside production; e-RS answers 429 to others",
            ));
            found.push(finding);
        }
    }

    /// After a refusal as too many there is a wait, which grows with each.
    fn wait(&mut self, began: i64, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        let refusal = self.refusal.filter(|refusal| began >= refusal.began);
        let waited = refusal.map(|refusal| began - refusal.began);
        if let Some((refusal, waited)) = refusal.zip(waited) {
            // After a long wait the series begins anew.
            let is_as_long = |before: i64| waited < LONG && before < LONG && waited * 10 < before * 11;
            let message = if waited < SECOND {
                Some("the call before was refused as too many (429), and this one follows at once")
            } else if refusal.waited.is_some_and(is_as_long) {
                Some("calls were refused as too many (429) again, and this wait is no longer than the last")
            } else {
                None
            };
            if let Some(message) = message {
                let mut finding = about(&rule::REPEATED, CallPart::Method, Message::text(message));
                finding.suggestion = Some(Message::text("wait one second, then two, then four and so on"));
                found.push(finding);
            }
        }
        // Calls that go out side by side do not wait for each other.
        let waited = waited.filter(|waited| *waited >= SECOND);
        if let Some(status) = facts.status {
            self.refusal = (status == 429).then_some(Refusal { began, waited });
        }
    }

    /// An application fetches the list of a service twice a day at most.
    fn list(&mut self, began: i64, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        const HOUR: i64 = 3600 * SECOND;
        let is_answered = facts.status.is_none_or(|status| status < 300);
        if facts.endpoint.id != "A008" || !is_answered {
            return;
        }
        let held = |name| parameter(&facts.request, name).and_then(code);
        let (kind, service) = (held("listType"), held("service"));
        let (Some(kind), Some(service)) = (kind, service) else { return };
        let day = |moment: i64| moment.div_euclid(24 * HOUR);
        let list = (kind.to_owned(), service.to_owned(), day(began), day(began + HOUR));
        let count = self.lists.entry(list).or_default();
        *count += 1;
        if *count > LISTS {
            let message = text!("the application fetches this list of the service {} times today", *count);
            let mut finding = about(&rule::REPEATED, CallPart::Method, message);
            finding.suggestion = Some(Message::text("fetch the lists of a service twice a day at most"));
            found.push(finding);
        }
    }
}
