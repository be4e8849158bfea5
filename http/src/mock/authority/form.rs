//! The parameters of a form or a query.

use super::refused::Refused;
use crate::engine::query::pairs;

/// The parameters of a form or a query; each name occurs once.
pub(in crate::mock) struct Form(Vec<(String, String)>);

impl Form {
    pub(in crate::mock) fn read(text: &str) -> Result<Self, Refused> {
        let all = pairs(text);
        let is_repeated = |at: usize, name: &String| all[..at].iter().any(|(before, _)| before == name);
        if all.iter().enumerate().any(|(at, (name, _))| is_repeated(at, name)) {
            return Err(Refused::request("a parameter occurs twice"));
        }
        Ok(Self(all))
    }

    /// The value of a parameter; `None` if it is empty.
    pub(in crate::mock) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub(super) fn wanted(&self, name: &'static str) -> Result<&str, Refused> {
        self.get(name).ok_or_else(|| Refused::request(format!("{name} is missing")))
    }
}
