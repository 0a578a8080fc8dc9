//! What came of a call.

use super::json::Json;
use super::state::{Judged, State};
use crate::abi::{limit, phase, verdict};

/// Which way a policy decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Decision {
    Allow,
    Refuse,
    Hide,
}

impl Decision {
    /// The verdict of these numbers, which have to be fit for each other.
    pub(super) fn of(kind: i32, code: i32, status: i32) -> Result<Decision, String> {
        let fitting = status == 0 || (limit::STATUS_LEAST..=limit::STATUS_MOST).contains(&status);
        match kind {
            verdict::ALLOW if status != 0 => Err("an allowing verdict has no status".into()),
            verdict::REFUSE if code == 0 => Err("a refusal needs a code".into()),
            _ if !fitting => Err(format!("the status {status} is not from 400 to 499")),
            verdict::ALLOW => Ok(Decision::Allow),
            verdict::REFUSE => Ok(Decision::Refuse),
            verdict::HIDE => Ok(Decision::Hide),
            _ => Err(format!("the verdict {kind} is unknown")),
        }
    }

    fn default_status(self) -> i32 {
        match self {
            Decision::Allow => 0,
            Decision::Refuse => 403,
            Decision::Hide => 404,
        }
    }
}

/// What came of a call. The methods assert, tell what came instead, and may be
/// chained.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Which way it went; a rule that traps refuses.
    pub decision: Decision,
    /// The verdict's code, `policy_trapped` or `policy_invalid`; empty for none.
    pub code: String,
    /// The message for people.
    pub message: String,
    /// The HTTP status of a refusal; 0 when allowed.
    pub status: i32,
    /// The fields that are written, as an object.
    pub written: Json,
    /// The fields that are taken out of what is written.
    pub unset: Vec<String>,
    /// The fields that are left out of the answer.
    pub masked: Vec<String>,
    /// The filter that a list is narrowed by; empty for none.
    pub filter: String,
    /// What the policy logged.
    pub log: Vec<String>,
    /// Why a rule that didn't come to a verdict was stopped; empty for none.
    pub fault: String,
}

impl Outcome {
    /// What came of a call that ended by itself, or else the panic's message.
    pub(super) fn of(state: &State, judged: &Judged, panic: Option<&str>) -> Outcome {
        let fault = match (panic, &state.misuse, judged.decision) {
            (_, Some(misuse), _) => Some(("policy_invalid", misuse.as_str())),
            (Some(message), None, _) => Some(("policy_trapped", message)),
            (None, None, None) => Some(("policy_invalid", "the call ended without a verdict")),
            (None, None, Some(_)) => None,
        };
        let mut outcome = match (fault, judged.decision) {
            (None, Some(decision)) => decided(state, judged, decision),
            (fault, _) => faulty(fault.unwrap_or_default()),
        };
        outcome.log = state.log.clone();
        outcome
    }

    /// Asserts that the operation is allowed.
    #[track_caller]
    pub fn allowed(&self) -> &Outcome {
        self.decided(Decision::Allow)
    }

    /// Asserts that the operation is refused with this code.
    #[track_caller]
    pub fn refused(&self, code: &str) -> &Outcome {
        let same = self.decision == Decision::Refuse && self.code == code;
        assert!(same, "want Refuse {code}; got {self:#?}");
        self
    }

    /// Asserts that the record is hidden.
    #[track_caller]
    pub fn hidden(&self) -> &Outcome {
        self.decided(Decision::Hide)
    }

    /// Asserts that exactly these fields are written, as a JSON object.
    #[track_caller]
    pub fn writes(&self, object: &str) -> &Outcome {
        match object.parse::<Json>() {
            Ok(want) => assert!(
                self.written == want,
                "want {want} to be written; got {self:#?}"
            ),
            Err(why) => panic!("{why}"),
        }
        self
    }

    /// Asserts that exactly these fields are masked, in any order.
    #[track_caller]
    pub fn masks(&self, fields: &[&str]) -> &Outcome {
        let same = fields.len() == self.masked.len()
            && self
                .masked
                .iter()
                .all(|name| fields.contains(&name.as_str()));
        assert!(same, "want {fields:?} to be masked; got {self:#?}");
        self
    }

    /// Asserts that the list is narrowed by exactly this filter, in which each
    /// joined pair has its parentheses; empty for not at all.
    #[track_caller]
    pub fn narrows(&self, filter: &str) -> &Outcome {
        assert!(
            self.filter == filter,
            "want the filter {filter}; got {self:#?}"
        );
        self
    }

    #[track_caller]
    fn decided(&self, decision: Decision) -> &Outcome {
        let same = self.decision == decision;
        assert!(same, "want {decision:?}; got {self:#?}");
        self
    }
}

fn faulty((code, why): (&str, &str)) -> Outcome {
    Outcome {
        decision: Decision::Refuse,
        code: code.into(),
        message: String::new(),
        status: 403,
        written: Json::Object(Vec::new()),
        unset: Vec::new(),
        masked: Vec::new(),
        filter: String::new(),
        log: Vec::new(),
        fault: why.into(),
    }
}

/// Effects come with an allowing verdict alone.
fn decided(state: &State, judged: &Judged, decision: Decision) -> Outcome {
    let mut outcome = Outcome {
        decision,
        status: if judged.status == 0 {
            decision.default_status()
        } else {
            judged.status
        },
        message: judged.message.clone(),
        ..faulty((&judged.code, ""))
    };
    if decision != Decision::Allow {
        return outcome;
    }
    let set = judged
        .written
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), value.clone()?)));
    outcome.written = Json::Object(set.collect());
    let unset = judged.written.iter().filter(|(_, value)| value.is_none());
    outcome.unset = unset.map(|(name, _)| name.clone()).collect();
    outcome.masked = judged.masked.clone();
    if state.phase == phase::FILTER {
        let both = |a: String, b: &String| format!("({a} && {b})");
        let first = state.narrowed.first().cloned().unwrap_or_default();
        outcome.filter = state.narrowed.iter().skip(1).fold(first, both);
    }
    outcome
}
