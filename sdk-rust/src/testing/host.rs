//! The host functions, natively; their counterpart in WebAssembly is `host`.

use std::rc::Rc;

use super::condition;
use super::glob;
use super::interned::{CODES, NAMES, SETS};
use super::json::Json;
use super::state::{host, Origin, State};
use crate::abi::{limit, operation, phase, root as roots};
use crate::text::Text;

// Interning

pub fn name(text: &str) -> i32 {
    NAMES.intern(text.into())
}

pub fn name_set(names: &[i32]) -> i32 {
    SETS.intern(names.into())
}

pub fn code(text: &str) -> i32 {
    CODES.intern(text.into())
}

/// A text that the policy passes.
fn passed(text: &str) -> Result<&str, String> {
    bounded(text.len(), limit::TEXT, "bytes of a text")?;
    Ok(text)
}

// Reading

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

// Asking

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

// Deciding

pub fn select(index: i32) {
    host(|call| {
        call.only_in(&[phase::PAGE], "select")?;
        call.selected = usize::try_from(index)
            .ok()
            .filter(|at| *at < call.records.len());
        call.selected
            .map(|_| ())
            .ok_or_else(|| format!("the page has no record {index}"))
    })
}

pub fn verdict(kind: i32, code: i32, status: i32, message: &str) {
    host(|call| {
        let decision = super::outcome::Decision::of(kind, code, status)?;
        let code = if code == 0 {
            String::new()
        } else {
            CODES.find(code)?
        };
        if !code.is_empty() {
            call.manifest.allows("codes", &code)?;
        }
        bounded(message.len(), limit::MESSAGE, "bytes of a message")?;
        let judged = call.current()?;
        if judged.decision.is_some() {
            return Err("a second verdict".into());
        }
        judged.decision = Some(decision);
        judged.code = code;
        judged.status = status;
        judged.message = message.into();
        Ok(())
    })
}

pub fn set_null(name: i32) {
    write(name, Some(Rc::new(Json::Null)))
}

pub fn set_bool(name: i32, value: i32) {
    let value = host(|_| truth(value));
    write(name, Some(Rc::new(value)))
}

fn truth(value: i32) -> Result<Json, String> {
    match value {
        0 | 1 => Ok(Json::Boolean(value == 1)),
        _ => Err(format!("{value} is no boolean")),
    }
}

pub fn set_number(name: i32, value: f64) {
    write(name, Some(Rc::new(Json::Number(value))))
}

pub fn set_text(name: i32, text: &str) {
    let text = host(|_| passed(text));
    write(name, Some(Rc::new(Json::Text(text.into()))))
}

pub fn set_value(name: i32, handle: i32) {
    let value = host(|call| call.present(handle));
    write(name, Some(value))
}

pub fn unset(name: i32) {
    write(name, None)
}

fn write(name: i32, value: Option<Rc<Json>>) {
    host(|call| {
        let name = NAMES.find(name)?;
        call.manifest.allows("writes", &name)?;
        if !matches!(call.operation, operation::CREATE | operation::UPDATE) {
            return Err("only create and update write".into());
        }
        if matches!(value.as_deref(), Some(Json::Number(number)) if !number.is_finite()) {
            return Err("a number that is not finite can't be written".into());
        }
        let written = &mut call.current()?.written;
        match written.iter_mut().find(|(known, _)| *known == name) {
            Some(earlier) => earlier.1 = value,
            None => written.push((name, value)),
        }
        bounded(written.len(), limit::EFFECTS, "effects")
    })
}

pub fn mask(name: i32) {
    host(|call| {
        let name = NAMES.find(name)?;
        call.only_in(&[phase::RECORD, phase::PAGE], "mask")?;
        call.manifest.allows("masks", &name)?;
        let masked = &mut call.current()?.masked;
        if !masked.contains(&name) {
            masked.push(name);
        }
        bounded(masked.len(), limit::EFFECTS, "effects")
    })
}

fn bounded(count: usize, most: i32, what: &str) -> Result<(), String> {
    if count <= most as usize {
        return Ok(());
    }
    Err(format!("more than {most} {what}"))
}

// Narrowing

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

// Telling

pub fn log(line: &str) {
    host(|call| {
        if call.log.len() < limit::LOG_LINES as usize {
            call.log.push(line.into());
        }
        Ok(())
    })
}
