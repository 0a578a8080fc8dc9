//! The steps of a conformance vector.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use super::vectors::text;
use crate::abi::verdict;
use crate::testing::host;
use crate::testing::Json;

/// The steps of one vector. Those that pass text that isn't UTF-8 are left out,
/// for Rust can't say them.
pub struct Steps(Vec<Rc<Json>>);

impl Steps {
    pub fn new(steps: &[Rc<Json>]) -> Steps {
        Steps(steps.iter().filter(|step| can_say(step)).cloned().collect())
    }

    /// Which step has to trap.
    pub fn trap(&self) -> Option<usize> {
        self.0.iter().position(|step| step.get("traps").is_some())
    }

    /// Takes the steps, and notes which one it is at.
    pub fn perform(&self, reached: &Cell<usize>) {
        let mut results = HashMap::new();
        for (at, step) in self.0.iter().enumerate() {
            reached.set(at);
            let result = Call::new(step, &results).perform();
            check(step, result);
            results.insert(text(step, "to"), result);
        }
        if !self.0.iter().any(|step| text(step, "do") == "verdict") {
            host::verdict(verdict::ALLOW, 0, 0, "");
        }
    }
}

fn args(step: &Json) -> &[Rc<Json>] {
    match step.get("args").map(|args| &**args) {
        Some(Json::List(args)) => args,
        _ => &[],
    }
}

fn can_say(step: &Json) -> bool {
    let unfit = |arg: &Rc<Json>| arg.get("bytes").is_some() && bytes(arg).is_none();
    !args(step).iter().any(unfit)
}

/// `{"bytes": "c3a9"}` as text.
fn bytes(arg: &Json) -> Option<String> {
    let digits = text(arg, "bytes");
    let pairs = (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16));
    String::from_utf8(pairs.collect::<Result<_, _>>().ok()?).ok()
}

fn check(step: &Json, result: f64) {
    if let Some(Json::Number(want)) = step.get("is").map(|want| &**want) {
        assert_eq!(result, *want, "{step}");
    }
    if step.get("reads").is_some() {
        assert_eq!(
            host::equals_text(result as i32, &text(step, "reads")),
            1,
            "{step}"
        );
    }
}

/// One host call, with its arguments in the order in which they are passed.
struct Call {
    function: String,
    numbers: Vec<f64>,
    text: String,
}

impl Call {
    fn new(step: &Json, results: &HashMap<String, f64>) -> Call {
        let mut call = Call {
            function: text(step, "do"),
            numbers: Vec::new(),
            text: String::new(),
        };
        for arg in args(step) {
            call.pass(arg, results);
        }
        call
    }

    fn pass(&mut self, arg: &Json, results: &HashMap<String, f64>) {
        let member = arg
            .fields()
            .first()
            .map(|(kind, value)| (kind.as_str(), &**value));
        let number = match (arg, member) {
            (Json::Number(number), _) => *number,
            (Json::Text(name), _) => results[&name[1..]],
            (_, Some(("f64", Json::Number(number)))) => *number,
            (_, Some(("name", Json::Text(name)))) => f64::from(host::name(name)),
            (_, Some(("code", Json::Text(code)))) => f64::from(host::code(code)),
            (_, Some(("set", Json::List(names)))) => f64::from(set(names)),
            (_, Some(("text", Json::Text(text)))) => return self.text = text.clone(),
            (_, Some(("bytes", _))) => return self.text = bytes(arg).unwrap_or_default(),
            (_, Some(("room", _))) => return,
            _ => panic!("{arg} is no argument"),
        };
        self.numbers.push(number);
    }

    fn int(&self, at: usize) -> i32 {
        self.numbers[at] as i32
    }

    /// The text that was passed, or else memory of this length from 0 on, which
    /// holds zeros.
    fn text(&self, len_at: usize) -> String {
        match self.numbers.get(len_at) {
            Some(len) => "\0".repeat(*len as usize),
            None => self.text.clone(),
        }
    }

    fn perform(&self) -> f64 {
        match self.function.as_str() {
            "number" => host::number(self.int(0)),
            "integer" => host::integer(self.int(0)) as f64,
            "now" => host::now() as f64,
            "read" => host::read(self.int(0)).map_or(-1.0, |text| text.len() as f64),
            _ => f64::from(self.ask().unwrap_or_else(|| self.decide())),
        }
    }

    fn ask(&self) -> Option<i32> {
        let first = || self.int(0);
        let second = || self.int(1);
        Some(match self.function.as_str() {
            "root" => host::root(first()),
            "get" => host::get(first(), second()),
            "get_text" => host::get_text(first(), &self.text(2)),
            "at" => host::at(first(), second()),
            "key" => host::key(first(), second()),
            "relation" => host::relation(first(), second()),
            "kind" => host::kind(first()),
            "size" => host::size(first()),
            "boolean" => host::boolean(first()),
            "modifier" => host::modifier(first(), second()),
            "equals" => host::equals(first(), second()),
            "equals_text" => host::equals_text(first(), &self.text(2)),
            "equals_name" => host::equals_name(first(), second()),
            "compare" => host::compare(first(), second()),
            "contains" => host::contains(first(), second()),
            "contains_text" => host::contains_text(first(), &self.text(2)),
            "glob" => host::glob(first(), &self.text(2)),
            "blank" => host::blank(first()),
            "first_in" => host::first_in(first(), second()),
            "first_not_in" => host::first_not_in(first(), second()),
            "where_null" => host::where_null(first(), second()),
            "where_bool" => host::where_bool(first(), second(), self.int(2)),
            "where_number" => host::where_number(first(), second(), self.numbers[2]),
            "where_text" => host::where_text(first(), second(), &self.text(3)),
            "where_value" => host::where_value(first(), second(), self.int(2)),
            "all_of" => host::all_of(first(), second()),
            "any_of" => host::any_of(first(), second()),
            _ => return None,
        })
    }

    fn decide(&self) -> i32 {
        let first = self.int(0);
        match self.function.as_str() {
            "select" => host::select(first),
            "verdict" => host::verdict(first, self.int(1), self.int(2), &self.text(4)),
            "set_null" => host::set_null(first),
            "set_bool" => host::set_bool(first, self.int(1)),
            "set_number" => host::set_number(first, self.numbers[1]),
            "set_text" => host::set_text(first, &self.text(2)),
            "set_value" => host::set_value(first, self.int(1)),
            "unset" => host::unset(first),
            "mask" => host::mask(first),
            "narrow" => host::narrow(first),
            "log" => host::log(&self.text(1)),
            other => panic!("the native host has no {other}"),
        }
        0
    }
}

fn set(names: &[Rc<Json>]) -> i32 {
    let id = |name: &Rc<Json>| match &**name {
        Json::Text(name) => host::name(name),
        other => panic!("{other} is no name"),
    };
    host::name_set(&names.iter().map(id).collect::<Vec<_>>())
}
