//! One method for each operation of the service: what is sent and what comes back as types of the model, path, query and
//! headers as types of this crate, and who may call as a bound.

mod advice;
mod appointments;
mod files;
mod referrals;
mod reviews;
mod services;
mod users;

use ers_fhir_model::ers::Operation;
use ers_fhir_model::runtime::{Json, Value};

use super::request::Request;

/// A request of an operation.
fn to<O: Operation>() -> Request {
    Request::of(O::ID, false).expect("the tables have every operation")
}

/// A request of the operation that reads a given version.
fn to_version<O: Operation>() -> Request {
    Request::of(O::ID, true).expect("the tables have every operation")
}

/// A request that carries a resource.
fn with<O: Operation<Request = R>, R: Value>(body: &R) -> Request {
    to::<O>().json(body.to_json_bytes())
}

/// Methods of the client and of the blocking client.
macro_rules! operations {
    ($(
        $(#[$doc:meta])*
        $name:ident($($argument:ident: $type:ty),*) $operation:ident, $receive:ident => $answer:ty, $request:expr;
    )*) => {
        impl<W: crate::client::caller::Who> crate::client::calling::Client<W> {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                ///
                /// If it is not sent, does not succeed, or the answer cannot be read.
                pub async fn $name(&self $(, $argument: $type)*) -> Result<$answer, crate::client::error::Error>
                where
                    W: crate::client::may::May<$operation>,
                {
                    crate::client::receive::$receive(self.send($request).await?).await
                }
            )*
        }

        #[cfg(feature = "blocking")]
        impl<W: crate::client::caller::Who> crate::client::blocking::Client<W> {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                ///
                /// If it is not sent, does not succeed, or the answer cannot be read.
                pub fn $name(&self $(, $argument: $type)*) -> Result<$answer, crate::client::error::Error>
                where
                    W: crate::client::may::May<$operation>,
                {
                    let client = self.client();
                    self.wait(async move { crate::client::receive::$receive(client.send($request).await?).await })
                }
            )*
        }
    };
}
use operations;
