//! The functions of the language, by name and number of arguments.

/// A function that an expression can call.
///
/// `is`, `as` and `ofType` are not here: they take a type, not a value
/// ([`TypeTest`](crate::TypeTest)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of the specification")]
#[non_exhaustive]
pub enum Function {
    Empty,
    Exists,
    All,
    AllTrue,
    AnyTrue,
    AllFalse,
    AnyFalse,
    SubsetOf,
    SupersetOf,
    Count,
    Distinct,
    IsDistinct,
    Not,
    Where,
    Select,
    Repeat,
    Aggregate,
    Sort,
    Single,
    First,
    Last,
    Tail,
    Skip,
    Take,
    Intersect,
    Exclude,
    Union,
    Combine,
    Iif,
    ToBoolean,
    ToInteger,
    ToDecimal,
    ToText,
    ToDate,
    ToDateTime,
    ToTime,
    ToQuantity,
    ConvertsToBoolean,
    ConvertsToInteger,
    ConvertsToDecimal,
    ConvertsToString,
    ConvertsToDate,
    ConvertsToDateTime,
    ConvertsToTime,
    ConvertsToQuantity,
    IndexOf,
    LastIndexOf,
    Substring,
    StartsWith,
    EndsWith,
    Contains,
    Upper,
    Lower,
    Replace,
    Matches,
    MatchesFull,
    ReplaceMatches,
    Length,
    ToChars,
    Trim,
    Split,
    Join,
    Encode,
    Decode,
    Escape,
    Unescape,
    Abs,
    Ceiling,
    Exp,
    Floor,
    Ln,
    Log,
    Power,
    Round,
    Sqrt,
    Truncate,
    LowBoundary,
    HighBoundary,
    Precision,
    Comparable,
    Children,
    Descendants,
    Type,
    Trace,
    Now,
    Today,
    TimeOfDay,
    Extension,
    HasValue,
    GetValue,
    Resolve,
    ConformsTo,
    MemberOf,
    Subsumes,
    SubsumedBy,
    HtmlChecks,
    ElementDefinition,
    Slice,
    CheckModifiers,
}

