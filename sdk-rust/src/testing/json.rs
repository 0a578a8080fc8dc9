//! JSON values.

use std::fmt;
use std::rc::Rc;
use std::str::FromStr;

use super::parse;
use crate::abi::kind;

/// A JSON value. An object keeps the order of its fields.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Json {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
    List(Vec<Rc<Json>>),
    Object(Vec<(String, Rc<Json>)>),
}

impl Json {
    pub(super) fn kind(&self) -> i32 {
        match self {
            Json::Null => kind::NULL,
            Json::Boolean(_) => kind::BOOLEAN,
            Json::Number(_) => kind::NUMBER,
            Json::Text(_) => kind::TEXT,
            Json::List(_) => kind::LIST,
            Json::Object(_) => kind::OBJECT,
        }
    }

    /// A field of an object.
    pub fn get(&self, name: &str) -> Option<&Rc<Json>> {
        let field = |(key, _): &&(String, Rc<Json>)| key == name;
        self.fields().iter().find(field).map(|(_, value)| value)
    }

    /// The fields of an object; none of anything else.
    pub fn fields(&self) -> &[(String, Rc<Json>)] {
        match self {
            Json::Object(fields) => fields,
            _ => &[],
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        match self {
            Json::Null => true,
            Json::Text(text) => text.trim().is_empty(),
            Json::List(items) => items.is_empty(),
            Json::Object(fields) => fields.is_empty(),
            Json::Boolean(_) | Json::Number(_) => false,
        }
    }
}

/// Same kind and same value; the fields of objects in any order.
impl PartialEq for Json {
    fn eq(&self, other: &Json) -> bool {
        match (self, other) {
            (Json::Null, Json::Null) => true,
            (Json::Boolean(a), Json::Boolean(b)) => a == b,
            (Json::Number(a), Json::Number(b)) => a == b,
            (Json::Text(a), Json::Text(b)) => a == b,
            (Json::List(a), Json::List(b)) => a == b,
            (Json::Object(a), Json::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(key, value)| other.get(key) == Some(value))
            }
            _ => false,
        }
    }
}

impl FromStr for Json {
    type Err = String;

    fn from_str(text: &str) -> Result<Json, String> {
        parse::parse(text)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Boolean(value) => write!(f, "{value}"),
            Json::Number(value) => write!(f, "{value}"),
            Json::Text(text) => quote(text, f),
            Json::List(items) => {
                let items: Vec<_> = items.iter().map(|item| item.to_string()).collect();
                write!(f, "[{}]", items.join(","))
            }
            Json::Object(fields) => {
                let field =
                    |(key, value): &(String, _)| format!("{}:{value}", Json::Text(key.clone()));
                let fields: Vec<_> = fields.iter().map(field).collect();
                write!(f, "{{{}}}", fields.join(","))
            }
        }
    }
}

fn quote(text: &str, f: &mut fmt::Formatter) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            c if c < ' ' => write!(f, "\\u{:04x}", c as u32)?,
            c => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}
