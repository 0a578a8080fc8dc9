//! All that the host knows of the call that runs on this thread.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::json::Json;
use super::manifest::Manifest;
use super::outcome::Decision;
use crate::abi::limit;

/// A record with what its declared relations point at.
#[derive(Clone)]
pub struct Stored {
    pub value: Rc<Json>,
    pub related: Vec<(String, Rc<Json>)>,
}

/// What a handle stands for.
#[derive(Clone)]
pub struct Slot {
    pub value: Rc<Json>,
    pub origin: Origin,
}

/// Where a value came from, for the functions that take roots alone.
#[derive(Clone, Copy, PartialEq)]
pub enum Origin {
    Elsewhere,
    Incoming,
    Stored(usize),
}

/// What was decided about the record of one index; of the whole call under 0
/// where there is no page.
#[derive(Default)]
pub struct Judged {
    pub decision: Option<Decision>,
    pub code: String,
    pub status: i32,
    pub message: String,
    pub written: Vec<(String, Option<Rc<Json>>)>,
    pub masked: Vec<String>,
}

/// One call of a policy.
pub struct State {
    pub phase: i32,
    pub operation: i32,
    pub manifest: Manifest,
    pub roots: HashMap<i32, Rc<Json>>,
    pub modifiers: HashMap<String, i32>,
    pub records: Vec<Stored>,
    pub now: i64,
    pub selected: Option<usize>,
    pub slots: Vec<Slot>,
    pub conditions: Vec<String>,
    pub narrowed: Vec<String>,
    pub judged: Vec<Judged>,
    pub log: Vec<String>,
    pub misuse: Option<String>,
}

thread_local! {
    static STATE: RefCell<Option<State>> = const { RefCell::new(None) };
}

/// Begins a call.
pub fn begin(state: State) {
    STATE.with(|cell| *cell.borrow_mut() = Some(state));
}

/// Ends the call, however it went.
pub fn end() -> State {
    STATE
        .with(|cell| cell.borrow_mut().take())
        .expect("a call that began")
}

/// Runs a host function; its misuse ends the call, as a trap would.
pub fn host<T>(function: impl FnOnce(&mut State) -> Result<T, String>) -> T {
    let result = STATE.with(|cell| {
        let mut state = cell.borrow_mut();
        let state = state.as_mut().ok_or("values live only within a call")?;
        function(state).map_err(|why| {
            state.misuse = Some(why.clone());
            why
        })
    });
    result.unwrap_or_else(|why: String| panic!("{why}"))
}

impl State {
    /// A new handle.
    pub fn hand_out(&mut self, value: Rc<Json>, origin: Origin) -> Result<i32, String> {
        if self.slots.len() == limit::HANDLES as usize {
            return Err("more handles than a call may have".into());
        }
        self.slots.push(Slot { value, origin });
        Ok(self.slots.len() as i32)
    }

    /// A handle of a value that may be absent.
    pub fn answer(&mut self, value: Option<Rc<Json>>) -> Result<i32, String> {
        match value {
            Some(value) => self.hand_out(value, Origin::Elsewhere),
            None => Ok(0),
        }
    }

    /// What is behind a handle; `None` for the absent value.
    pub fn slot(&self, handle: i32) -> Result<Option<Slot>, String> {
        if handle == 0 {
            return Ok(None);
        }
        let at = usize::try_from(handle)
            .ok()
            .and_then(|handle| self.slots.get(handle - 1));
        at.cloned()
            .map(Some)
            .ok_or_else(|| format!("the handle {handle} is not of this call"))
    }

    /// The value behind a handle; `None` when it is absent.
    pub fn value(&self, handle: i32) -> Result<Option<Rc<Json>>, String> {
        Ok(self.slot(handle)?.map(|slot| slot.value))
    }

    /// The value behind a handle where absence is misuse.
    pub fn present(&self, handle: i32) -> Result<Rc<Json>, String> {
        self.value(handle)?
            .ok_or_else(|| "an absent value has no content: ask exists() first".into())
    }

    /// Fails in other phases.
    pub fn only_in(&self, phases: &[i32], what: &str) -> Result<(), String> {
        if phases.contains(&self.phase) {
            return Ok(());
        }
        Err(format!("{what} belongs to another operation"))
    }

    /// What was decided so far about the record that the policy speaks of.
    pub fn current(&mut self) -> Result<&mut Judged, String> {
        let at = self.selected.ok_or("no record of the page is selected")?;
        Ok(&mut self.judged[at])
    }
}
