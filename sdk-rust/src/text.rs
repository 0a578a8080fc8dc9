//! Texts: read from the host, or joined from parts.

use crate::value::Value;

/// A text that lives as long as the call. Nothing of a policy's memory outlives
/// one, so it needs no owner.
pub type Text = &'static str;

/// What [`text!`](crate::text!) joins: texts, whole numbers, and values that are
/// texts.
pub trait Part {
    /// The part as a text. A value that is absent reads as an empty one.
    fn part(&self) -> &str;
}

impl Part for str {
    fn part(&self) -> &str {
        self
    }
}

impl<P: Part + ?Sized> Part for &P {
    fn part(&self) -> &str {
        (*self).part()
    }
}

impl Part for Value {
    fn part(&self) -> &str {
        self.text().unwrap_or("")
    }
}

impl Part for i32 {
    fn part(&self) -> &str {
        decimal(i64::from(*self))
    }
}

impl Part for i64 {
    fn part(&self) -> &str {
        decimal(*self)
    }
}

/// Joins parts to one text: `text!["You can't change ", field, "."]`.
#[macro_export]
macro_rules! text {
    ($($part:expr),* $(,)?) => {
        $crate::join(&[$($crate::Part::part(&$part)),*])
    };
}

/// Joins texts to one; what the macro [`text!`](crate::text!) calls.
pub fn join(parts: &[&str]) -> Text {
    let size = parts
        .iter()
        .map(|part| part.len())
        .fold(0, usize::wrapping_add);
    let joined = room(size);
    let mut rest = joined.iter_mut();
    for part in parts {
        for (from, to) in part.bytes().zip(rest.by_ref()) {
            *to = from;
        }
    }
    // Whole UTF-8 texts one after another are UTF-8.
    unsafe { core::str::from_utf8_unchecked(joined) }
}

#[cfg(target_arch = "wasm32")]
use crate::memory::take as room;

#[cfg(not(target_arch = "wasm32"))]
fn room(size: usize) -> &'static mut [u8] {
    Box::leak(vec![0; size].into_boxed_slice())
}

/// A whole number as digits, without the weight of `core::fmt`.
fn decimal(number: i64) -> Text {
    let mut digits = [0; 20];
    let mut rest = number.unsigned_abs();
    let mut begin = digits.len();
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        begin -= 1;
        if rest == 0 {
            break;
        }
    }
    let digits = core::str::from_utf8(digits.get(begin..).unwrap_or(&[])).unwrap_or("");
    join(&[if number < 0 { "-" } else { "" }, digits])
}

/// At most `most` bytes of a text, cut between two characters.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    loop {
        match text.get(..end) {
            Some(cut) => return cut,
            None => end -= 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_joined() {
        assert_eq!(
            text!["a", "", -7, "b", i64::MIN],
            "a-7b-9223372036854775808"
        );
        assert_eq!(text![], "");
    }

    #[test]
    fn a_cut_text_stays_a_text() {
        let f = |most, want: &str| assert_eq!(cut("aé€", most), want);
        f(0, "");
        f(1, "a");
        f(2, "a");
        f(3, "aé");
        f(5, "aé");
        f(6, "aé€");
        f(7, "aé€");
    }
}
