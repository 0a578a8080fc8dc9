//! A native host, so that `cargo test` runs a policy's rules.
//!
//! It keeps values, absence, traps and the manifest's promises as the ABI's
//! specification says, and knows nothing of WebAssembly, fuel or memory.
//!
//! ```
//! # use hapta::prelude::*;
//! hapta::policy! {
//!     operations: [update],
//!     codes: [ownership_required],
//!     fields: [author],
//! }
//!
//! fn update(c: &mut Update) -> Verdict {
//!     if c.stored().get(author) != c.caller().id() {
//!         return refuse(ownership_required, "Only its author may change it.");
//!     }
//!     allow()
//! }
//!
//! # fn main() {
//! let case = || POLICY.call().stored(r#"{"id":"p1","author":"ann"}"#);
//! case().caller(r#"{"id":"ann"}"#).update().allowed();
//! case().caller(r#"{"id":"bob"}"#).update().refused("ownership_required");
//! case().update().refused("ownership_required");
//! # }
//! ```

mod case;
mod collection;
mod condition;
mod glob;
pub(crate) mod host;
mod interned;
mod json;
mod manifest;
mod outcome;
mod parse;
mod state;
#[cfg(test)]
mod tests;

pub use case::Case;
pub use json::Json;
pub use outcome::{Decision, Outcome};
