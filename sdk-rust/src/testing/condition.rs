//! Conditions as PocketBase's filters write them.

use super::json::Json;

const OPERATORS: [&str; 16] = [
    "=", "!=", ">", ">=", "<", "<=", "~", "!~", "?=", "?!=", "?>", "?>=", "?<", "?<=", "?~", "?!~",
];

/// A comparison as text.
pub fn compare(path: &str, comparison: i32, value: &Json) -> Result<String, String> {
    if !is_path(path) {
        return Err(format!("`{path}` is no path of fields"));
    }
    let at = usize::try_from(comparison)
        .ok()
        .and_then(|at| at.checked_sub(1));
    let operator = at.and_then(|at| OPERATORS.get(at));
    let operator = operator.ok_or_else(|| format!("the comparison {comparison} is unknown"))?;
    check(operator, value)?;
    Ok(format!("{path} {operator} {}", literal(value)))
}

/// `author`, `author.name` or `tags:length`.
fn is_path(path: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_name = |name: &str| !name.is_empty() && name.chars().all(is_word);
    path.split(['.', ':']).all(is_name) && !path.starts_with(|c: char| c.is_ascii_digit())
}

/// Texts are quoted by the mark that they don't hold.
fn literal(value: &Json) -> String {
    match value {
        Json::Text(text) if !text.contains('\'') => format!("'{text}'"),
        Json::Text(text) if !text.contains('"') => format!("\"{text}\""),
        Json::Text(text) => format!("'{}'", text.replace('\'', "\\'")),
        other => other.to_string(),
    }
}

/// Only values that every PocketBase reads the same.
fn check(operator: &str, value: &Json) -> Result<(), String> {
    match value {
        Json::List(_) | Json::Object(_) => {
            Err("a list or an object can't be compared with in a filter".into())
        }
        Json::Number(number) if !number.is_finite() => Err("a number that is not finite".into()),
        Json::Text(text) if text.contains(|c: char| c == '\\' || c < ' ' || c == '\u{7f}') => Err(
            format!("{text:?} has a backslash or a control character, which filters can't carry"),
        ),
        Json::Text(text) if operator.ends_with('~') && text.contains('%') => Err(format!(
            "{text:?} has a %, which `~` reads as any characters"
        )),
        _ => Ok(()),
    }
}
