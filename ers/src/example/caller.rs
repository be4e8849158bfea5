//! Who calls.

use crate::service::{Access, Endpoint, Role};

/// Who calls an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// A user with that business function.
    User(Role),
    /// A user whose business function does not matter to the operation.
    AnyUser,
    /// An application that calls on its own.
    Application,
}

impl Caller {
    /// The business function of the user.
    pub fn role(self) -> Option<Role> {
        match self {
            Self::User(role) => Some(role),
            Self::AnyUser | Self::Application => None,
        }
    }

    /// The kind of access.
    pub fn access(self) -> Access {
        match self {
            Self::User(_) | Self::AnyUser => Access::User,
            Self::Application => Access::Application,
        }
    }
}

/// All callers of an operation: users by their business functions, then applications.
pub fn callers(endpoint: &Endpoint) -> Vec<Caller> {
    let users = endpoint.roles.iter().copied().map(Caller::User);
    let any = endpoint.roles.is_empty().then_some(Caller::AnyUser);
    let application = endpoint.application.map(|_| Caller::Application);
    users.chain(any).chain(application).collect()
}
