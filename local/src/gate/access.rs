//! Who calls, and whether they may.

use ers_fhir_ers::service::{Endpoint, Header, Organisation, Role};

use crate::call::{Call, Token};
use crate::refusal::{Outcome, Refusal};
use crate::seed::{Kind, User};
use crate::state::Author;
use crate::world::World;

/// Headers that only the gateway sets.
const INTERNAL: [&str; 3] = ["x-ers-ods-code", "x-ers-business-function", "x-ers-user-id"];

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) who: Who,
    /// Their business function.
    pub(crate) function: Role,
    /// Their organisation.
    pub(crate) organisation: String,
}

/// A user or an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Who {
    /// A user, and the clinician whom they act for.
    User { id: String, on_behalf_of: Option<String> },
    /// An application, by its id.
    Application(String),
}

impl Caller {
    pub(crate) fn is_referrer(&self) -> bool {
        self.function.is_referrer()
    }

    pub(crate) fn is_application(&self) -> bool {
        matches!(self.who, Who::Application(_))
    }

    /// The user who is logged in, or the application.
    pub(crate) fn id(&self) -> &str {
        match &self.who {
            Who::User { id, .. } | Who::Application(id) => id,
        }
    }

    /// The clinician whom they act for.
    pub(crate) fn on_behalf_of(&self) -> Option<&str> {
        match &self.who {
            Who::User { on_behalf_of, .. } => on_behalf_of.as_deref(),
            Who::Application(_) => None,
        }
    }

    /// The responsible clinician: the user themselves, or the clinician they act for.
    pub(crate) fn clinician(&self) -> &str {
        self.on_behalf_of().unwrap_or(self.id())
    }

    /// The caller, as named in messages.
    pub(crate) fn author(&self) -> Author {
        Author {
            user: self.id().to_owned(),
            organisation: self.organisation.clone(),
            function: self.function.code().to_owned(),
        }
    }
}

/// Decides whether the caller may make the call.
pub(crate) fn admit(world: &World, endpoint: &Endpoint, call: &Call) -> Outcome<Caller> {
    match &call.caller {
        Token::Invalid(why) => Err(Refusal::new(401, "NO_ACCESS", *why)),
        Token::Application(id) => application(world, endpoint, call, id),
        Token::User(id) => user_calls(world, endpoint, call, Some(active(world, id)?)),
        Token::UserAs { id, function, organisation } => {
            let user = active(world, id)?;
            let caller = user_calls(world, endpoint, call, Some(user))?;
            if endpoint.names_user() && (caller.function, &caller.organisation) != (*function, organisation) {
                return Err(no_access(format!("the user {id} logged in as {function} at {organisation}")));
            }
            Ok(caller)
        }
        Token::Open => user_calls(world, endpoint, call, None),
    }
}

fn active<'w>(world: &'w World, id: &str) -> Outcome<&'w User> {
    let user = world.user(id).filter(|user| user.active);
    user.ok_or_else(|| Refusal::new(401, "NO_ACCESS", format!("there is no active user {id}")))
}

fn forbidden(diagnostics: impl Into<String>) -> Refusal {
    Refusal::new(403, "FORBIDDEN", diagnostics)
}

fn no_access(diagnostics: impl Into<String>) -> Refusal {
    Refusal::new(403, "NO_ACCESS", diagnostics)
}

fn application(world: &World, endpoint: &Endpoint, call: &Call, id: &str) -> Outcome<Caller> {
    let known = world.application(id);
    let known =
        known.ok_or_else(|| Refusal::new(401, "NO_ACCESS", format!("there is no application '{id}'")))?;
    let sent = [Header::ORGANISATION.name, Header::FUNCTION.name, Header::ON_BEHALF_OF.name];
    if let Some(name) = sent.iter().chain(&INTERNAL).find(|name| call.value(name).is_some()) {
        return Err(forbidden(format!("an application may not send {name}")));
    }
    let Some(allowed) = endpoint.application else {
        return Err(forbidden(format!("{} is not open to applications", endpoint.id)));
    };
    let kind = world.organisation(&known.organisation).map(|organisation| organisation.kind);
    let function = match kind {
        Some(Kind::Referrer) => Role::ReferrerAuthorisedApplication,
        _ => Role::ProviderAuthorisedApplication,
    };
    let is_allowed = match allowed {
        Organisation::Any => true,
        Organisation::Provider => kind == Some(Kind::Provider),
        Organisation::Referrer => kind == Some(Kind::Referrer),
    };
    if !is_allowed {
        return Err(forbidden(format!("{} is open to applications of a {allowed}", endpoint.id)));
    }
    Ok(Caller { who: Who::Application(id.to_owned()), function, organisation: known.organisation.clone() })
}

