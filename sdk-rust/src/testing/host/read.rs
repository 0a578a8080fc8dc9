//! Reading values.

use std::rc::Rc;

use super::passed;
use crate::abi::root as roots;
use crate::testing::interned::NAMES;
use crate::testing::json::Json;
use crate::testing::state::{host, Origin, State};
use crate::text::Text;

pub fn root(root: i32) -> i32 {
    host(|call| {
        let value = call.roots.get(&root).cloned();
        match (root, value) {
            (roots::STORED, _) => stored(call),
            (roots::INCOMING, Some(value)) => call.hand_out(value, Origin::Incoming),
            (roots::CALLER..=roots::INCOMING, value) => call.answer(value),
            _ => Err(format!("the root {root} is unknown")),
        }
    })
}

fn stored(call: &mut State) -> Result<i32, String> {
    let at = call.selected.ok_or("no record of the page is selected")?;
    if call.records.is_empty() {
        return Ok(0);
    }
    call.hand_out(call.records[at].value.clone(), Origin::Stored(at))
}

pub fn get(handle: i32, name: i32) -> i32 {
    host(|call| field(call, handle, &NAMES.find(name)?))
}

pub fn get_text(handle: i32, name: &str) -> i32 {
    host(|call| field(call, handle, passed(name)?))
}

fn field(call: &mut State, handle: i32, name: &str) -> Result<i32, String> {
    match call.value(handle)?.as_deref() {
        None | Some(Json::Null) => Ok(0),
        Some(object @ Json::Object(_)) => call.answer(object.get(name).cloned()),
        Some(other) => Err(format!("{other} has no fields")),
    }
}

pub fn at(handle: i32, index: i32) -> i32 {
    host(|call| {
        let index = index as usize;
        let item = match call.value(handle)?.as_deref() {
            None | Some(Json::Null) => None,
            Some(Json::List(items)) => items.get(index).cloned(),
            Some(Json::Object(fields)) => fields.get(index).map(|(_, value)| value.clone()),
            Some(other) => return Err(format!("{other} has no items")),
        };
        call.answer(item)
    })
}

pub fn key(handle: i32, index: i32) -> i32 {
    host(|call| match call.value(handle)?.as_deref() {
        None | Some(Json::Null) => Ok(0),
        Some(Json::Object(fields)) => {
            let key = fields
                .get(index as usize)
                .map(|(key, _)| Rc::new(Json::Text(key.clone())));
            call.answer(key)
        }
        Some(other) => Err(format!("{other} has no fields")),
    })
}

pub fn relation(handle: i32, name: i32) -> i32 {
    host(|call| {
        let name = NAMES.find(name)?;
        call.manifest.allows("relations", &name)?;
        let at = match call.slot(handle)?.map(|slot| slot.origin) {
            None => return Ok(0),
            Some(Origin::Stored(at)) => at,
            Some(_) => return Err("only the stored record's relations can be followed".into()),
        };
        let related = &call.records[at].related;
        let value = related
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, value)| value.clone());
        call.answer(value)
    })
}

pub fn kind(handle: i32) -> i32 {
    host(|call| Ok(call.value(handle)?.map_or(0, |value| value.kind())))
}

pub fn size(handle: i32) -> i32 {
    host(|call| match call.value(handle)?.as_deref() {
        None | Some(Json::Null) => Ok(0),
        Some(Json::List(items)) => Ok(items.len() as i32),
        Some(Json::Object(fields)) => Ok(fields.len() as i32),
        Some(Json::Text(text)) => Ok(text.chars().count() as i32),
        Some(other) => Err(format!("{other} has no size")),
    })
}

pub fn boolean(handle: i32) -> i32 {
    host(|call| match &*call.present(handle)? {
        Json::Boolean(value) => Ok(i32::from(*value)),
        other => Err(format!("{other} is no boolean")),
    })
}

pub fn number(handle: i32) -> f64 {
    host(|call| match &*call.present(handle)? {
        Json::Number(number) if number.is_finite() => Ok(*number),
        other => Err(format!("{other} is no number")),
    })
}

pub fn integer(handle: i32) -> i64 {
    host(|call| match &*call.present(handle)? {
        Json::Number(number) if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 => {
            Ok(*number as i64)
        }
        other => Err(format!("{other} is no whole number below 2^53")),
    })
}

pub fn read(handle: i32) -> Option<Text> {
    host(|call| match call.value(handle)?.as_deref() {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Text(text)) => Ok(Some(crate::join(&[text]))),
        Some(other) => Err(format!("{other} is no text")),
    })
}

pub fn modifier(handle: i32, name: i32) -> i32 {
    host(|call| {
        let name = NAMES.find(name)?;
        match call.slot(handle)?.map(|slot| slot.origin) {
            None => Ok(0),
            Some(Origin::Incoming) => Ok(call.modifiers.get(&name).copied().unwrap_or(0)),
            Some(_) => Err("only incoming fields have modifiers".into()),
        }
    })
}

pub fn now() -> i64 {
    host(|call| Ok(call.now))
}
