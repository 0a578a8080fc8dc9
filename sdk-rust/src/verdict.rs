//! The decision.

use crate::abi::{limit, verdict};
use crate::host;
use crate::name::Code;
use crate::text::{cut, Text};

/// What a policy decided: made by [`allow`], [`refuse`] and [`hide`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a verdict counts when the rule returns it"]
pub struct Verdict {
    verdict: i32,
    code: i32,
    status: i32,
    message: Text,
}

/// Lets the operation go on.
pub fn allow() -> Verdict {
    decide(verdict::ALLOW)
}

/// Refuses with status 403, a code for programs and a message for people. The
/// message is cut after 1,000 bytes.
pub fn refuse(code: impl FnOnce() -> Code, message: Text) -> Verdict {
    Verdict {
        message: cut(message, limit::MESSAGE as usize),
        ..decide(verdict::REFUSE).code(code)
    }
}

/// Answers 404, as if the record did not exist.
pub fn hide() -> Verdict {
    decide(verdict::HIDE)
}

const fn decide(verdict: i32) -> Verdict {
    Verdict {
        verdict,
        code: 0,
        status: 0,
        message: "",
    }
}

impl Verdict {
    /// The same verdict with a code, to tell which rule decided.
    pub fn code(mut self, code: impl FnOnce() -> Code) -> Verdict {
        self.code = code().0;
        self
    }

    /// The same refusal with another HTTP status, from 400 to 499; others panic.
    #[inline(always)] // so that nothing is left of the check where the status is written out
    #[track_caller]
    pub fn status(mut self, status: u16) -> Verdict {
        let fitting = (limit::STATUS_LEAST..=limit::STATUS_MOST).contains(&i32::from(status));
        assert!(fitting, "a refusal's status is 400 to 499");
        self.status = i32::from(status);
        self
    }

    pub(crate) fn tell(self) {
        host::verdict(self.verdict, self.code, self.status, self.message)
    }
}
