//! An invented call as an example.

use super::caller::Caller;
use super::cast::Cast;
use crate::call::{Answer, Call, Context, Direction};
use crate::service::Endpoint;

/// An invented call as an example, with its context.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The operation.
    pub endpoint: &'static Endpoint,
    /// Who calls.
    pub caller: Caller,
    /// Whether the example is about the request or the answer.
    pub direction: Direction,
    /// The call with its answer.
    pub call: Call,
    /// The record that the request changes, as last read, if the example is about that.
    pub current: Option<String>,
    /// The time of the call, if the example is about that.
    pub now: Option<&'static str>,
}

impl Sample {
    /// The body of the side that the example is about.
    pub fn payload(&self) -> &[u8] {
        match self.direction {
            Direction::Request => &self.call.body,
            Direction::Response => self.call.answer.as_ref().map_or(&[], |answer| &answer.body),
        }
    }

    /// The same example about the other side.
    #[must_use]
    pub fn towards(self, direction: Direction) -> Self {
        Self { direction, ..self }
    }

    /// The call as a check takes it.
    pub fn context(&self) -> Context {
        let Call { method, url, headers, body, answer } = &self.call;
        let context = Context {
            role: self.caller.role(),
            access: Some(self.caller.access()),
            headers: headers.clone(),
            method: Some(method.clone()),
            url: Some(url.clone()),
            ..Context::request(self.endpoint)
        };
        match (self.direction, answer) {
            (Direction::Response, Some(answer)) => Context {
                direction: Direction::Response,
                status: Some(answer.status),
                answer_headers: answer.headers.clone(),
                request_body: Some(body.clone().into()),
                ..context
            },
            _ => {
                Context { current: self.current.as_ref().map(|current| current.as_bytes().into()), ..context }
            }
        }
    }

    /// The same example with other names.
    pub(super) fn cast(self, cast: &Cast) -> Self {
        let pairs = |headers: Vec<(String, String)>| {
            headers.into_iter().map(|(name, value)| (name, cast.play(&value))).collect()
        };
        // All bodies are made from text.
        let body = |bytes: Vec<u8>| cast.play(&String::from_utf8_lossy(&bytes)).into_bytes();
        let Call { method, url, headers, body: sent, answer } = self.call;
        Self {
            call: Call {
                method,
                url: cast.play(&url),
                headers: pairs(headers),
                body: body(sent),
                answer: answer.map(|answer| Answer {
                    status: answer.status,
                    headers: pairs(answer.headers),
                    body: body(answer.body),
                }),
            },
            current: self.current.map(|current| cast.play(&current)),
            ..self
        }
    }
}
