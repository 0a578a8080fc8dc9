//! Rules as authors write them, through the whole of the crate.

use crate::prelude::*;
use crate::testing::Decision;

crate::policy! {
    operations: [list, view, create, update],
    codes: [sign_in_required, field_forbidden, too_long],
    fields: [title, tags, author, published, private, bio, email, role, r#type, undeclared],
    sets: { settled: [author, r#type] },
    writes: [author, title, r#type],
    masks: [bio, email],
    relations: [author],
    caller: [role],
}

fn list(c: &mut List) -> Verdict {
    let seen = field(published).equals(true);
    if !c.signed_in() {
        c.narrow(seen);
        return allow();
    }
    c.narrow(seen.or(field(author).any().equals(c.caller().id())));
    c.narrow(
        field(title)
            .not_like("draft")
            .and(field(r#type).is_not_null()),
    );
    allow()
}

fn view(c: &mut View) -> Verdict {
    let record = c.stored();
    if record.get(title) == "panic" {
        panic!("asked to");
    }
    if record.get(private).is_true() && !c.caller().is(record) {
        c.mask(bio);
        c.mask(email);
    }
    match c.reason() {
        Reason::FILE => hide(),
        Reason::EXPANDED => hide().status(410),
        _ => allow(),
    }
}

fn create(c: &mut Create) -> Verdict {
    if c.caller().get(role) == "admin" {
        c.set(title, text!["By ", c.caller().id(), " ", 7]);
        c.set(author, Null);
        c.set(r#type, 2);
        return allow().code(too_long);
    }
    if c.incoming().get(title).size() > 5 {
        return refuse(too_long, "A title has five characters at most.").status(422);
    }
    if c.incoming().has(undeclared) {
        c.set(undeclared().name(), true); // a plain name is looked at by the host
    }
    log("made");
    c.unset(author);
    allow()
}

fn update(c: &mut Update) -> Verdict {
    let touched = c.incoming().first_in(settled);
    if let Some(name) = touched {
        return refuse(field_forbidden, text![name, " can't be changed."]);
    }
    if c.incoming().modifier(tags) == Modifier::REMOVE {
        return hide();
    }
    // A variable may be called like a field.
    let author = c.stored().relation(author);
    if author.get(title).text() == Some("Dr") && author.get(undeclared).text().is_none() {
        return allow();
    }
    refuse(sign_in_required, "")
}

const ANN: &str = r#"{"id":"ann","collectionId":"u","role":"user","bio":"unseen"}"#;
const ADMIN: &str = r#"{"id":"root","collectionId":"u","role":"admin"}"#;

#[test]
fn lists_are_narrowed() {
    POLICY.call().list().allowed().narrows("published = true");
    let narrowed = "((published = true || author ?= 'ann') && (title !~ 'draft' && type != null))";
    POLICY.call().caller(ANN).list().allowed().narrows(narrowed);
}

#[test]
fn fields_are_masked_for_others() {
    let private = || {
        POLICY
            .call()
            .stored(r#"{"id":"ann","collectionId":"u","private":true}"#)
    };
    private().view().allowed().masks(&["email", "bio"]);
    private()
        .caller(ADMIN)
        .view()
        .allowed()
        .masks(&["bio", "email"]);
    private().caller(ANN).view().allowed().masks(&[]);
    private()
        .caller(ANN)
        .reason(Reason::FILE)
        .view()
        .hidden()
        .masks(&[]);
    assert_eq!(private().reason(Reason::EXPANDED).view().status, 410);
}

#[test]
fn a_page_is_judged_record_by_record() {
    let plain = r#"{"id":"a"}"#;
    let private = r#"{"id":"b","collectionId":"u","private":true}"#;
    let poisoned = r#"{"id":"c","title":"panic"}"#;
    let f = |records: &[&str], want: &[(Decision, &str, usize)]| {
        let outcomes = POLICY.call().page(records);
        let told = |o: &crate::testing::Outcome| (o.decision, o.code.clone(), o.masked.len());
        let want: Vec<_> = want
            .iter()
            .map(|(d, code, masks)| (*d, code.to_string(), *masks))
            .collect();
        assert_eq!(outcomes.iter().map(told).collect::<Vec<_>>(), want);
    };
    let (seen, masked) = ((Decision::Allow, "", 0), (Decision::Allow, "", 2));
    f(&[], &[]);
    f(&[plain, private, plain], &[seen, masked, seen]);
    f(
        &[private, poisoned, plain],
        &[masked, (Decision::Refuse, "policy_trapped", 0), seen],
    );
}

#[test]
fn writes_take_effect_when_allowed() {
    let outcome = POLICY.call().caller(ADMIN).incoming("{}").create();
    outcome
        .allowed()
        .writes(r#"{"title":"By root 7","author":null,"type":2}"#);
    assert_eq!(outcome.code, "too_long");

    let made = POLICY
        .call()
        .caller(ANN)
        .incoming(r#"{"title":"Hellö"}"#)
        .create();
    made.allowed().writes("{}");
    assert_eq!(
        (made.unset, made.log),
        (vec!["author".to_string()], vec!["made".to_string()])
    );

    let long = POLICY.call().incoming(r#"{"title":"Hello!"}"#).create();
    long.refused("too_long").writes("{}");
    assert_eq!(
        (long.status, long.message.as_str()),
        (422, "A title has five characters at most.")
    );
}

#[test]
fn what_was_not_declared_refuses() {
    let outcome = POLICY.call().incoming(r#"{"undeclared":1}"#).create();
    outcome.refused("policy_invalid");
    assert!(
        outcome
            .fault
            .contains("`undeclared` is not among the policy's writes"),
        "{}",
        outcome.fault
    );

    let outcome = POLICY.call().stored("{}").delete();
    outcome.refused("policy_invalid");
    assert_eq!(outcome.fault, "the call ended without a verdict");
}

#[test]
fn outcomes_that_are_not_wanted_are_told() {
    let outcome = POLICY.call().stored("{}").incoming("{}").update();
    let told = |f: &dyn Fn()| {
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f));
        let told = ended.expect_err("it is refused").downcast::<String>();
        told.expect("a message")
    };
    let f = |told: Box<String>, want: &str| assert!(told.starts_with(want), "{told}");
    f(
        told(&|| {
            outcome.allowed();
        }),
        "want Allow; got Outcome",
    );
    f(
        told(&|| {
            outcome.hidden();
        }),
        "want Hide; got Outcome",
    );
    f(
        told(&|| {
            outcome.refused("too_long");
        }),
        "want Refuse too_long; got Outcome",
    );
}

#[test]
fn records_are_of_a_collection() {
    let f = |caller: &str, stored: &str, want: &str| {
        let case = POLICY.call().caller(caller).stored(stored);
        let call = case.state(
            crate::abi::phase::RECORD,
            crate::abi::operation::VIEW,
            vec![],
        );
        let told = |root| format!("{}", call.roots[&root]);
        let roots = (
            told(crate::abi::root::CALLER),
            told(crate::abi::root::STORED),
        );
        assert_eq!(format!("{} {}", roots.0, roots.1), want);
    };
    f(
        r#"{"id":"ann"}"#,
        r#"{"id":"p"}"#,
        r#"{"id":"ann","collectionId":"users","collectionName":"users"} {"id":"p","collectionId":"hapta","collectionName":"hapta"}"#,
    );
    f(
        r#"{"collectionName":"staff"}"#,
        r#"{"collectionId":"x"}"#,
        r#"{"collectionName":"staff","collectionId":"staff"} {"collectionId":"x","collectionName":"hapta"}"#,
    );
}

#[test]
fn texts_and_values_are_compared_either_way() {
    const EITHER: crate::Policy = crate::Policy {
        manifest: POLICY.manifest,
        view: Some(
            |c| match ("ann" == c.caller().id(), *"bob" == c.caller().id()) {
                (true, false) => allow(),
                _ => hide(),
            },
        ),
        ..crate::Policy::NONE
    };
    let case = EITHER.call().stored("{}");
    case.clone().caller(ANN).view().allowed();
    case.clone().caller(r#"{"id":"bob"}"#).view().hidden();
    case.view().hidden();
}

#[test]
fn refusals_have_statuses_of_refusals() {
    let f = |status| std::panic::catch_unwind(|| hide().status(status)).is_ok();
    assert!(f(400) && f(499));
    assert!(!f(399) && !f(500) && !f(0));
}

#[test]
fn a_panic_refuses() {
    let outcome = POLICY.call().stored(r#"{"title":"panic"}"#).view();
    outcome.refused("policy_trapped");
    assert_eq!(outcome.fault, "asked to");
}

#[test]
fn incoming_fields_go_by_their_base_names() {
    let f = |incoming: &str, code: &str, message: &str| {
        let outcome = POLICY
            .call()
            .stored(r#"{"id":"p"}"#)
            .related("author", r#"{"title":"Dr"}"#);
        let outcome = outcome.incoming(incoming).update();
        assert_eq!(
            (outcome.code.as_str(), outcome.message.as_str()),
            (code, message),
            "{incoming}"
        );
    };
    f(r#"{"title":"x"}"#, "", "");
    f(
        r#"{"title":"x","type+":1,"author":2}"#,
        "field_forbidden",
        "type can't be changed.",
    );
    f(
        r#"{"+author":["x"]}"#,
        "field_forbidden",
        "author can't be changed.",
    );
    f(r#"{"tags+":["x"]}"#, "", "");
    let removed = POLICY
        .call()
        .stored("{}")
        .incoming(r#"{"tags-":["x"]}"#)
        .update();
    assert_eq!(removed.hidden().status, 404);
    POLICY
        .call()
        .stored("{}")
        .incoming("{}")
        .update()
        .refused("sign_in_required");
}

#[test]
fn manifest_has_what_was_declared() {
    let want = concat!(
        r#"{"name":"hapta","operations":["list","view","create","update"],"#,
        r#""codes":["sign_in_required","field_forbidden","too_long"],"writes":["author","title","type"],"#,
        r#""masks":["bio","email"],"relations":["author"],"caller":["role"]}"#,
    );
    assert_eq!(core::str::from_utf8(POLICY.manifest), Ok(want));
}