fn user_calls(world: &World, endpoint: &Endpoint, call: &Call, user: Option<&User>) -> Outcome<Caller> {
    if let Some(name) = INTERNAL.iter().find(|name| call.value(name).is_some()) {
        return Err(forbidden(format!("{name} is set by the gateway, and may not be sent")));
    }
    let organisation = call.value(Header::ORGANISATION.name);
    let function = call.value(Header::FUNCTION.name);
    if !endpoint.names_user() {
        return Ok(anybody(world, user, organisation, function));
    }
    let Some(organisation) = organisation else {
        return Err(Refusal::new(400, "MISSING_HEADER", format!("{} is missing", Header::ORGANISATION.name)));
    };
    let Some(function) = function else {
        return Err(forbidden(format!("{} is missing", Header::FUNCTION.name)));
    };
    let Ok(function) = function.parse::<Role>() else {
        return Err(forbidden(format!("'{function}' is not a business function")));
    };
    if function.is_of_application() {
        return Err(no_access(format!("{function} is the function of an application, but a user calls")));
    }
    if !endpoint.allows(function) {
        return Err(forbidden(format!("{} is not open to {function}", endpoint.id)));
    }
    let user = match user {
        Some(user) if user.works_as(function, organisation) => user,
        Some(user) => {
            let user = &user.id;
            return Err(no_access(format!("the user {user} does not work as {function} at {organisation}")));
        }
        None => world
            .somebody(function, organisation)
            .ok_or_else(|| no_access(format!("no user in the seed works as {function} at {organisation}")))?,
    };
    let on_behalf_of = on_behalf_of(world, endpoint, call, function, user)?;
    Ok(Caller {
        who: Who::User { id: user.id.clone(), on_behalf_of },
        function,
        organisation: organisation.to_owned(),
    })
}

/// The clinician whom a user acts for: a provider's admin always acts for one, and nobody else does.
fn on_behalf_of(
    world: &World,
    endpoint: &Endpoint,
    call: &Call,
    function: Role,
    user: &User,
) -> Outcome<Option<String>> {
    let name = Header::ON_BEHALF_OF.name;
    let given = call.value(name);
    let is_admin = function == Role::ServiceProviderClinicianAdmin;
    match given {
        None if is_admin && endpoint.is_on_behalf() => Err(forbidden(format!(
            "a {function} must name the clinician they act for, but {name} is missing"
        ))),
        None => Ok(None),
        Some(_) if !is_admin => {
            Err(forbidden(format!("{name} may not be sent by a {function}, as the user {} is one", user.id)))
        }
        Some(id) => {
            let clinician = world.user(id).filter(|clinician| clinician.active);
            let is_clinician =
                clinician.is_some_and(|clinician| clinician.is(Role::ServiceProviderClinician));
            if !is_clinician || !user.acts_for.iter().any(|known| known == id) {
                return Err(forbidden(format!("the user {} may not act for {id}", user.id)));
            }
            Ok(Some(id.to_owned()))
        }
    }
}

/// The caller by token, for operations that do not depend on a business function.
fn anybody(world: &World, user: Option<&User>, organisation: Option<&str>, function: Option<&str>) -> Caller {
    let function = function.and_then(|function| function.parse().ok());
    let somebody = || {
        let named = organisation.zip(function);
        let named = named.and_then(|(organisation, function)| world.somebody(function, organisation));
        named.or_else(|| world.users().find(|user| user.active))
    };
    Caller {
        who: Who::User {
            id: user.or_else(somebody).map(|user| user.id.clone()).unwrap_or_default(),
            on_behalf_of: None,
        },
        function: function.unwrap_or(Role::ReferringClinician),
        organisation: organisation.unwrap_or_default().to_owned(),
    }
}
