//! Numbers with a fixed count of digits, which people write in groups.

use super::error::Problem;

/// A number of `N` digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Digits<const N: usize>([u8; N]);

impl<const N: usize> Digits<N> {
    /// Reads `N` digits in one piece, or in groups of these sizes separated by a space or hyphen.
    pub(super) fn parse(text: &str, groups: &[usize]) -> Result<Self, Problem> {
        let length = text.chars().count();
        let gaps = if length == N { Vec::new() } else { gaps(groups) };
        if length != N + gaps.len() {
            return Err(Problem::Length(length));
        }
        let is_right = |(place, c): (usize, char)| {
            if gaps.contains(&place) { matches!(c, ' ' | '-') } else { c.is_ascii_digit() }
        };
        if let Some(place) = text.chars().enumerate().position(|found| !is_right(found)) {
            return Err(Problem::Character(place + 1));
        }
        let mut digits = [b'0'; N];
        let given = text.bytes().filter(u8::is_ascii_digit);
        digits.iter_mut().zip(given).for_each(|(digit, given)| *digit = given);
        Ok(Self(digits))
    }

    pub(super) fn bytes(&self) -> &[u8; N] {
        &self.0
    }

    pub(super) fn as_str(&self) -> &str {
        // Digits are ASCII, so this cannot fail.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The digits in groups of these sizes, separated by spaces.
    pub(super) fn grouped(&self, groups: &[usize]) -> String {
        let mut rest = self.as_str();
        let mut parts = Vec::with_capacity(groups.len());
        for size in groups {
            let (part, after) = rest.split_at_checked(*size).unwrap_or((rest, ""));
            parts.push(part);
            rest = after;
        }
        parts.join(" ")
    }
}

/// The positions of the separators between groups of these sizes.
fn gaps(groups: &[usize]) -> Vec<usize> {
    let mut gaps = Vec::new();
    let mut end = 0;
    for size in groups.iter().take(groups.len().saturating_sub(1)) {
        end += size;
        gaps.push(end);
        end += 1;
    }
    gaps
}
