//! Values that the host keeps.

use core::cmp::Ordering;
use core::fmt;

use crate::abi::kind;
use crate::host;
use crate::name::{Field, Name};
use crate::text::Text;

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind(i32);

#[allow(missing_docs)]
impl Kind {
    pub const ABSENT: Kind = Kind(kind::ABSENT);
    pub const NULL: Kind = Kind(kind::NULL);
    pub const BOOLEAN: Kind = Kind(kind::BOOLEAN);
    pub const NUMBER: Kind = Kind(kind::NUMBER);
    pub const TEXT: Kind = Kind(kind::TEXT);
    pub const LIST: Kind = Kind(kind::LIST);
    pub const OBJECT: Kind = Kind(kind::OBJECT);
}

/// A value, or the absence of one.
///
/// `==` asks the host: two values are equal when they are of the same kind and
/// have the same content. An absent value equals nothing, another absent one
/// included, so a guest's missing id never equals a missing author.
#[derive(Clone, Copy)]
pub struct Value(pub(crate) i32);

impl Value {
    pub(crate) fn of_root(root: i32) -> Value {
        Value(host::root(root))
    }

    /// What the value is.
    pub fn kind(self) -> Kind {
        Kind(host::kind(self.0))
    }

    /// Whether there is a value at all; null is one.
    pub fn exists(self) -> bool {
        self.0 != 0
    }

    /// Whether the value is null. An absent one is not.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::NULL
    }

    /// Whether nothing is in it: absent, null, white space alone, an empty list
    /// or an empty object.
    pub fn is_blank(self) -> bool {
        host::blank(self.0) != 0
    }

    /// A field of an object. Absent when there is none, and of null or an absent
    /// value; traps for other kinds.
    pub fn get(self, field: impl Field) -> Value {
        Value(host::get(self.0, field.name().0))
    }

    /// A field of an object by a name that the policy didn't declare, such as
    /// `c.request().named("address")`; slower than [`get`](Value::get).
    pub fn named(self, name: &str) -> Value {
        Value(host::get_text(self.0, name))
    }

    /// The item of a list, or the value of an object's field, counted from 0.
    /// Absent past the end.
    pub fn at(self, index: usize) -> Value {
        Value(host::at(self.0, index as i32))
    }

    /// The name of an object's field, counted from 0 in the order of the schema.
    pub fn key(self, index: usize) -> Value {
        Value(host::key(self.0, index as i32))
    }

    /// Items of a list, fields of an object, Unicode code points of a text; 0 of
    /// an absent value or null; traps for booleans and numbers.
    pub fn size(self) -> usize {
        host::size(self.0) as usize
    }

    /// The items of a list, or the values of an object's fields.
    pub fn items(self) -> Items {
        Items {
            value: self,
            next: 0,
            size: self.size(),
        }
    }

    /// The text, or `None` when the value is absent or null; traps when it is
    /// neither that nor a text.
    pub fn text(self) -> Option<Text> {
        host::read(self.0)
    }

    /// The number; traps when the value isn't one.
    pub fn number(self) -> f64 {
        host::number(self.0)
    }

    /// The number; traps when the value isn't a whole one below 2^53 either way.
    pub fn integer(self) -> i64 {
        host::integer(self.0)
    }

    /// Whether the value is the boolean true; false for anything else.
    pub fn is_true(self) -> bool {
        self == true
    }

    /// The boolean; traps when the value isn't one.
    pub fn boolean(self) -> bool {
        host::boolean(self.0) != 0
    }

    /// How two numbers or two texts compare; traps for anything else.
    pub fn compare(self, other: Value) -> Ordering {
        host::compare(self.0, other.0).cmp(&0)
    }

    /// Whether a list has the item, or a text the part; false when either is
    /// absent.
    pub fn contains(self, item: Value) -> bool {
        host::contains(self.0, item.0) != 0
    }

    /// Whether a list has the text, or a text the part; false when absent.
    pub fn contains_text(self, text: &str) -> bool {
        host::contains_text(self.0, text) != 0
    }

    /// Whether a text matches a pattern, in which `*` stands for any characters
    /// and `?` for one; false when absent.
    pub fn matches(self, pattern: &str) -> bool {
        host::glob(self.0, pattern) != 0
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        host::equals(self.0, other.0) != 0
    }
}

impl PartialEq<str> for Value {
    fn eq(&self, other: &str) -> bool {
        host::equals_text(self.0, other) != 0
    }
}

impl PartialEq<&str> for Value {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl PartialEq<Value> for str {
    fn eq(&self, other: &Value) -> bool {
        other == self
    }
}

impl PartialEq<Value> for &str {
    fn eq(&self, other: &Value) -> bool {
        other == self
    }
}

impl PartialEq<bool> for Value {
    fn eq(&self, other: &bool) -> bool {
        self.kind() == Kind::BOOLEAN && self.boolean() == *other
    }
}

impl PartialEq<f64> for Value {
    fn eq(&self, other: &f64) -> bool {
        self.kind() == Kind::NUMBER && self.number() == *other
    }
}

impl<const LINES: u8> PartialEq<Name<LINES>> for Value {
    fn eq(&self, other: &Name<LINES>) -> bool {
        host::equals_name(self.0, other.0) != 0
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self.kind() {
            Kind::ABSENT => "absent",
            Kind::NULL => "null",
            Kind::BOOLEAN if self.boolean() => "true",
            Kind::BOOLEAN => "false",
            Kind::TEXT => self.text().unwrap_or(""),
            Kind::NUMBER => return fmt::Display::fmt(&self.number(), f),
            Kind::LIST => return f.debug_list().entries(self.items()).finish(),
            _ => return object(*self, f),
        })
    }
}

fn object(value: Value, f: &mut fmt::Formatter) -> fmt::Result {
    let fields = (0..value.size()).map(|i| (value.key(i), value.at(i)));
    f.debug_map().entries(fields).finish()
}

/// The items of a list; see [`Value::items`].
#[derive(Clone, Debug)]
pub struct Items {
    value: Value,
    next: usize,
    size: usize,
}

impl Iterator for Items {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        if self.next == self.size {
            return None;
        }
        self.next += 1;
        Some(self.value.at(self.next - 1))
    }
}
