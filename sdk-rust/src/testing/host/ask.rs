//! Asking about values.

use std::rc::Rc;

use super::passed;
use crate::testing::glob;
use crate::testing::interned::{NAMES, SETS};
use crate::testing::json::Json;
use crate::testing::state::{host, State};

pub fn equals(handle: i32, other: i32) -> i32 {
    host(|call| match (call.value(handle)?, call.value(other)?) {
        (Some(a), Some(b)) => Ok(i32::from(a == b)),
        _ => Ok(0),
    })
}

pub fn equals_text(handle: i32, text: &str) -> i32 {
    host(|call| is_text(call, handle, passed(text)?))
}

pub fn equals_name(handle: i32, name: i32) -> i32 {
    host(|call| is_text(call, handle, &NAMES.find(name)?))
}

fn is_text(call: &State, handle: i32, want: &str) -> Result<i32, String> {
    let value = call.value(handle)?;
    Ok(i32::from(
        matches!(value.as_deref(), Some(Json::Text(text)) if text == want),
    ))
}

pub fn compare(handle: i32, other: i32) -> i32 {
    host(|call| {
        let order = match (&*call.present(handle)?, &*call.present(other)?) {
            (Json::Number(a), Json::Number(b)) => a.partial_cmp(b),
            (Json::Text(a), Json::Text(b)) => Some(a.cmp(b)),
            (a, b) => return Err(format!("{a} and {b} have no order")),
        };
        Ok(order.map_or(0, |order| order as i32))
    })
}

pub fn contains(handle: i32, other: i32) -> i32 {
    host(|call| match call.value(other)? {
        Some(item) => holds(call, handle, &item),
        None => Ok(0),
    })
}

pub fn contains_text(handle: i32, text: &str) -> i32 {
    host(|call| holds(call, handle, &Json::Text(passed(text)?.into())))
}

fn holds(call: &State, handle: i32, item: &Json) -> Result<i32, String> {
    let found = match (call.value(handle)?.as_deref(), item) {
        (None | Some(Json::Null), _) | (Some(Json::Text(_)), Json::Null) => false,
        (Some(Json::List(items)), item) => items.iter().any(|known| **known == *item),
        (Some(Json::Text(text)), Json::Text(part)) => text.contains(part.as_str()),
        (Some(other), item) => return Err(format!("{other} can't contain {item}")),
    };
    Ok(i32::from(found))
}

pub fn glob(handle: i32, pattern: &str) -> i32 {
    host(|call| match call.value(handle)?.as_deref() {
        None | Some(Json::Null) => Ok(0),
        Some(Json::Text(text)) => Ok(i32::from(glob::matches(text, passed(pattern)?))),
        Some(other) => Err(format!("{other} is no text")),
    })
}

pub fn blank(handle: i32) -> i32 {
    host(|call| {
        Ok(i32::from(
            call.value(handle)?.map_or(true, |value| value.is_blank()),
        ))
    })
}

pub fn first_in(handle: i32, set: i32) -> i32 {
    host(|call| first(call, handle, set, true))
}

pub fn first_not_in(handle: i32, set: i32) -> i32 {
    host(|call| first(call, handle, set, false))
}

fn first(call: &mut State, handle: i32, set: i32, wanted: bool) -> Result<i32, String> {
    let names: Vec<_> = SETS
        .find(set)?
        .into_iter()
        .map(|name| NAMES.find(name))
        .collect::<Result<_, _>>()?;
    let found = match call.value(handle)?.as_deref() {
        None | Some(Json::Null) => None,
        Some(Json::Object(fields)) => fields
            .iter()
            .find(|(key, _)| names.contains(key) == wanted)
            .map(|(key, _)| key.clone()),
        Some(other) => return Err(format!("{other} has no fields")),
    };
    call.answer(found.map(|name| Rc::new(Json::Text(name))))
}
