//! Write policies for [Hapta](https://github.com/hapta/hapta), the gateway in
//! front of PocketBase, in Rust.
//!
//! A policy is one file that begins with `#![no_std]`, declares itself with
//! [`policy!`] and has a function for each operation that it judges:
//!
//! ```
//! # #![allow(unused)]
//! use hapta::prelude::*;
//!
//! hapta::policy! {
//!     operations: [create],
//!     codes: [sign_in_required],
//!     fields: [author],
//!     writes: [author],
//! }
//!
//! fn create(c: &mut Create) -> Verdict {
//!     if !c.signed_in() {
//!         return refuse(sign_in_required, "Sign in to comment.");
//!     }
//!     c.set(author, c.caller().id());
//!     allow()
//! }
//! # fn main() { POLICY.call().create().refused("sign_in_required"); }
//! ```
//!
//! What a policy reads are handles on values that the host keeps; comparing,
//! searching and matching happen there. A value may be absent: chains go on, and
//! an absent value equals nothing, another absent one included. After each call
//! the policy's memory is put back to what it was, so nothing is ever freed and
//! every [`Text`] may be kept as long as the call lasts.
//!
//! A verdict counts when the rule returns it. Compile with `-D unused_must_use`, as
//! `build-policy.sh` does, so that one that is made and dropped is a mistake.
//!
//! A policy that panics refuses with `policy_trapped`; the log tells the message
//! with its file and line.

#![cfg_attr(target_arch = "wasm32", no_std)]
#![warn(missing_docs)]

#[allow(dead_code, missing_docs)]
mod abi;
mod condition;
mod context;
mod incoming;
mod log;
#[doc(hidden)]
pub mod manifest;
mod name;
mod operand;
mod operations;
mod policy;
mod record;
mod text;
mod value;
mod verdict;

#[cfg(target_arch = "wasm32")]
mod host;
#[cfg(target_arch = "wasm32")]
mod memory;
#[cfg(target_arch = "wasm32")]
mod panic;

#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
#[cfg(not(target_arch = "wasm32"))]
use testing::host;

pub use condition::{field, Condition, Where};
pub use context::{Context, Reason};
pub use incoming::{Incoming, Modifier};
pub use log::log;
pub use name::{Code, Field, Name, Set, Token};
pub use operand::{Null, Operand};
pub use operations::{Create, Delete, List, Update, View};
pub use policy::Policy;
pub use record::{Caller, Record, Records};
pub use text::{join, Part, Text};
pub use value::{Items, Kind, Value};
pub use verdict::{allow, hide, refuse, Verdict};

/// What nearly every policy uses.
pub mod prelude {
    pub use crate::text;
    pub use crate::{
        allow, field, hide, log, refuse, Caller, Condition, Context, Create, Delete, Field,
        Incoming, Kind, List, Modifier, Null, Reason, Record, Text, Update, Value, Verdict, View,
    };
}