/// Name, function, fewest and most arguments.
const FUNCTIONS: &[(&str, Function, usize, usize)] = &[
    ("empty", Function::Empty, 0, 0),
    ("exists", Function::Exists, 0, 1),
    ("all", Function::All, 0, 1),
    ("allTrue", Function::AllTrue, 0, 0),
    ("anyTrue", Function::AnyTrue, 0, 0),
    ("allFalse", Function::AllFalse, 0, 0),
    ("anyFalse", Function::AnyFalse, 0, 0),
    ("subsetOf", Function::SubsetOf, 1, 1),
    ("supersetOf", Function::SupersetOf, 1, 1),
    ("count", Function::Count, 0, 0),
    ("distinct", Function::Distinct, 0, 0),
    ("isDistinct", Function::IsDistinct, 0, 0),
    ("not", Function::Not, 0, 0),
    ("where", Function::Where, 1, 1),
    ("select", Function::Select, 1, 1),
    ("repeat", Function::Repeat, 1, 1),
    ("aggregate", Function::Aggregate, 1, 2),
    ("sort", Function::Sort, 0, 9),
    ("single", Function::Single, 0, 0),
    ("first", Function::First, 0, 0),
    ("last", Function::Last, 0, 0),
    ("tail", Function::Tail, 0, 0),
    ("skip", Function::Skip, 1, 1),
    ("take", Function::Take, 1, 1),
    ("intersect", Function::Intersect, 1, 1),
    ("exclude", Function::Exclude, 1, 1),
    ("union", Function::Union, 1, 1),
    ("combine", Function::Combine, 1, 1),
    ("iif", Function::Iif, 2, 3),
    ("toBoolean", Function::ToBoolean, 0, 0),
    ("toInteger", Function::ToInteger, 0, 0),
    ("toDecimal", Function::ToDecimal, 0, 0),
    ("toString", Function::ToText, 0, 0),
    ("toDate", Function::ToDate, 0, 0),
    ("toDateTime", Function::ToDateTime, 0, 0),
    ("toTime", Function::ToTime, 0, 0),
    ("toQuantity", Function::ToQuantity, 0, 1),
    ("convertsToBoolean", Function::ConvertsToBoolean, 0, 0),
    ("convertsToInteger", Function::ConvertsToInteger, 0, 0),
    ("convertsToDecimal", Function::ConvertsToDecimal, 0, 0),
    ("convertsToString", Function::ConvertsToString, 0, 0),
    ("convertsToDate", Function::ConvertsToDate, 0, 0),
    ("convertsToDateTime", Function::ConvertsToDateTime, 0, 0),
    ("convertsToTime", Function::ConvertsToTime, 0, 0),
    ("convertsToQuantity", Function::ConvertsToQuantity, 0, 1),
    ("indexOf", Function::IndexOf, 1, 1),
    ("lastIndexOf", Function::LastIndexOf, 1, 1),
    ("substring", Function::Substring, 1, 2),
    ("startsWith", Function::StartsWith, 1, 1),
    ("endsWith", Function::EndsWith, 1, 1),
    ("contains", Function::Contains, 1, 1),
    ("upper", Function::Upper, 0, 0),
    ("lower", Function::Lower, 0, 0),
    ("replace", Function::Replace, 2, 2),
    ("matches", Function::Matches, 1, 1),
    ("matchesFull", Function::MatchesFull, 1, 1),
    ("replaceMatches", Function::ReplaceMatches, 2, 2),
    ("length", Function::Length, 0, 0),
    ("toChars", Function::ToChars, 0, 0),
    ("trim", Function::Trim, 0, 0),
    ("split", Function::Split, 1, 1),
    ("join", Function::Join, 0, 1),
    ("encode", Function::Encode, 1, 1),
    ("decode", Function::Decode, 1, 1),
    ("escape", Function::Escape, 1, 1),
    ("unescape", Function::Unescape, 1, 1),
    ("abs", Function::Abs, 0, 0),
    ("ceiling", Function::Ceiling, 0, 0),
    ("exp", Function::Exp, 0, 0),
    ("floor", Function::Floor, 0, 0),
    ("ln", Function::Ln, 0, 0),
    ("log", Function::Log, 1, 1),
    ("power", Function::Power, 1, 1),
    ("round", Function::Round, 0, 1),
    ("sqrt", Function::Sqrt, 0, 0),
    ("truncate", Function::Truncate, 0, 0),
    ("lowBoundary", Function::LowBoundary, 0, 1),
    ("highBoundary", Function::HighBoundary, 0, 1),
    ("precision", Function::Precision, 0, 0),
    ("comparable", Function::Comparable, 1, 1),
    ("children", Function::Children, 0, 0),
    ("descendants", Function::Descendants, 0, 0),
    ("type", Function::Type, 0, 0),
    ("trace", Function::Trace, 1, 2),
    ("now", Function::Now, 0, 0),
    ("today", Function::Today, 0, 0),
    ("timeOfDay", Function::TimeOfDay, 0, 0),
    ("extension", Function::Extension, 1, 1),
    ("hasValue", Function::HasValue, 0, 0),
    ("getValue", Function::GetValue, 0, 0),
    ("resolve", Function::Resolve, 0, 0),
    ("conformsTo", Function::ConformsTo, 1, 1),
    ("memberOf", Function::MemberOf, 1, 1),
    ("subsumes", Function::Subsumes, 1, 1),
    ("subsumedBy", Function::SubsumedBy, 1, 1),
    ("htmlChecks", Function::HtmlChecks, 0, 0),
    ("elementDefinition", Function::ElementDefinition, 0, 0),
    ("slice", Function::Slice, 2, 2),
    ("checkModifiers", Function::CheckModifiers, 0, 9),
];

/// Names of the STU3 era.
const OLD_NAMES: [(&str, Function); 9] = [
    ("htmlchecks", Function::HtmlChecks),
    ("isBoolean", Function::ConvertsToBoolean),
    ("isInteger", Function::ConvertsToInteger),
    ("isDecimal", Function::ConvertsToDecimal),
    ("isString", Function::ConvertsToString),
    ("isDate", Function::ConvertsToDate),
    ("isDateTime", Function::ConvertsToDateTime),
    ("isTime", Function::ConvertsToTime),
    ("isQuantity", Function::ConvertsToQuantity),
];

impl Function {
    /// The function of this name, which is case-sensitive.
    pub fn from_name(name: &str) -> Option<Self> {
        let current = FUNCTIONS.iter().find(|entry| entry.0 == name).map(|entry| entry.1);
        current.or_else(|| OLD_NAMES.iter().find(|entry| entry.0 == name).map(|entry| entry.1))
    }

    /// Its name in the specification.
    pub fn name(self) -> &'static str {
        self.entry().0
    }

    /// How many arguments it takes, at least and at most.
    pub(crate) fn arity(self) -> (usize, usize) {
        let (_, _, fewest, most) = self.entry();
        (fewest, most)
    }

    /// Whether its first argument is a regular expression.
    pub(crate) fn takes_pattern(self) -> bool {
        matches!(self, Self::Matches | Self::MatchesFull | Self::ReplaceMatches)
    }

    fn entry(self) -> (&'static str, Self, usize, usize) {
        // The table lists the variants in order of declaration.
        FUNCTIONS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_follows_the_declaration() {
        for (name, function, fewest, most) in FUNCTIONS {
            assert!(fewest <= most);
            assert_eq!(Function::from_name(name), Some(*function));
            assert_eq!(function.name(), *name);
        }
    }
}
