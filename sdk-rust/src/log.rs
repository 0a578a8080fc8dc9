//! Lines for the policy's author.

use crate::abi::limit;
use crate::host;
use crate::text::cut;

/// Writes a line for the policy's author; seen in development mode alone. It is
/// cut after 1,000 bytes.
pub fn log(message: &str) {
    host::log(cut(message, limit::MESSAGE as usize))
}
