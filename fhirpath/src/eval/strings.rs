//! Functions on strings. Positions and lengths count characters, not bytes.

use std::borrow::Cow;

use ers_fhir_values::codec;

use super::outcome::Result;
use super::state::{Evaluator, Scope};
use super::view::type_error;
use crate::collection::Collection;
use crate::error::EvalError;
use crate::node::Node;
use crate::pattern::{self, Pattern};
use crate::syntax::function::Function;
use crate::syntax::tree::Call;
use crate::value::Value;

/// The cost of compiling a pattern, apart from its length, in steps.
const STEPS_PER_PATTERN: u64 = 200;
/// The upper bound of that cost: a pattern that unfolds to too much is refused early.
const STEPS_PER_REFUSAL: u64 = 20_000;
/// How many combinations of a pattern state and a byte of text are tried in one step.
const STATES_PER_STEP: u64 = 1024;

impl<'e, N: Node> Evaluator<'e, N> {
    /// The text that a function applies to: a string, or any FHIR primitive.
    fn subject<'v>(&self, value: &'v Value<'e, N>, call: &Call) -> Result<&'v str> {
        value.text().ok_or_else(|| type_error(call.function.name(), &self.view(value)))
    }

    /// The input of a function; `None` where it is an element without a value.
    fn input(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Option<Value<'e, N>>> {
        let input = self.single(&call.input, scope, call.function.name())?;
        Ok(input.filter(|input| !self.is_without_value(input)))
    }

