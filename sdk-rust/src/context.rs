//! What every rule is given, whatever the operation.

use crate::abi::{reason, root};
use crate::host;
use crate::record::{Caller, Record};
use crate::value::Value;

/// Why a policy is asked. A newer host may have reasons that are not listed
/// here; treat an unknown one like [`ASKED`](Reason::ASKED).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reason(pub(crate) i32);

impl Reason {
    /// The client asked for this very thing.
    pub const ASKED: Reason = Reason(reason::ASKED);
    /// The record is an item of a list.
    pub const LISTED: Reason = Reason(reason::LISTED);
    /// The record is expanded into the answer to another request.
    pub const EXPANDED: Reason = Reason(reason::EXPANDED);
    /// The record is the answer to a write.
    pub const WRITTEN: Reason = Reason(reason::WRITTEN);
    /// The record comes back from a sign-in.
    pub const SIGNED_IN: Reason = Reason(reason::SIGNED_IN);
    /// The record is what an update or a delete is aimed at.
    pub const TARGET: Reason = Reason(reason::TARGET);
    /// A file of the record is asked for.
    pub const FILE: Reason = Reason(reason::FILE);
    /// The record goes out in a realtime event.
    pub const REALTIME: Reason = Reason(reason::REALTIME);
}

/// What every rule may ask; [`List`](crate::List), [`View`](crate::View),
/// [`Create`](crate::Create), [`Update`](crate::Update) and
/// [`Delete`](crate::Delete) all have these methods.
#[derive(Debug)]
pub struct Context {
    reason: Reason,
}

impl Context {
    pub(crate) fn new(reason: i32) -> Context {
        Context {
            reason: Reason(reason),
        }
    }

    /// Whether someone has signed in.
    pub fn signed_in(&self) -> bool {
        self.caller().exists()
    }

    /// The record of whoever asks; absent for a guest. It has `id`,
    /// `collectionId`, `collectionName`, and the fields that the policy lists
    /// under `caller`.
    pub fn caller(&self) -> Caller {
        Caller(Record(Value::of_root(root::CALLER)))
    }

    /// `id` and `created` of the caller's session; absent for a guest.
    pub fn session(&self) -> Value {
        Value::of_root(root::SESSION)
    }

    /// `id`, `collection`, `address`, `operation` and `record` (the id asked for)
    /// of the request.
    pub fn request(&self) -> Value {
        Value::of_root(root::REQUEST)
    }

    /// The URL's parameters, each a text.
    pub fn query(&self) -> Value {
        Value::of_root(root::QUERY)
    }

    /// The headers `accept-language`, `origin`, `referer` and `user-agent`; no
    /// others.
    pub fn headers(&self) -> Value {
        Value::of_root(root::HEADERS)
    }

    /// Why the policy is asked.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// Milliseconds since 1970; stands still during a call.
    pub fn now(&self) -> i64 {
        host::now()
    }
}
