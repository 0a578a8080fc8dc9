//! The fields that are to be written.

use crate::abi::modifier;
use crate::host;
use crate::name::{Field, Set, Undeclared};
use crate::text::Text;
use crate::value::Value;

/// How an incoming field changes the stored one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Modifier(i32);

impl Modifier {
    /// `field`, and where the field doesn't come at all.
    pub const NONE: Modifier = Modifier(modifier::NONE);
    /// `field+`
    pub const APPEND: Modifier = Modifier(modifier::APPEND);
    /// `+field`
    pub const PREPEND: Modifier = Modifier(modifier::PREPEND);
    /// `field-`
    pub const REMOVE: Modifier = Modifier(modifier::REMOVE);
    /// `field:autogenerate`
    pub const AUTOGENERATE: Modifier = Modifier(modifier::AUTOGENERATE);
}

/// The fields that came, under their own names; the value is the one that would
/// be stored, whatever modifier it came with.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Incoming(pub(crate) Value);

impl Incoming {
    /// Whether the field comes, with or without a modifier.
    pub fn has(self, field: impl Field) -> bool {
        self.get(field).exists()
    }

    /// The value that the field would get; absent when it doesn't come.
    pub fn get<F: Field>(self, field: F) -> Value {
        let () = Undeclared::<F>::A_PATH_IS_FOR_CONDITIONS;
        self.0.get(field)
    }

    /// The modifier that the field came with.
    pub fn modifier<F: Field>(self, field: F) -> Modifier {
        let () = Undeclared::<F>::A_PATH_IS_FOR_CONDITIONS;
        Modifier(host::modifier(self.0 .0, field.name().0))
    }

    /// The first field, in the order of the schema, that is in the set.
    pub fn first_in(self, set: impl FnOnce() -> Set) -> Option<Text> {
        Value(host::first_in(self.0 .0, set().0)).text()
    }

    /// The first field, in the order of the schema, that is not in the set.
    pub fn first_not_in(self, set: impl FnOnce() -> Set) -> Option<Text> {
        Value(host::first_not_in(self.0 .0, set().0)).text()
    }

    /// All fields as an object.
    pub fn value(self) -> Value {
        self.0
    }
}
