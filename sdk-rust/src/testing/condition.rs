//! Conditions as PocketBase's filters write them.

use super::json::Json;

const OPERATORS: [&str; 16] = [
    "=", "!=", ">", ">=", "<", "<=", "~", "!~", "?=", "?!=", "?>", "?>=", "?<", "?<=", "?~", "?!~",
];

/// A comparison as text.
pub fn compare(path: &str, comparison: i32, value: &Json) -> Result<String, String> {
    if !path.split(['.', ':']).all(is_name) {
        return Err(format!("`{path}` is no path of fields"));
    }
    let operator = usize::try_from(comparison)
        .ok()
        .and_then(|at| OPERATORS.get(at.checked_sub(1)?));
    let operator = operator.ok_or_else(|| format!("the comparison {comparison} is unknown"))?;
    check(operator, value)?;
    Ok(format!("{path} {operator} {value}"))
}

fn is_name(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
}

/// Only values that every PocketBase reads the same.
fn check(operator: &str, value: &Json) -> Result<(), String> {
    match value {
        Json::List(_) | Json::Object(_) => {
            Err("a list or an object can't be compared with in a filter".into())
        }
        Json::Number(number) if !number.is_finite() => Err("a number that is not finite".into()),
        Json::Text(text) if text.contains(|c: char| c == '\\' || c.is_control()) => Err(format!(
            "{text:?} has a backslash or a control character, which filters can't carry"
        )),
        Json::Text(text) if operator.ends_with('~') && text.contains('%') => Err(format!(
            "{text:?} has a %, which `~` reads as any characters"
        )),
        _ => Ok(()),
    }
}
