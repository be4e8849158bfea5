//! A008 and A023: worklists.

use std::collections::BTreeSet;

use super::asked::{Asked, Holds};
use super::reply::Reply;
use crate::read::{Sent, missing};
use crate::refusal::{Outcome, Refusal};
use crate::render::{NHS_NUMBER, USER, list, named_clinician, person};
use crate::state::{AdviceRequest, Appointment, Referral, Retrievals, Worklist};

/// The filters of a list.
struct Filters<'s> {
    service: Option<&'s str>,
    specialty: Option<&'s str>,
    location: Option<&'s str>,
    clinician: Assigned<'s>,
}

/// Whether a clinician was asked for, or is allocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Assigned<'s> {
    Any,
    Nobody,
    To(&'s str),
}

impl<'s> Filters<'s> {
    fn of(sent: Sent<'s>) -> Outcome<Self> {
        let specialty = sent.code("specialty");
        match (sent.code("specialtyAssignedIndicator"), specialty) {
            (Some("ASSIGNED"), None) => return Err(missing("specialty")),
            (Some("ASSIGNED"), Some(_)) | (None, None) => {}
            (None, Some(_)) => return Err(unexpected("specialty")),
            (Some(_), _) => {
                return Err(Refusal::of(
                    "INVALID_VALUE",
                    "specialtyAssignedIndicator: it can only be ASSIGNED",
                ));
            }
        }
        let clinician = sent.identifier("clinician");
        let clinician = match (sent.code("clinicianAssignedIndicator"), clinician) {
            (Some("ASSIGNED"), None) => return Err(missing("clinician")),
            (Some("ASSIGNED"), Some(id)) => Assigned::To(id),
            (Some(_), None) => Assigned::Nobody,
            (_, Some(_)) => return Err(unexpected("clinician")),
            (None, None) => Assigned::Any,
        };
        Ok(Self {
            service: sent.identifier("service"),
            specialty,
            location: sent.identifier("location"),
            clinician,
        })
    }

    fn are_any(&self) -> bool {
        self.service.is_some()
            || self.specialty.is_some()
            || self.location.is_some()
            || self.clinician != Assigned::Any
    }

    /// Whether a service and whoever is asked for by name pass.
    fn pass(
        &self,
        asked: &Asked<'_, impl Holds>,
        service: &str,
        named: Option<&str>,
        allocated: Option<&str>,
    ) -> bool {
        let known = asked.world.service(service);
        self.service.is_none_or(|wanted| wanted == service)
            && self.specialty.is_none_or(|wanted| known.is_some_and(|known| known.specialty == wanted))
            && self.location.is_none_or(|wanted| {
                known.is_some_and(|known| known.site == wanted || known.provider == wanted)
            })
            && match self.clinician {
                Assigned::Any => true,
                Assigned::To(id) => named == Some(id) || allocated == Some(id),
                Assigned::Nobody => named.is_none() && allocated.is_none(),
            }
    }
}

fn unexpected(name: &str) -> Refusal {
    Refusal::of("UNEXPECTED_FIELD", format!("{name}: the indicator does not allow it"))
}

/// The list and the filters that were sent, as far as the caller may request them.
fn wanted<'s>(
    asked: &Asked<'_, impl Holds>,
    sent: Sent<'s>,
    is_of_advice: bool,
) -> Outcome<(Worklist, Filters<'s>)> {
    let code = sent.required_code("listType")?;
    let list =
        code.parse().ok().filter(|list: &Worklist| (*list == Worklist::AdviceRequests) == is_of_advice);
    let list =
        list.ok_or_else(|| Refusal::of("INVALID_CODE", format!("listType: there is no list '{code}' here")))?;
    if list.is_of_providers() == asked.caller.is_referrer() {
        let function = asked.caller.function;
        return Err(Refusal::new(
            403,
            "FORBIDDEN",
            format!("{} is not a list for a {function}", list.code()),
        ));
    }
    let filters = Filters::of(sent)?;
    if asked.caller.is_referrer() && filters.are_any() {
        return Err(Refusal::of("UNEXPECTED_FIELD", "a referrer's list takes no filters"));
    }
    if asked.caller.is_application() && filters.service.is_none() {
        return Err(missing("service"));
    }
    if let Some(service) = filters.service {
        if asked.world.service(service).is_none() {
            return Err(Refusal::of("REFERENCE_NOT_FOUND", format!("there is no service {service}")));
        }
        if !asked.works_for(service) {
            let diagnostics = format!("the caller is not in the workgroup of the service {service}");
            return Err(Refusal::of("NO_RELATIONSHIP", diagnostics));
        }
    }
    Ok((list, filters))
}

