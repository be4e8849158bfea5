//! How fast and how often calls follow each other.

use std::collections::{BTreeMap, VecDeque};

use ers_fhir_ers::service::Access;
use ers_fhir_ers::service::environment::{INTEGRATION, PRODUCTION, host};
use ers_fhir_report::{CallPart, Diagnostic, Message, text};

use super::facts::{Facts, code, parameter};
use crate::finding::about;
use crate::rule;

/// The number of calls that an environment accepts from an application within a second, if it
/// counts them.
const MOST: usize = 10;
const SECOND: i64 = 1000;
/// How often an application may fetch a list of a service in a day.
const LISTS: usize = 2;
/// The wait, in milliseconds, from which it need no longer grow; the duration of an answer hardly matters
/// then.
const LONG: i64 = 2 * SECOND;

/// When calls were made, by host.
#[derive(Debug, Default)]
pub(super) struct Pace(BTreeMap<String, Hosted>);

/// When calls to a host were made, and their outcome.
#[derive(Debug, Default)]
struct Hosted {
    /// The start times of the calls of the last second.
    recent: VecDeque<i64>,
    /// Whether these have already been reported as too many.
    is_said: bool,
    /// The last call, if it was refused with 429.
    refusal: Option<Refusal>,
    /// How often lists were fetched.
    lists: BTreeMap<List, usize>,
}

/// A call that was refused with 429.
#[derive(Debug, Clone, Copy)]
struct Refusal {
    began: i64,
    /// The wait before it, if it followed another such refusal.
    waited: Option<i64>,
}

/// A list, a service, and the day in UTC and in British summer time.
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
    /// No more calls are made in a second than the service accepts.
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
                "make at most ten calls a second, and fewer outside production; e-RS answers 429 to the others",
            ));
            found.push(finding);
        }
    }

    /// After a refusal with 429 there is a wait, which grows each time.
    fn wait(&mut self, began: i64, facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
        let refusal = self.refusal.filter(|refusal| began >= refusal.began);
        let waited = refusal.map(|refusal| began - refusal.began);
        if let Some((refusal, waited)) = refusal.zip(waited) {
            // After a long wait, a new series begins.
            let is_as_long = |before: i64| waited < LONG && before < LONG && waited * 10 < before * 11;
            let message = if waited < SECOND {
                Some("the previous call was refused with 429 (too many calls), but this one follows at once")
            } else if refusal.waited.is_some_and(is_as_long) {
                Some(
                    "the previous call was refused with 429 (too many calls) again, but this wait is no \
                     longer than the last",
                )
            } else {
                None
            };
            if let Some(message) = message {
                let mut finding = about(&rule::REPEATED, CallPart::Method, Message::text(message));
                finding.suggestion = Some(Message::text("wait one second, then two, then four and so on"));
                found.push(finding);
            }
        }
        // Parallel calls do not wait for each other.
        let waited = waited.filter(|waited| *waited >= SECOND);
        if let Some(status) = facts.status {
            self.refusal = (status == 429).then_some(Refusal { began, waited });
        }
    }

    /// An application fetches the list of a service at most twice a day.
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
            finding.suggestion = Some(Message::text("fetch the lists of a service at most twice a day"));
            found.push(finding);
        }
    }
}
