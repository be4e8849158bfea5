//! Places of keys and values in the text of a file.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The places of the tables of a list.
pub(super) fn tables(text: &str, list: &str) -> Vec<Range<usize>> {
    let Ok(table) = DeTable::parse(text) else { return Vec::new() };
    match table.get_ref().get(list).map(Spanned::get_ref) {
        Some(DeValue::Array(items)) => items.iter().map(Spanned::span).collect(),
        _ => Vec::new(),
    }
}

/// The place of the value of a key in one of those tables.
pub(super) fn value(text: &str, list: &str, at: usize, key: &str) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let DeValue::Array(items) = table.get_ref().get(list)?.get_ref() else { return None };
    let DeValue::Table(item) = items.get(at)?.get_ref() else { return None };
    Some(item.get(key)?.span().start)
}

/// The place where a key has a matching value, anywhere in the file: a text, an item of a list, or a key of a table.
pub(super) fn said(text: &str, key: &str, fits: &dyn Fn(&str) -> bool) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    in_table(table.get_ref(), key, fits)
}

fn in_table(table: &DeTable<'_>, key: &str, fits: &dyn Fn(&str) -> bool) -> Option<usize> {
    table.iter().find_map(|(name, value)| {
        let is_it = name.get_ref() == key;
        match value.get_ref() {
            DeValue::String(text) => (is_it && fits(text)).then(|| value.span().start),
            DeValue::Table(inner) => {
                let named = inner.keys().find(|name| is_it && fits(name.get_ref()));
                named.map(|name| name.span().start).or_else(|| in_table(inner, key, fits))
            }
            DeValue::Array(items) => items.iter().find_map(|item| match item.get_ref() {
                DeValue::String(text) => (is_it && fits(text)).then(|| item.span().start),
                DeValue::Table(inner) => in_table(inner, key, fits),
                _ => None,
            }),
            _ => None,
        }
    })
}
