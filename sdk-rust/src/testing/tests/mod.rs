//! What the native host is held to.

mod json;
mod rules;
mod step;
mod vectors;
