//! What a policy is made of, and the macro that declares it.

use crate::abi::operation;
use crate::host;
use crate::name;
use crate::operations::{Create, Delete, List, Update, View};
use crate::verdict::Verdict;

/// A policy's rules, one for each operation that it handles. [`policy!`] makes
/// one called `POLICY`, which tests call.
///
/// [`policy!`]: crate::policy!
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub struct Policy {
    #[doc(hidden)]
    pub manifest: &'static [u8],
    pub list: Option<fn(&mut List) -> Verdict>,
    pub view: Option<fn(&mut View) -> Verdict>,
    pub create: Option<fn(&mut Create) -> Verdict>,
    pub update: Option<fn(&mut Update) -> Verdict>,
    pub delete: Option<fn(&mut Delete) -> Verdict>,
}

/// The exports of a policy. An operation without a rule gets no verdict, which
/// refuses; the host never asks for one.
#[doc(hidden)]
impl Policy {
    pub const NONE: Policy = Policy {
        manifest: &[],
        list: None,
        view: None,
        create: None,
        update: None,
        delete: None,
    };

    #[inline(always)]
    pub fn init(&self) {
        name::intern_own();
    }

    #[inline(always)]
    pub fn filter(&self, reason: i32) {
        if let Some(rule) = self.list {
            rule(&mut List::new(reason)).tell()
        }
    }

    #[inline(always)]
    pub fn before(&self, operation: i32, reason: i32) {
        match (operation, self.create, self.update, self.delete) {
            (operation::CREATE, Some(rule), _, _) => rule(&mut Create::new(reason)).tell(),
            (operation::UPDATE, _, Some(rule), _) => rule(&mut Update::new(reason)).tell(),
            (operation::DELETE, _, _, Some(rule)) => rule(&mut Delete::new(reason)).tell(),
            _ => (),
        }
    }

    #[inline(always)]
    pub fn record(&self, reason: i32) {
        if let Some(rule) = self.view {
            rule(&mut View::new(reason)).tell()
        }
    }

    #[inline(always)]
    pub fn page(&self, reason: i32, count: i32) {
        for index in 0..count {
            host::select(index);
            self.record(reason);
        }
    }
}

/// Declares a policy: what it handles, and every name and code that it uses.
///
/// ```
/// # #![allow(unused)]
/// # use hapta::prelude::*;
/// hapta::policy! {
///     operations: [list, view, update],              // has a function of the same name for each
///     codes: [ownership_required, field_forbidden],  // that verdicts carry
///     fields: [author, post, private, email, role],  // that the rules name
///     sets: { settled: [author, post] },             // of fields, for first_in and first_not_in
///     writes: [author],                              // that `set` and `unset` may touch
///     masks: [email],                                // that `mask` may leave out
///     always_masked: [note],                         // that are left out without asking
///     public: [title],                               // that everyone may see and filter by
///     relations: [post],                             // that `relation` may follow
///     caller: [role],                                // of the caller's record
///     drops: true,                                   // refuses or hides records of a list
///     fuel: 50_000,                                  // less work a call than the server allows
///     memory: 131_072,                               // fewer bytes likewise
/// }
/// # fn list(c: &mut List) -> Verdict { allow() }
/// # fn view(c: &mut View) -> Verdict { allow() }
/// # fn update(c: &mut Update) -> Verdict { allow() }
/// # fn main() {}
/// ```
///
/// `operations` comes first, the rest in any order or not at all. Fields, sets and
/// codes can then be named in the rules as they are written here. A field that is
/// called like a word of Rust's is written `r#type`.
#[macro_export]
macro_rules! policy {
    (operations: [$($operation:ident),+ $(,)?] $(, $key:ident: $value:tt)* $(,)?) => {
        $( $crate::__declare! { $key $value } )*

        const POLICY: $crate::Policy = {
            const ENTRIES: &[$crate::manifest::Entry] = &[
                $crate::manifest::Entry::List("operations", &[$(stringify!($operation)),+]),
                $( $crate::__entry!($key $value) ),*
            ];
            const LENGTH: usize = $crate::manifest::length(module_path!(), ENTRIES);

            #[used]
            #[cfg_attr(target_arch = "wasm32", link_section = "hapta_manifest")]
            static MANIFEST: [u8; LENGTH] = $crate::manifest::bytes(module_path!(), ENTRIES);

            $crate::Policy {
                manifest: &$crate::manifest::bytes::<LENGTH>(module_path!(), ENTRIES),
                $( $operation: Some($operation), )+
                ..$crate::Policy::NONE
            }
        };

        const _: $crate::Policy = POLICY; // so that rules without tests count as used

        #[cfg(target_arch = "wasm32")]
        #[no_mangle]
        pub extern "C" fn hapta_init() {
            POLICY.init();
            $( $crate::__intern! { $key $value } )*
        }

        $crate::__export! { $($operation)+ }
    };
    ($($other:tt)*) => {
        compile_error!("policy! begins with `operations: [create, update]` and goes on with lines such as `codes: [sign_in_required]`, each followed by a comma");
    };
}