    /// `startsWith()`, `endsWith()`, `contains()`
    pub(super) fn text_test(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Option<bool>> {
        let Some(input) = self.input(call, scope)? else { return Ok(None) };
        let Some(part) = self.argument(call, 0, scope)? else { return Ok(None) };
        let (text, part) = (self.subject(&input, call)?, self.subject(&part, call)?);
        self.read(text.len())?;
        Ok(Some(match call.function {
            Function::StartsWith => text.starts_with(part),
            Function::EndsWith => text.ends_with(part),
            _ => text.contains(part),
        }))
    }

    /// The compiled pattern of a call; compiled now if it was not a literal.
    fn pattern(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Option<Cow<'e, Pattern>>> {
        if let Some(pattern) = &call.pattern {
            return Ok(Some(Cow::Borrowed(pattern)));
        }
        let Some(text) = self.argument(call, 0, scope)? else { return Ok(None) };
        let text = self.subject(&text, call)?;
        // It is compiled each time, and a short pattern may unfold to a long one.
        self.charge(STEPS_PER_PATTERN + pattern::size(text).min(STEPS_PER_REFUSAL))?;
        let compiled = Pattern::read(text, call.function == Function::MatchesFull);
        compiled.map(|pattern| Some(Cow::Owned(pattern))).map_err(|reason| EvalError::Regex(reason).into())
    }

    /// Counts the cost of a search, which may take time proportional to the product of both sizes.
    fn search(&self, pattern: &Pattern, text: &str) -> Result<()> {
        self.charge(pattern::size(pattern.text()).saturating_mul(text.len() as u64) / STATES_PER_STEP)
    }

    /// `matches()`, `matchesFull()`
    pub(super) fn matches(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Option<bool>> {
        let Some(input) = self.input(call, scope)? else { return Ok(None) };
        let text = self.subject(&input, call)?;
        let Some(pattern) = self.pattern(call, scope)? else { return Ok(None) };
        self.search(&pattern, text)?;
        Ok(Some(pattern.is_match(text)))
    }

    /// The functions from one string to one value.
    pub(super) fn text_function(
        &self,
        call: &'e Call,
        scope: Scope<'_, 'e, N>,
    ) -> Result<Option<Value<'e, N>>> {
        use Function as F;
        let Some(input) = self.input(call, scope)? else { return Ok(None) };
        let text = self.subject(&input, call)?;
        if call.function == F::Substring {
            return self.substring(text, call, scope)?.map(|part| self.string(part.to_owned())).transpose();
        }
        if call.function == F::ReplaceMatches {
            return self.replace_matches(text, call, scope);
        }
        let arguments = [self.argument(call, 0, scope)?, self.argument(call, 1, scope)?];
        let mut texts = [""; 2];
        for (index, slot) in texts.iter_mut().enumerate().take(call.arguments.len()) {
            match &arguments[index] {
                Some(value) => *slot = self.subject(value, call)?,
                None => return Ok(None),
            }
        }
        let [first, second] = texts;
        self.read(text.len())?;
        let result = match call.function {
            F::IndexOf => return Ok(Some(Value::Integer(position(text, text.find(first))))),
            F::LastIndexOf => return Ok(Some(Value::Integer(position(text, text.rfind(first))))),
            F::Length => return Ok(Some(Value::Integer(position(text, Some(text.len()))))),
            F::Upper => Some(text.to_uppercase()),
            F::Lower => Some(text.to_lowercase()),
            F::Trim => Some(text.trim().to_owned()),
            F::Replace => {
                // Every character may become a long text: count the growth before building the result.
                let growth = text.matches(first).count().saturating_mul(second.len());
                self.charge(growth as u64 / super::state::BYTES_PER_STEP)?;
                Some(text.replace(first, second))
            }
            F::Encode => codec::encode(text, first),
            F::Decode => codec::decode(text, first),
            F::Escape => codec::escape(text, first),
            F::Unescape => codec::unescape(text, first),
            _ => None,
        };
        result.map(|text| self.string(text)).transpose()
    }

    /// Empty when the start lies outside the text.
    fn substring<'v>(
        &self,
        text: &'v str,
        call: &'e Call,
        scope: Scope<'_, 'e, N>,
    ) -> Result<Option<&'v str>> {
        let Some(start) = self.integer_argument(call, 0, scope)? else { return Ok(None) };
        let Ok(start) = usize::try_from(start) else { return Ok(None) };
        self.read(start.min(text.len()))?;
        let Some((from, _)) = text.char_indices().nth(start) else { return Ok(None) };
        let rest = &text[from..];
        let Some(length) = self.integer_argument(call, 1, scope)? else { return Ok(Some(rest)) };
        let length = usize::try_from(length).unwrap_or(0);
        Ok(Some(rest.char_indices().nth(length).map_or(rest, |(end, _)| &rest[..end])))
    }

    fn replace_matches(
        &self,
        text: &str,
        call: &'e Call,
        scope: Scope<'_, 'e, N>,
    ) -> Result<Option<Value<'e, N>>> {
        let Some(substitution) = self.argument(call, 1, scope)? else { return Ok(None) };
        let Some(pattern) = self.pattern(call, scope)? else { return Ok(None) };
        let substitution = self.subject(&substitution, call)?;
        // An empty pattern matches nothing here, unlike in replace().
        self.search(&pattern, text)?;
        let replaced = if pattern.text().is_empty() {
            text.to_owned()
        } else {
            self.charge(STEPS_PER_PATTERN + pattern::size(pattern.text()))?;
            let regex = pattern.regex().map_err(EvalError::Regex)?;
            // Count the growth before building the result, except for groups, each of which is a part of the text.
            let matches = regex.find_iter(text).count();
            self.read(matches.saturating_mul(substitution.len()))?;
            let groups = substitution.matches('$').count();
            self.read(groups.saturating_mul(text.len()))?;
            regex.replace_all(text, substitution).into_owned()
        };
        self.string(replaced).map(Some)
    }

    /// `toChars()`, `split()`
    pub(super) fn pieces(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Collection<'e, N>> {
        let Some(input) = self.input(call, scope)? else { return Ok(Collection::new()) };
        let text = self.subject(&input, call)?;
        let piece = |part: &str| Value::String(part.to_owned().into());
        if call.function == Function::ToChars {
            self.charge(text.len() as u64)?;
            return Ok(text.chars().map(|c| piece(c.encode_utf8(&mut [0; 4]))).collect());
        }
        let Some(separator) = self.argument(call, 0, scope)? else { return Ok(Collection::new()) };
        let separator = self.subject(&separator, call)?;
        self.read(text.len())?;
        let mut pieces = Collection::new();
        for part in text.split(separator) {
            self.tick()?;
            pieces.push(piece(part));
        }
        Ok(pieces)
    }

    /// `join()`
    pub(super) fn join(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Option<Value<'e, N>>> {
        let separator = self.argument(call, 0, scope)?;
        let separator = match &separator {
            Some(value) => self.subject(value, call)?,
            None => "",
        };
        let items = self.eval(&call.input, scope)?;
        if items.is_empty() {
            return Ok(None);
        }
        let mut parts = Vec::with_capacity(items.len());
        for item in &items {
            match item {
                // A primitive with extensions but no value has nothing to join.
                Value::Node(node) if node.text().is_none() => {}
                other => parts.push(self.subject(other, call)?),
            }
        }
        self.string(parts.join(separator)).map(Some)
    }
}

/// The number of characters before a byte position, -1 for none.
fn position(text: &str, at: Option<usize>) -> i64 {
    at.map_or(-1, |at| i64::try_from(text[..at].chars().count()).unwrap_or(i64::MAX))
}
