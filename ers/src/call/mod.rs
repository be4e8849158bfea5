//! A call of e-RS as an HTTP exchange, and what is known about the call that a payload belongs to.

mod context;
mod foreign;
pub(crate) mod nearest;
mod operation;
pub(crate) mod url;

pub use context::{Context, Direction};
pub(crate) use foreign::Foreign;
pub use nearest::Difference;
pub use operation::NoOperation;

use crate::service::Endpoint;

/// One HTTP exchange: the request, and the answer if it is known.
///
/// ```
/// use ers_fhir_ers::Call;
///
/// let call = Call::new("PUT", "https://api.service.nhs.uk/referrals/FHIR/STU3/Appointment/70000");
/// assert_eq!(call.operation().expect("it is one of e-RS").id, "A034");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Call {
    /// Method.
    pub method: String,
    /// Address: absolute, or from the path on.
    pub url: String,
    /// Headers of the request.
    pub headers: Vec<(String, String)>,
    /// Body of the request.
    pub body: Vec<u8>,
    /// The answer.
    pub answer: Option<Answer>,
}

/// The answer to a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Call {
    /// A call without headers or body, whose answer is not known.
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        Self { method: method.into(), url: url.into(), ..Self::default() }
    }

    /// The operation that is called, by method and path.
    ///
    /// # Errors
    ///
    /// If it is not a call of e-RS; the error names the nearest operation.
    pub fn operation(&self) -> Result<&'static Endpoint, NoOperation> {
        operation::of(Some(&self.method), &self.url)
    }

    /// The request, as a check takes it.
    ///
    /// # Errors
    ///
    /// If the call is none of e-RS.
    pub fn request(&self) -> Result<Context, NoOperation> {
        Ok(self.context(Context::request(self.operation()?)))
    }

    /// The answer, as a check takes it; `None` if there is none.
    ///
    /// # Errors
    ///
    /// If the call is none of e-RS.
    pub fn response(&self) -> Result<Option<Context>, NoOperation> {
        let endpoint = self.operation()?;
        let Some(answer) = &self.answer else { return Ok(None) };
        let context = self.context(Context::response(endpoint));
        Ok(Some(Context {
            status: Some(answer.status),
            answer_headers: answer.headers.clone(),
            request_body: Some(self.body.clone().into()),
            ..context
        }))
    }

    fn context(&self, context: Context) -> Context {
        Context {
            method: Some(self.method.clone()),
            url: Some(self.url.clone()),
            headers: self.headers.clone(),
            ..context
        }
    }
}

/// The operation that a method and a URL call.
///
/// # Errors
///
/// If they call no operation of e-RS.
pub fn operation_of(method: Option<&str>, url: &str) -> Result<&'static Endpoint, NoOperation> {
    operation::of(method, url)
}
