//! The ABI's conformance vectors, run on the native host. `abi/testdata` says
//! what their members mean.

use std::cell::Cell;
use std::rc::Rc;

use super::step::Steps;
use crate::abi::{operation, phase, root};
use crate::policy::Policy;
use crate::testing::{Case, Json, Outcome};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../abi/testdata");

const MANIFEST: &str = r#"{"name":"vectors","operations":["list","view","create","update","delete"],
    "codes":["failed","other"],"writes":["author","count","flag"],"masks":["bio","email"],
    "relations":["post","tags"]}"#;

#[test]
fn conformance() {
    let folder = match std::fs::read_dir(FOLDER) {
        Ok(folder) => folder,
        Err(_) => return, // the published crate comes without them
    };
    let mut ran = 0;
    for entry in folder {
        let path = entry.expect("a folder that can be read").path();
        if path
            .extension()
            .map_or(true, |extension| extension != "json")
        {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a file that can be read");
        let vectors: Json = text.parse().unwrap_or_else(|why| panic!("{why}"));
        for vector in items(&vectors) {
            run(vector);
            ran += 1;
        }
    }
    assert!(ran > 100, "{ran} vectors are too few");
}

fn items(list: &Json) -> &[Rc<Json>] {
    match list {
        Json::List(items) => items,
        _ => &[],
    }
}

pub(super) fn text(object: &Json, key: &str) -> String {
    match object.get(key).map(|value| &**value) {
        Some(Json::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

fn run(vector: &Json) {
    let name = text(vector, "name");
    if name.contains("outside memory") || name.contains("outside init") {
        return; // the native host has neither
    }
    let (phase, operation) = kind_of_call(vector);
    let case = case(vector);
    let records = match vector.get("page") {
        Some(page) => items(page)
            .iter()
            .map(|record| case.record(record.clone()))
            .collect(),
        None => case.stored_for(operation),
    };
    let steps = Steps::new(vector.get("steps").map_or(&[], |steps| items(steps)));
    let reached = Cell::new(0);
    let outcomes = case.run(phase, operation, records, || steps.perform(&reached));
    let fault = &outcomes[0].fault;
    match steps.trap() {
        Some(step) => {
            assert!(
                reached.get() == step,
                "{name}: step {} trapped: {fault}",
                reached.get()
            );
            assert_eq!(outcomes[0].code, "policy_invalid", "{name}: {fault}");
        }
        None => {
            assert!(fault.is_empty(), "{name}: step {}: {fault}", reached.get());
            compare(&name, vector, &outcomes);
        }
    }
}

fn kind_of_call(vector: &Json) -> (i32, i32) {
    let (phase, usual) = match text(vector, "phase").as_str() {
        "filter" => (phase::FILTER, operation::LIST),
        "before" => (phase::BEFORE, operation::CREATE),
        "page" => (phase::PAGE, operation::VIEW),
        _ => (phase::RECORD, operation::VIEW),
    };
    let operation = match text(vector, "operation").as_str() {
        "update" => operation::UPDATE,
        "delete" => operation::DELETE,
        _ => usual,
    };
    (phase, operation)
}

fn case(vector: &Json) -> Case {
    let policy = Policy {
        manifest: MANIFEST.as_bytes(),
        ..Policy::NONE
    };
    let mut case = policy.call().now(1_714_564_800_123);
    case.roots.clear();
    let roots = [
        ("caller", root::CALLER),
        ("session", root::SESSION),
        ("request", root::REQUEST),
        ("query", root::QUERY),
        ("headers", root::HEADERS),
        ("stored", root::STORED),
    ];
    for (key, root) in roots {
        if let Some(value) = vector.get(key) {
            case.roots.insert(root, value.clone());
        }
    }
    for (field, records) in vector
        .get("relations")
        .map_or(&[][..], |relations| relations.fields())
    {
        case = case.related(field, &records.to_string());
    }
    case.incoming(&incoming(vector).to_string())
}

/// The fields that come in, as a client names them.
fn incoming(vector: &Json) -> Json {
    let sent = |field: &Rc<Json>| {
        let name = text(field, "name");
        let name = match text(field, "modifier").as_str() {
            "append" => name + "+",
            "prepend" => format!("+{name}"),
            "remove" => name + "-",
            "autogenerate" => name + ":autogenerate",
            _ => name,
        };
        (
            name,
            field.get("value").cloned().expect("an incoming value"),
        )
    };
    let fields = vector
        .get("incoming")
        .map_or(&[][..], |fields| items(fields));
    Json::Object(fields.iter().map(sent).collect())
}

fn compare(name: &str, vector: &Json, outcomes: &[Outcome]) {
    let decision = match vector.get("decision") {
        Some(decision) => decision,
        None => return,
    };
    let wanted = match &**decision {
        Json::List(decisions) => decisions.clone(),
        _ => vec![decision.clone()],
    };
    assert_eq!(wanted.len(), outcomes.len(), "{name}");
    for (want, got) in wanted.iter().zip(outcomes) {
        let got = told(got);
        assert!(**want == got, "{name}: decided {got}; want {want}");
    }
}

/// An outcome as vectors write it.
fn told(outcome: &Outcome) -> Json {
    let mut members = Vec::new();
    let mut tell = |key: &str, value: Json| members.push((key.to_string(), Rc::new(value)));
    tell(
        "verdict",
        Json::Text(format!("{:?}", outcome.decision).to_lowercase()),
    );
    for (key, text) in [
        ("code", &outcome.code),
        ("message", &outcome.message),
        ("filter", &outcome.filter),
    ] {
        if !text.is_empty() {
            tell(key, Json::Text(text.clone()));
        }
    }
    if outcome.status != 0 {
        tell("status", Json::Number(f64::from(outcome.status)));
    }
    let list = |items: Vec<Json>| Json::List(items.into_iter().map(Rc::new).collect());
    let effects = effects(outcome);
    if !effects.is_empty() {
        tell("effects", list(effects));
    }
    if !outcome.masked.is_empty() {
        tell(
            "masks",
            list(outcome.masked.iter().cloned().map(Json::Text).collect()),
        );
    }
    Json::Object(members)
}

fn effects(outcome: &Outcome) -> Vec<Json> {
    let effect = |name: &String, key: &str, value: Rc<Json>| {
        let name = Rc::new(Json::Text(name.clone()));
        Json::Object(vec![("name".into(), name), (key.into(), value)])
    };
    let set = outcome
        .written
        .fields()
        .iter()
        .map(|(name, value)| effect(name, "value", value.clone()));
    let yes = || Rc::new(Json::Boolean(true));
    let unset = outcome
        .unset
        .iter()
        .map(|name| effect(name, "unset", yes()));
    set.chain(unset).collect()
}