/// What a line of `policy!` makes known to the rules.
#[doc(hidden)]
#[macro_export]
macro_rules! __declare {
    (fields [$($field:ident),* $(,)?]) => {$(
        #[allow(non_snake_case, dead_code)]
        #[inline(always)]
        fn $field() -> $crate::Name {
            static TOKEN: $crate::Token = $crate::Token::new();
            const NAME: &str = $crate::manifest::word(stringify!($field));
            TOKEN.name(NAME)
        }
    )*};
    (codes [$($code:ident),* $(,)?]) => {$(
        #[allow(dead_code)]
        #[inline(always)]
        fn $code() -> $crate::Code {
            static TOKEN: $crate::Token = $crate::Token::new();
            const CODE: &str = $crate::manifest::word(stringify!($code));
            TOKEN.code(CODE)
        }
    )*};
    (sets {$($set:ident: [$($field:ident),* $(,)?]),* $(,)?}) => {$(
        #[allow(dead_code)]
        #[inline(always)]
        fn $set() -> $crate::Set {
            static TOKEN: $crate::Token = $crate::Token::new();
            TOKEN.set_of(|| [$($field()),*])
        }
    )*};
    (writes $fields:tt) => { $crate::__declared! { $fields } };
    (masks $fields:tt) => { $crate::__declared! { $fields } };
    (relations $fields:tt) => { $crate::__declared! { $fields } };
    (caller $fields:tt) => { $crate::__declared! { $fields } };
    (always_masked $fields:tt) => {};
    (public $fields:tt) => {};
    (drops $drops:literal) => {};
    (fuel $most:literal) => {};
    (memory $most:literal) => {};
    ($key:ident $value:tt) => {
        compile_error!(concat!("policy! has no line `", stringify!($key), ": ", stringify!($value), "`; its lines are codes, fields, writes, masks, always_masked, public, relations, caller (each a list in brackets), sets (in braces), drops (true or false), fuel and memory (whole numbers)"));
    };
}

/// Fields that the rules name have to be among `fields`.
#[doc(hidden)]
#[macro_export]
macro_rules! __declared {
    ([$($field:ident),* $(,)?]) => { $( const _: fn() -> $crate::Name = $field; )* };
}

/// What a line of `policy!` gives the manifest.
#[doc(hidden)]
#[macro_export]
macro_rules! __entry {
    (fields $value:tt) => { $crate::manifest::Entry::Nothing };
    (sets $value:tt) => { $crate::manifest::Entry::Nothing };
    (drops $drops:literal) => { $crate::manifest::Entry::Flag("drops", $drops) };
    (fuel $most:literal) => { $crate::manifest::Entry::Number("fuel", $most) };
    (memory $most:literal) => { $crate::manifest::Entry::Number("memory", $most) };
    ($key:ident [$($word:ident),* $(,)?]) => {
        $crate::manifest::Entry::List(stringify!($key), &[$(stringify!($word)),*])
    };
    ($key:ident $value:tt) => { $crate::manifest::Entry::Nothing };
}

/// What a line of `policy!` has interned when the policy starts.
#[doc(hidden)]
#[macro_export]
macro_rules! __intern {
    (fields [$($field:ident),* $(,)?]) => { $( $field(); )* };
    (codes [$($code:ident),* $(,)?]) => { $( $code(); )* };
    (sets {$($set:ident: $fields:tt),* $(,)?}) => { $( $set(); )* };
    ($key:ident $value:tt) => {};
}

/// The exports that the operations need, each once.
#[doc(hidden)]
#[macro_export]
macro_rules! __export {
    () => {};
    (list $($rest:ident)*) => {
        #[cfg(target_arch = "wasm32")]
        #[no_mangle]
        pub extern "C" fn hapta_filter(_operation: i32, reason: i32) {
            POLICY.filter(reason)
        }
        $crate::__export! { $($rest)* }
    };
    (view $($rest:ident)*) => {
        #[cfg(target_arch = "wasm32")]
        #[no_mangle]
        pub extern "C" fn hapta_record(_operation: i32, reason: i32) {
            POLICY.record(reason)
        }

        #[cfg(target_arch = "wasm32")]
        #[no_mangle]
        pub extern "C" fn hapta_page(_operation: i32, reason: i32, count: i32) {
            POLICY.page(reason, count)
        }
        $crate::__export! { $($rest)* }
    };
    ($write:ident $($rest:ident)*) => {
        #[cfg(target_arch = "wasm32")]
        #[no_mangle]
        pub extern "C" fn hapta_before(operation: i32, reason: i32) {
            POLICY.before(operation, reason)
        }
        $crate::__export_read! { $($rest)* }
    };
}

/// The exports that the operations need beside `hapta_before`.
#[doc(hidden)]
#[macro_export]
macro_rules! __export_read {
    () => {};
    (list $($rest:ident)*) => { $crate::__export! { list } $crate::__export_read! { $($rest)* } };
    (view $($rest:ident)*) => { $crate::__export! { view } $crate::__export_read! { $($rest)* } };
    ($write:ident $($rest:ident)*) => { $crate::__export_read! { $($rest)* } };
}
