//! Who calls.

use crate::service::{Access, Endpoint, Role};

/// Who calls an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// A user who works as that.
    User(Role),
    /// A user of whom the operation does not ask what they work as.
    AnyUser,
    /// An application of its own.
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

    /// The way of access.
    pub fn access(self) -> Access {
        match self {
            Self::User(_) | Self::AnyUser => Access::User,
            Self::Application => Access::Application,
        }
    }
}

/// Whoever may call an operation: users by their business function, then applications.
pub fn callers(endpoint: &Endpoint) -> Vec<Caller> {
    let users = endpoint.roles.iter().copied().map(Caller::User);
    let any = endpoint.roles.is_empty().then_some(Caller::AnyUser);
    let application = endpoint.application.map(|_| Caller::Application);
    users.chain(any).chain(application).collect()
}
