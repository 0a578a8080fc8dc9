//! A call to be made.

use std::collections::HashMap;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::rc::Rc;

use super::collection::within;
use super::json::Json;
use super::manifest::Manifest;
use super::outcome::Outcome;
use super::state::{self, Judged, State, Stored};
use crate::abi::{modifier, operation, phase, root};
use crate::context::Reason;
use crate::policy::Policy;

/// A call of a policy's rule: who asks, what is stored, what comes in. Values are
/// given as JSON; what is not given is absent, so a case without a caller is a
/// guest's.
#[derive(Clone)]
pub struct Case {
    policy: Policy,
    pub(super) roots: HashMap<i32, Rc<Json>>,
    modifiers: HashMap<String, i32>,
    related: Vec<(String, Rc<Json>)>,
    reason: i32,
    now: i64,
}

impl Policy {
    /// A case to try this policy with.
    pub fn call(self) -> Case {
        let case = Case {
            policy: self,
            roots: HashMap::new(),
            modifiers: HashMap::new(),
            related: Vec::new(),
            reason: Reason::ASKED.0,
            now: 0,
        };
        case.query("{}")
            .headers("{}")
            .request(r#"{"id":"request","address":"127.0.0.1"}"#)
    }
}

#[track_caller]
fn json(text: &str) -> Rc<Json> {
    match text.parse() {
        Ok(value) => Rc::new(value),
        Err(why) => panic!("{why}"),
    }
}

impl Case {
    /// The record that is signed in. The policy sees those fields of it that its
    /// `caller` lists, beside `id`, `collectionId` and `collectionName`; it is one of
    /// `users` if it does not say.
    #[track_caller]
    pub fn caller(mut self, record: &str) -> Case {
        let manifest = Manifest::new(self.policy.manifest);
        let always = |name: &str| matches!(name, "id" | "collectionId" | "collectionName");
        let seen = |(name, _): &&(String, Rc<Json>)| always(name) || manifest.lists("caller", name);
        let record = within(json(record), "users");
        let fields = record.fields().iter().filter(seen).cloned().collect();
        self.roots
            .insert(root::CALLER, Rc::new(Json::Object(fields)));
        self
    }

    /// The record as it is stored, for view, update and delete. It is of the policy's
    /// collection if it does not say.
    #[track_caller]
    pub fn stored(mut self, record: &str) -> Case {
        let record = self.own(record);
        self.roots.insert(root::STORED, record);
        self
    }

    /// What a relation of the stored record points at: a record, or a list of them.
    #[track_caller]
    pub fn related(mut self, field: &str, records: &str) -> Case {
        self.related.push((field.into(), json(records)));
        self
    }

    /// The fields that come in, for create and update. A name may carry a modifier
    /// (`tags+`); the value is the one that results from it.
    #[track_caller]
    pub fn incoming(mut self, fields: &str) -> Case {
        let mut incoming = Vec::new();
        for (key, value) in json(fields).fields() {
            let (name, modifier) = split(key);
            self.modifiers.insert(name.into(), modifier);
            incoming.push((name.into(), value.clone()));
        }
        self.roots
            .insert(root::INCOMING, Rc::new(Json::Object(incoming)));
        self
    }

    /// The caller's session.
    #[track_caller]
    pub fn session(self, object: &str) -> Case {
        self.root(root::SESSION, object)
    }

    /// The request.
    #[track_caller]
    pub fn request(self, object: &str) -> Case {
        self.root(root::REQUEST, object)
    }

    /// The URL's parameters.
    #[track_caller]
    pub fn query(self, object: &str) -> Case {
        self.root(root::QUERY, object)
    }

    /// The request's headers.
    #[track_caller]
    pub fn headers(self, object: &str) -> Case {
        self.root(root::HEADERS, object)
    }

    /// Why the policy is asked; otherwise because the client asked.
    pub fn reason(mut self, reason: Reason) -> Case {
        self.reason = reason.0;
        self
    }

    /// The time of the call, in milliseconds since 1970; otherwise 0.
    pub fn now(mut self, milliseconds: i64) -> Case {
        self.now = milliseconds;
        self
    }

    /// Asks for a list.
    pub fn list(&self) -> Outcome {
        self.one(phase::FILTER, operation::LIST)
    }

    /// Lets the stored record leave.
    pub fn view(&self) -> Outcome {
        self.one(phase::RECORD, operation::VIEW)
    }

