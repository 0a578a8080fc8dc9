//! Verdicts and effects.

use std::rc::Rc;

use super::{bounded, passed, truth};
use crate::abi::{limit, operation, phase};
use crate::testing::interned::{CODES, NAMES};
use crate::testing::json::Json;
use crate::testing::outcome::Decision;
use crate::testing::state::host;

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
        let decision = Decision::of(kind, code, status)?;
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
