//! Conditions that narrow a list.

use crate::abi::comparison::*;
use crate::host;
use crate::name::{Field, Name};
use crate::operand::{Null, Operand};

/// Begins a condition on a field: `field(published).equals(true)`.
pub fn field(field: impl Field) -> Where {
    Where {
        name: field.name(),
        any: 0,
    }
}

/// A field that is about to be compared with a boolean, a number, a text, or a
/// value that was read.
#[derive(Clone, Copy, Debug)]
pub struct Where {
    name: Name,
    any: i32,
}

impl Where {
    /// Compares so that one of several values is enough (PocketBase's `?=`, `?~`,
    /// and so on).
    pub fn any(self) -> Where {
        Where {
            any: ANY_EQUAL - EQUAL,
            ..self
        }
    }

    /// Whether the field is null.
    pub fn is_null(self) -> Condition {
        self.equals(Null)
    }

    /// Whether the field is anything but null.
    pub fn is_not_null(self) -> Condition {
        self.not_equals(Null)
    }
}

macro_rules! comparisons {
    ($( $(#[$about:meta])* $name:ident = $comparison:expr; )*) => {
        impl Where {$(
            $(#[$about])*
            pub fn $name(self, value: impl Operand) -> Condition {
                Condition(value.condition(self.name, $comparison + self.any))
            }
        )*}
    };
}

comparisons! {
    /// PocketBase's `=`.
    equals = EQUAL;
    /// PocketBase's `!=`.
    not_equals = NOT_EQUAL;
    /// PocketBase's `>`.
    greater_than = GREATER;
    /// PocketBase's `>=`.
    at_least = GREATER_OR_EQUAL;
    /// PocketBase's `<`.
    less_than = LESS;
    /// PocketBase's `<=`.
    at_most = LESS_OR_EQUAL;
    /// PocketBase's `~`: has the text as a part.
    like = LIKE;
    /// PocketBase's `!~`: doesn't have the text as a part.
    not_like = NOT_LIKE;
}

/// A condition on the records of a list.
#[derive(Clone, Copy, Debug)]
#[must_use = "a condition counts when a list is narrowed by it"]
pub struct Condition(pub(crate) i32);

impl Condition {
    /// Both conditions hold.
    pub fn and(self, other: Condition) -> Condition {
        Condition(host::all_of(self.0, other.0))
    }

    /// At least one of the two holds.
    pub fn or(self, other: Condition) -> Condition {
        Condition(host::any_of(self.0, other.0))
    }
}