    /// Lets the records of a page leave, in one call. If that fails they are
    /// judged one by one, as the server does.
    #[track_caller]
    pub fn page(&self, records: &[&str]) -> Vec<Outcome> {
        let records: Vec<_> = records
            .iter()
            .map(|record| self.record(self.own(record)))
            .collect();
        let outcomes = self.judge(phase::PAGE, operation::VIEW, records.clone());
        if outcomes.iter().all(|outcome| outcome.fault.is_empty()) {
            return outcomes;
        }
        let alone = |record| {
            self.judge(phase::RECORD, operation::VIEW, vec![record])
                .remove(0)
        };
        records.into_iter().map(alone).collect()
    }

    /// Makes a record of what comes in.
    pub fn create(&self) -> Outcome {
        self.one(phase::BEFORE, operation::CREATE)
    }

    /// Changes the stored record by what comes in.
    pub fn update(&self) -> Outcome {
        self.one(phase::BEFORE, operation::UPDATE)
    }

    /// Deletes the stored record.
    pub fn delete(&self) -> Outcome {
        self.one(phase::BEFORE, operation::DELETE)
    }

    #[track_caller]
    fn root(mut self, root: i32, value: &str) -> Case {
        self.roots.insert(root, json(value));
        self
    }

    #[track_caller]
    fn own(&self, record: &str) -> Rc<Json> {
        within(json(record), &Manifest::new(self.policy.manifest).name())
    }

    pub(super) fn record(&self, value: Rc<Json>) -> Stored {
        Stored {
            value,
            related: self.related.clone(),
        }
    }

    fn one(&self, phase: i32, operation: i32) -> Outcome {
        let records = self.stored_for(operation);
        self.judge(phase, operation, records).remove(0)
    }

    /// The stored record, if the operation has one.
    pub(super) fn stored_for(&self, operation: i32) -> Vec<Stored> {
        let has_none = matches!(operation, operation::LIST | operation::CREATE);
        let stored = self.roots.get(&root::STORED).filter(|_| !has_none);
        stored
            .map(|value| self.record(value.clone()))
            .into_iter()
            .collect()
    }

    fn judge(&self, phase: i32, operation: i32, records: Vec<Stored>) -> Vec<Outcome> {
        let count = records.len() as i32;
        self.run(phase, operation, records, || match phase {
            phase::FILTER => self.policy.filter(self.reason),
            phase::BEFORE => self.policy.before(operation, self.reason),
            phase::RECORD => self.policy.record(self.reason),
            _ => self.policy.page(self.reason, count),
        })
    }

    /// Runs a call and tells what came of each record, or of the whole.
    pub(super) fn run(
        &self,
        phase: i32,
        operation: i32,
        records: Vec<Stored>,
        call: impl FnOnce(),
    ) -> Vec<Outcome> {
        state::begin(self.state(phase, operation, records));
        let ended = catch_unwind(AssertUnwindSafe(call));
        let state = state::end();
        let panic = ended.err().map(|payload| message(&*payload));
        let outcome = |judged| Outcome::of(&state, judged, panic.as_deref());
        state.judged.iter().map(outcome).collect()
    }

    pub(super) fn state(&self, phase: i32, operation: i32, records: Vec<Stored>) -> State {
        let paged = phase == phase::PAGE;
        let judged = if paged { records.len() } else { 1 };
        State {
            phase,
            operation,
            roots: self.seen(operation),
            manifest: Manifest::new(self.policy.manifest),
            modifiers: self.modifiers.clone(),
            records,
            now: self.now,
            selected: Some(0).filter(|_| !paged),
            slots: Vec::new(),
            conditions: Vec::new(),
            narrowed: Vec::new(),
            judged: (0..judged).map(|_| Judged::default()).collect(),
            log: Vec::new(),
            misuse: None,
        }
    }

    /// The roots that the operation has.
    fn seen(&self, operation: i32) -> HashMap<i32, Rc<Json>> {
        let mut roots = self.roots.clone();
        if !matches!(operation, operation::CREATE | operation::UPDATE) {
            roots.remove(&root::INCOMING);
        }
        roots
    }
}

/// A field's name and its modifier.
fn split(key: &str) -> (&str, i32) {
    let by_end = |end| key.strip_suffix(end);
    match (
        by_end("+"),
        key.strip_prefix('+'),
        by_end("-"),
        by_end(":autogenerate"),
    ) {
        (Some(name), ..) => (name, modifier::APPEND),
        (_, Some(name), ..) => (name, modifier::PREPEND),
        (_, _, Some(name), _) => (name, modifier::REMOVE),
        (.., Some(name)) => (name, modifier::AUTOGENERATE),
        _ => (key, modifier::NONE),
    }
}

/// What a panic said.
fn message(payload: &(dyn std::any::Any + Send)) -> String {
    let literal = payload.downcast_ref::<&str>().map(|text| text.to_string());
    let formatted = || payload.downcast_ref::<String>().cloned();
    literal
        .or_else(formatted)
        .unwrap_or_else(|| "a panic".into())
}
