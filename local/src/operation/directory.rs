//! A004, A030, A033, A035, A037, A040: reference data, users, services.

use super::asked::{Asked, Holds};
use super::reply::Reply;
use crate::refusal::{Outcome, Refusal};
use crate::render::{Bundle, Mode, healthcare_service, practitioner, practitioner_role, reference_list};

pub(super) fn reference_data(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let name = asked.in_path("codeSystemType");
    let list = asked.world.lists.list(name);
    let list = list.ok_or_else(|| Refusal::plain(404, format!("there is no list {name}")))?;
    Ok(Reply::resource(reference_list(list, name, &asked.call.base, asked.now)))
}

pub(super) fn roles(asked: &Asked<'_, impl Holds>) -> Reply {
    let user = asked.world.user(asked.caller.id());
    let roles = user.map(|user| user.roles.as_slice()).unwrap_or_default();
    let mut bundle = Bundle::r4(asked.fleeting_uuid(0), asked.now, &asked.address()).total(roles.len());
    for role in roles {
        let (id, resource) =
            practitioner_role(asked.caller.id(), &role.organisation, &role.functions, asked.now);
        bundle.add(format!("{}/R4/PractitionerRole/{id}", asked.call.base), resource, Mode::Match);
    }
    Reply::resource(bundle.finish())
}

pub(super) fn clinicians(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    if asked.call.parameter("_query").as_deref() != Some("onBehalfOf") {
        return Err(Refusal::plain(400, "_query must be onBehalfOf"));
    }
    let user = asked.world.user(asked.caller.id());
    let known = user.map(|user| user.acts_for.as_slice()).unwrap_or_default();
    let active: Vec<&String> =
        known.iter().filter(|id| asked.world.user(id).is_some_and(|user| user.active)).collect();
    let mut bundle =
        Bundle::r4(asked.fleeting_uuid(0), asked.now, &asked.address()).timed().total(active.len());
    for id in active {
        bundle.add(format!("Practitioner/{id}"), practitioner(id, asked.now), Mode::Match);
    }
    Ok(Reply::resource(bundle.finish()))
}

pub(super) fn service(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let id = asked.in_path("id");
    let service = asked.world.service(id);
    let service = service.ok_or_else(|| Refusal::plain(404, format!("there is no service {id}")))?;
    let version = u64::from(service.version);
    if asked.endpoint.id == "A037" {
        return Ok(Reply::of_version(version));
    }
    Ok(Reply::versioned(version, healthcare_service(service)))
}

pub(super) fn services(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let given = asked.call.parameter("_id").ok_or_else(|| Refusal::plain(400, "_id is missing"))?;
    let ids: Vec<&str> = given.split(',').map(str::trim).collect();
    let is_number = |id: &&str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    if ids.len() > 20 || !ids.iter().all(is_number) {
        return Err(Refusal::plain(400, "_id must be one to twenty service ids, separated by commas"));
    }
    let found: Vec<_> = ids.into_iter().filter_map(|id| asked.world.service(id)).collect();
    let mut bundle =
        Bundle::r4(asked.fleeting_uuid(0), asked.now, &asked.address()).timed().total(found.len());
    for service in found {
        let address = format!("{}/R4/HealthcareService/{}", asked.call.base, service.id);
        bundle.add(address, healthcare_service(service), Mode::Match);
    }
    Ok(Reply::resource(bundle.finish()))
}
