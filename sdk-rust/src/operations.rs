//! What the rule of each operation is given.

use core::ops::Deref;

use crate::abi::root;
use crate::condition::Condition;
use crate::context::Context;
use crate::host;
use crate::incoming::Incoming;
use crate::name::{Field, Undeclared};
use crate::operand::Operand;
use crate::record::Record;
use crate::value::Value;

macro_rules! operation {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Debug)]
        pub struct $name(Context);

        impl $name {
            pub(crate) fn new(reason: i32) -> $name {
                $name(Context::new(reason))
            }
        }

        impl Deref for $name {
            type Target = Context;

            fn deref(&self) -> &Context {
                &self.0
            }
        }
    };
}

operation! {
    /// A list is asked for. It can be narrowed before it is fetched; its records
    /// then come to `view`.
    List
}

operation! {
    /// A record is about to leave: asked for, in a list, expanded, or as the
    /// answer to a write.
    View
}

operation! {
    /// A record is to be made.
    Create
}

operation! {
    /// A record is to be changed.
    Update
}

operation! {
    /// A record is to be deleted.
    Delete
}

impl List {
    /// Keeps only the records that meet the condition, and all earlier ones.
    pub fn narrow(&mut self, condition: Condition) {
        host::narrow(condition.0)
    }
}

impl View {
    /// Leaves a field out of the answer. The policy lists it under `masks`.
    pub fn mask<F: Field>(&mut self, field: F) {
        let () = Undeclared::<F>::ADD_IT_TO_MASKS;
        host::mask(field.name().0)
    }
}

macro_rules! stored {
    ($($name:ident)*) => {$(
        impl $name {
            /// The record as the database holds it.
            pub fn stored(&self) -> Record {
                Record(Value::of_root(root::STORED))
            }
        }
    )*};
}

stored! { View Update Delete }

macro_rules! written {
    ($($name:ident)*) => {$(
        impl $name {
            /// The fields that are to be written.
            pub fn incoming(&self) -> Incoming {
                Incoming(Value::of_root(root::INCOMING))
            }

            /// Writes this value, whatever was sent. The policy lists the field
            /// under `writes`; a value that is absent traps.
            pub fn set<F: Field>(&mut self, field: F, value: impl Operand) {
                let () = Undeclared::<F>::ADD_IT_TO_WRITES;
                value.set(field.name())
            }

            /// Leaves the field out of what is written. The policy lists it under
            /// `writes`.
            pub fn unset<F: Field>(&mut self, field: F) {
                let () = Undeclared::<F>::ADD_IT_TO_WRITES;
                host::unset(field.name().0)
            }
        }
    )*};
}

written! { Create Update }
