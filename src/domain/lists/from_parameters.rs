//! Strict reading of queries, one parameter at a time.

use super::parameter::{BadValue, MAX_INTEGER, Parameter, Reason};
use crate::domain::paging::MAX_LIMIT;
use crate::domain::viewer::Role;

/// A query that is read from pairs of names and values.
pub trait FromParameters: Default + PartialEq {
    /// Reads one value; returns the reason if it is refused.
    fn read(&mut self, parameter: Parameter, typed: &str) -> Result<(), Reason>;

    /// Returns one of two values that are valid alone and contradict each other.
    fn contradiction(&self) -> Option<BadValue> {
        None
    }

    /// Reads the `accepted` parameters; others are ignored, and an empty value counts as left out.
    /// Returns refused values beside what could be read.
    fn read_all<K, V>(
        pairs: impl IntoIterator<Item = (K, V)>,
        accepted: &[Parameter],
    ) -> (Self, Vec<BadValue>)
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        let mut question = Self::default();
        let mut values: Vec<BadValue> = Vec::new();
        let mut seen: Vec<Parameter> = Vec::new();

        for (name, value) in pairs {
            let typed = value.as_ref();
            let Some(parameter) = Parameter::named(name.as_ref()) else { continue };
            if typed.is_empty() || !accepted.contains(&parameter) {
                continue;
            }
            let read = if seen.contains(&parameter) {
                Err(Reason::Repeated)
            } else {
                seen.push(parameter);
                question.read(parameter, typed)
            };
            if let Err(reason) = read {
                values.push(BadValue { parameter, typed: typed.to_owned(), reason });
            }
        }
        values.extend(question.contradiction());
        (question, values)
    }
}

pub(crate) fn id(typed: &str) -> Result<i64, Reason> {
    integer(typed, MAX_INTEGER).and_then(|id| i64::try_from(id).ok()).ok_or(Reason::NotAnInteger)
}

pub(crate) fn page(typed: &str) -> Result<u64, Reason> {
    integer(typed, MAX_INTEGER).ok_or(Reason::NotAnInteger)
}

pub(crate) fn limit(typed: &str) -> Result<u64, Reason> {
    integer(typed, MAX_LIMIT).ok_or(Reason::NotALimit)
}

/// Digits only: no sign, no blank, no exponent.
fn integer(typed: &str, max: u64) -> Option<u64> {
    let plain = typed.bytes().all(|byte| byte.is_ascii_digit());
    let value: u64 = plain.then(|| typed.parse().ok()).flatten()?;
    (1..=max).contains(&value).then_some(value)
}

pub(crate) fn role(typed: &str) -> Result<Role, Reason> {
    typed.parse().map_err(|_| Reason::NotARole)
}
