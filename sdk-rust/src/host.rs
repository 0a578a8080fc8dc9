//! The host functions as safe Rust, one for one. Their meaning is the ABI's; the
//! native counterpart for tests is `testing::host`.

use crate::abi;
use crate::memory;

/// Host functions that take and give numbers only: the host checks each of them
/// and traps on misuse, so none can harm this module's memory.
macro_rules! plain {
    ($( fn $name:ident($($arg:ident: $type:ty),*) $(-> $result:ty)?; )*) => {$(
        #[inline(always)]
        pub fn $name($($arg: $type),*) $(-> $result)? {
            unsafe { abi::$name($($arg),*) }
        }
    )*};
}

plain! {
    fn root(root: i32) -> i32;
    fn get(handle: i32, name: i32) -> i32;
    fn at(handle: i32, index: i32) -> i32;
    fn key(handle: i32, index: i32) -> i32;
    fn relation(handle: i32, name: i32) -> i32;
    fn kind(handle: i32) -> i32;
    fn size(handle: i32) -> i32;
    fn boolean(handle: i32) -> i32;
    fn number(handle: i32) -> f64;
    fn integer(handle: i32) -> i64;
    fn modifier(handle: i32, name: i32) -> i32;
    fn now() -> i64;
    fn equals(handle: i32, other: i32) -> i32;
    fn equals_name(handle: i32, name: i32) -> i32;
    fn compare(handle: i32, other: i32) -> i32;
    fn contains(handle: i32, other: i32) -> i32;
    fn blank(handle: i32) -> i32;
    fn first_in(handle: i32, set: i32) -> i32;
    fn first_not_in(handle: i32, set: i32) -> i32;
    fn select(index: i32);
    fn set_null(name: i32);
    fn set_bool(name: i32, value: i32);
    fn set_number(name: i32, value: f64);
    fn set_value(name: i32, handle: i32);
    fn unset(name: i32);
    fn mask(name: i32);
    fn where_null(name: i32, comparison: i32) -> i32;
    fn where_bool(name: i32, comparison: i32, value: i32) -> i32;
    fn where_number(name: i32, comparison: i32, value: f64) -> i32;
    fn where_value(name: i32, comparison: i32, handle: i32) -> i32;
    fn all_of(node: i32, other: i32) -> i32;
    fn any_of(node: i32, other: i32) -> i32;
    fn narrow(node: i32);
}

/// Host functions whose last argument is a text, passed as address and length.
macro_rules! with_text {
    ($( fn $name:ident($($arg:ident: $type:ty),*) $(-> $result:ty)?; )*) => {$(
        #[inline(always)]
        pub fn $name($($arg: $type,)* text: &str) $(-> $result)? {
            unsafe { abi::$name($($arg,)* text.as_ptr(), text.len()) }
        }
    )*};
}

with_text! {
    fn name() -> i32;
    fn code() -> i32;
    fn get_text(handle: i32) -> i32;
    fn equals_text(handle: i32) -> i32;
    fn contains_text(handle: i32) -> i32;
    fn glob(handle: i32) -> i32;
    fn verdict(verdict: i32, code: i32, status: i32);
    fn set_text(name: i32);
    fn where_text(name: i32, comparison: i32) -> i32;
    fn log();
}

pub fn name_set(names: &[i32]) -> i32 {
    unsafe { abi::name_set(names.as_ptr(), names.len() as i32) }
}

/// The text behind a handle; `None` when it is absent. The first try offers all
/// memory there is, so that most texts take one host call.
pub fn read(handle: i32) -> Option<&'static str> {
    if handle == 0 {
        return None; // the host would say the same
    }
    let mut room = memory::room();
    loop {
        let size = unsafe { abi::read(handle, room.as_mut_ptr(), room.len()) };
        if size < 0 {
            return None;
        }
        if size as usize <= room.len() {
            // The host hands out UTF-8 only.
            return Some(unsafe { core::str::from_utf8_unchecked(memory::take(size as usize)) });
        }
        room = memory::grow(size as usize);
    }
}
