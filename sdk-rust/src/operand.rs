//! What can be written to a field, or compared with one in a filter.

use crate::host;
use crate::name::Name;
use crate::value::Value;

/// A boolean, a number, a text, [`Null`], or a [`Value`] that was read.
pub trait Operand {
    #[doc(hidden)]
    fn set(self, name: Name);
    #[doc(hidden)]
    fn condition(self, name: Name, comparison: i32) -> i32;
}

/// Null, to be written or compared with.
#[derive(Clone, Copy, Debug)]
pub struct Null;

impl Operand for Null {
    fn set(self, name: Name) {
        host::set_null(name.0)
    }
    fn condition(self, name: Name, comparison: i32) -> i32 {
        host::where_null(name.0, comparison)
    }
}

impl Operand for bool {
    fn set(self, name: Name) {
        host::set_bool(name.0, i32::from(self))
    }
    fn condition(self, name: Name, comparison: i32) -> i32 {
        host::where_bool(name.0, comparison, i32::from(self))
    }
}

impl Operand for f64 {
    fn set(self, name: Name) {
        host::set_number(name.0, self)
    }
    fn condition(self, name: Name, comparison: i32) -> i32 {
        host::where_number(name.0, comparison, self)
    }
}

impl Operand for i32 {
    fn set(self, name: Name) {
        f64::from(self).set(name)
    }
    fn condition(self, name: Name, comparison: i32) -> i32 {
        f64::from(self).condition(name, comparison)
    }
}

impl Operand for &str {
    fn set(self, name: Name) {
        host::set_text(name.0, self)
    }
    fn condition(self, name: Name, comparison: i32) -> i32 {
        host::where_text(name.0, comparison, self)
    }
}

impl Operand for Value {
    fn set(self, name: Name) {
        host::set_value(name.0, self.0)
    }
    fn condition(self, name: Name, comparison: i32) -> i32 {
        host::where_value(name.0, comparison, self.0)
    }
}
