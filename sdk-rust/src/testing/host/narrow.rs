//! Conditions on lists.

use std::rc::Rc;

use super::{bounded, passed, truth};
use crate::abi::{limit, phase};
use crate::testing::condition;
use crate::testing::interned::NAMES;
use crate::testing::json::Json;
use crate::testing::state::{host, State};

pub fn where_null(name: i32, comparison: i32) -> i32 {
    compared(name, comparison, Rc::new(Json::Null))
}

pub fn where_bool(name: i32, comparison: i32, value: i32) -> i32 {
    let value = host(|_| truth(value));
    compared(name, comparison, Rc::new(value))
}

pub fn where_number(name: i32, comparison: i32, value: f64) -> i32 {
    compared(name, comparison, Rc::new(Json::Number(value)))
}

pub fn where_text(name: i32, comparison: i32, text: &str) -> i32 {
    let text = host(|_| passed(text));
    compared(name, comparison, Rc::new(Json::Text(text.into())))
}

pub fn where_value(name: i32, comparison: i32, handle: i32) -> i32 {
    let value = host(|call| call.present(handle));
    compared(name, comparison, value)
}

fn compared(name: i32, comparison: i32, value: Rc<Json>) -> i32 {
    host(|call| {
        add(
            call,
            condition::compare(&NAMES.find(name)?, comparison, &value)?,
        )
    })
}

fn add(call: &mut State, condition: String) -> Result<i32, String> {
    call.only_in(&[phase::FILTER], "a condition")?;
    call.conditions.push(condition);
    bounded(call.conditions.len(), limit::CONDITIONS, "conditions")?;
    Ok(call.conditions.len() as i32)
}

fn node(call: &State, id: i32) -> Result<&str, String> {
    let at = usize::try_from(id)
        .ok()
        .and_then(|id| call.conditions.get(id.checked_sub(1)?));
    at.map(String::as_str)
        .ok_or_else(|| format!("the condition {id} is not of this call"))
}

pub fn all_of(a: i32, b: i32) -> i32 {
    host(|call| add(call, format!("({} && {})", node(call, a)?, node(call, b)?)))
}

pub fn any_of(a: i32, b: i32) -> i32 {
    host(|call| add(call, format!("({} || {})", node(call, a)?, node(call, b)?)))
}

pub fn narrow(id: i32) {
    host(|call| {
        let condition = node(call, id)?.to_string();
        call.narrowed.push(condition);
        Ok(())
    })
}
