//! A record as the database holds it.

use core::ops::Deref;

use crate::host;
use crate::name::{self, Field, Undeclared};
use crate::value::{Items, Value};

/// A record, or the absence of one: the one that is judged, or one that it is
/// related to.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Record(pub(crate) Value);

impl Record {
    /// The record's id; absent when there is no record.
    pub fn id(self) -> Value {
        self.0.get(name::id)
    }

    /// The name of the record's collection.
    pub fn collection_name(self) -> Value {
        self.0.get(name::collection_name)
    }

    /// The id of the record's collection.
    pub fn collection_id(self) -> Value {
        self.0.get(name::collection_id)
    }

    /// Whether it is the very same record: same id, same collection. Never true
    /// for an absent one.
    pub fn is(self, other: impl Into<Record>) -> bool {
        let other = other.into();
        self.id() == other.id() && self.collection_id() == other.collection_id()
    }

    /// Whether there is a record.
    pub fn exists(self) -> bool {
        self.0.exists()
    }

    /// A field; absent when there is none.
    pub fn get<F: Field>(self, field: F) -> Value {
        let () = Undeclared::<F>::A_PATH_IS_FOR_CONDITIONS;
        self.0.get(field)
    }

    /// The record that a relation field points to; absent when it points nowhere.
    /// The field has to be among the policy's `relations`, and the record the one
    /// that is judged.
    pub fn relation<F: Field>(self, field: F) -> Record {
        let () = Undeclared::<F>::ADD_IT_TO_RELATIONS;
        Record(Value(host::relation(self.0 .0, field.name().0)))
    }

    /// The records that a relation field with many of them points to.
    pub fn relations<F: Field>(self, field: F) -> Records {
        let () = Undeclared::<F>::ADD_IT_TO_RELATIONS;
        Records(self.relation(field.name()).0.items())
    }

    /// The whole record as an object.
    pub fn value(self) -> Value {
        self.0
    }
}

/// The record of whoever asks: a [`Record`] with the fields alone that the policy
/// lists under `caller`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Caller(pub(crate) Record);

impl Caller {
    /// A field, which the policy lists under `caller`; absent when there is none.
    pub fn get<F: Field>(self, field: F) -> Value {
        let () = Undeclared::<F>::ADD_IT_TO_CALLER;
        self.0.get(field)
    }
}

impl Deref for Caller {
    type Target = Record;

    #[inline(always)]
    fn deref(&self) -> &Record {
        &self.0
    }
}

impl From<Caller> for Record {
    fn from(caller: Caller) -> Record {
        caller.0
    }
}

/// The records of a relation; see [`Record::relations`].
#[derive(Clone, Debug)]
pub struct Records(Items);

impl Iterator for Records {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        self.0.next().map(Record)
    }
}