/// The services whose lists the caller sees: the requested one, or those to whose workgroups they belong.
fn services<'a>(asked: &'a Asked<'_, impl Holds>, filters: &Filters<'a>) -> Vec<&'a str> {
    match filters.service {
        Some(service) => vec![service],
        None => asked.workgroups().iter().map(String::as_str).collect(),
    }
}

pub(super) fn referrals(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let body = asked.body()?;
    let (wanted, filters) = wanted(asked, Sent(&body), false)?;
    let appointment = |referral: &Referral| -> Option<&Appointment> {
        referral.appointment.as_ref().and_then(|id| asked.state.appointments.get(id))
    };
    let passes = |referral: &&Referral| {
        let Some(appointment) = appointment(referral) else { return false };
        let named = named_clinician(&referral.criteria);
        filters.pass(asked, &appointment.service, named, appointment.clinician.as_deref())
    };
    let found: Vec<&Referral> = if asked.caller.is_referrer() {
        asked.state.listed(wanted, std::iter::once(asked.caller.organisation.as_str())).collect()
    } else {
        let services = services(asked, &filters);
        asked.state.listed(wanted, services.into_iter()).filter(passes).collect()
    };
    let pen = asked.pen();
    let days = asked.settings.letter_days;
    let rows = found.iter().map(|it| pen.row(wanted, it, it.created.working_days_later(days)));
    let list = list(rows, asked.settings.worklist_bytes).ok_or_else(too_large)?;
    let clinicians: BTreeSet<&str> = found
        .iter()
        .flat_map(|referral| {
            let allocated = appointment(referral).and_then(|appointment| appointment.clinician.as_deref());
            named_clinician(&referral.criteria).into_iter().chain(allocated)
        })
        .collect();
    let patients: BTreeSet<&str> = found.iter().map(|referral| referral.patient.as_str()).collect();
    if wanted != Worklist::ForReview {
        return Ok(Reply::written(list.finish()));
    }
    let clinicians = clinicians.into_iter().map(|id| person("Practitioner", USER, id));
    let patients = patients.into_iter().map(|id| person("Patient", NHS_NUMBER, id));
    Ok(Reply::written(list.containing(clinicians.chain(patients)).finish()))
}

/// A008, with a limit on how often a day an application may request the lists of a service.
pub(super) fn counted(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let reply = referrals(asked)?;
    let most = asked.settings.application_worklists_a_day.filter(|_| asked.caller.is_application());
    let Some(most) = most else { return Ok(reply) };
    let body = asked.body()?;
    let service = Sent(&body).identifier("service").unwrap_or_default();
    let key = format!("{}/{service}", asked.caller.id());
    let today = asked.now.day();
    let before = asked.state.retrievals.get(&key).filter(|it| it.day == today).map_or(0, |it| it.count);
    if before >= most {
        let diagnostics = format!(
            "the lists of the service {service} were already requested {before} times \
             today"
        );
        return Err(Refusal::plain(429, diagnostics));
    }
    asked.state.retrievals.set(&key, Retrievals { day: today, count: before + 1 });
    Ok(reply)
}

pub(super) fn advice(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let body = asked.body()?;
    let (_, filters) = wanted(asked, Sent(&body), true)?;
    let pen = asked.pen();
    let passes = |advice: &&AdviceRequest| {
        filters.pass(asked, &advice.service, named_clinician(&advice.criteria), None)
    };
    let services = services(asked, &filters);
    let found = asked.state.advice_listed(services.into_iter()).filter(passes);
    let rows = found.map(|advice| pen.advice_row(advice));
    let list = list(rows, asked.settings.worklist_bytes).ok_or_else(too_large)?;
    Ok(Reply::written(list.finish()))
}

fn too_large() -> Refusal {
    Refusal::plain(500, "the list is too large to send: ask for a single service")
}
