//! Names, sets and codes, interned once for all policies of the test process.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The first id; far from what a test that makes up an id would say.
const FIRST: i32 = 1_000_000;

/// Texts or sets by id.
pub struct Table<T>(Mutex<Vec<T>>);

pub static NAMES: Table<String> = Table(Mutex::new(Vec::new()));
pub static CODES: Table<String> = Table(Mutex::new(Vec::new()));
pub static SETS: Table<Vec<i32>> = Table(Mutex::new(Vec::new()));

impl<T: Clone + PartialEq> Table<T> {
    fn entries(&self) -> MutexGuard<'_, Vec<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The id of an entry, the same each time.
    pub fn intern(&self, entry: T) -> i32 {
        let mut entries = self.entries();
        let at = entries.iter().position(|known| *known == entry);
        let at = at.unwrap_or_else(|| {
            entries.push(entry);
            entries.len() - 1
        });
        FIRST + at as i32
    }

    /// The entry behind an id.
    pub fn find(&self, id: i32) -> Result<T, String> {
        let at = id
            .checked_sub(FIRST)
            .and_then(|at| usize::try_from(at).ok());
        let entry = at.and_then(|at| self.entries().get(at).cloned());
        entry.ok_or_else(|| format!("the id {id} was not given out"))
    }
}
