//! The host functions, natively; their counterpart in WebAssembly is `host`.

mod ask;
mod decide;
mod narrow;
mod read;

pub use ask::*;
pub use decide::*;
pub use narrow::*;
pub use read::*;

use super::interned::{CODES, NAMES, SETS};
use super::json::Json;
use super::state::host;
use crate::abi::limit;

pub fn name(text: &str) -> i32 {
    NAMES.intern(text.into())
}

pub fn name_set(names: &[i32]) -> i32 {
    SETS.intern(names.into())
}

pub fn code(text: &str) -> i32 {
    CODES.intern(text.into())
}

pub fn log(line: &str) {
    host(|call| {
        if call.log.len() < limit::LOG_LINES as usize {
            call.log.push(line.into());
        }
        Ok(())
    })
}

/// A text that the policy passes.
fn passed(text: &str) -> Result<&str, String> {
    bounded(text.len(), limit::TEXT, "bytes of a text")?;
    Ok(text)
}

fn truth(value: i32) -> Result<Json, String> {
    match value {
        0 | 1 => Ok(Json::Boolean(value == 1)),
        _ => Err(format!("{value} is no boolean")),
    }
}

fn bounded(count: usize, most: i32, what: &str) -> Result<(), String> {
    if count <= most as usize {
        return Ok(());
    }
    Err(format!("more than {most} {what}"))
}
