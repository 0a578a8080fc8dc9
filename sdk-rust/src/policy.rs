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
/// called like a word of Rust's is written `r#type`. One whose name is taken, by the
/// function `list` for instance, gets another here, as `fields: [list_field = "list"]`;
/// so does a path for [`field`](crate::field), as `author_name = "author.name"`.
///
/// A field that `set`, `unset`, `mask`, `relation` or `caller().get` names without
/// being listed for it does not compile:
///
/// ```compile_fail
/// # #![allow(unused)]
/// # use hapta::prelude::*;
/// hapta::policy! {
///     operations: [view],
///     fields: [email],
/// }
/// fn view(c: &mut View) -> Verdict {
///     c.mask(email); // needs `masks: [email]`
///     allow()
/// }
/// # fn main() { POLICY.call().view(); }
/// ```
#[macro_export]
macro_rules! policy {
    (operations: [$($operation:ident),+ $(,)?] $(, $key:ident: $value:tt)* $(,)?) => {
        $( $crate::__declare! { $key $value } )*

        #[doc(hidden)]
        const HAPTA_LINES: &[$crate::manifest::Entry] = &[
            $crate::manifest::Entry::List("operations", &[$(stringify!($operation)),+]),
            $( $crate::__entry!($key $value) ),*
        ];

        const POLICY: $crate::Policy = {
            // The scripts tell the name of the file; cargo alone has the crate's.
            const NAME: &str = match option_env!("HAPTA_POLICY") {
                Some(name) => name,
                None => $crate::manifest::crate_name(module_path!()),
            };
            const LENGTH: usize = $crate::manifest::length(NAME, HAPTA_LINES);

            #[used]
            #[cfg_attr(target_arch = "wasm32", link_section = "hapta_manifest")]
            static MANIFEST: [u8; LENGTH] = $crate::manifest::bytes(NAME, HAPTA_LINES);

            $crate::Policy {
                manifest: &$crate::manifest::bytes::<LENGTH>(NAME, HAPTA_LINES),
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
    ($($lines:tt)*) => {
        $crate::__mistake! { $($lines)* }
    };
}

/// Which line keeps `policy!` from being understood: called with all of them, then
/// with the name of one that is right and what follows it.
#[doc(hidden)]
#[macro_export]
macro_rules! __mistake {
    (@after $last:ident, $key:ident: - $($rest:tt)*) => {
        compile_error!(concat!("policy!: `", stringify!($key), "` is negative: write a whole number such as `", stringify!($key), ": 100_000`"));
    };
    (@after $last:ident, $key:ident: $value:tt $($rest:tt)*) => {
        $crate::__mistake! { @after $key $($rest)* }
    };
    (@after $last:ident, $key:ident $($rest:tt)*) => {
        compile_error!(concat!("policy!: write the line `", stringify!($key), "` as `", stringify!($key), ": …,`"));
    };
    (@after $last:ident $key:ident $($rest:tt)*) => {
        compile_error!(concat!("policy!: a comma is missing between the lines `", stringify!($last), "` and `", stringify!($key), "`"));
    };
    (@after $last:ident $($rest:tt)*) => {
        compile_error!(concat!("policy!: after the line `", stringify!($last), "` comes `", stringify!($($rest)*), "`, and not a comma and a line such as `codes: [sign_in_required]`"));
    };
    (operations: [$($operation:ident),+ $(,)?] $($rest:tt)*) => {
        $crate::__mistake! { @after operations $($rest)* }
    };
    (operations: [$operation:literal $($more:tt)*] $($rest:tt)*) => {
        $crate::__quoted! { operations $operation }
    };
    (operations $($rest:tt)*) => {
        compile_error!("policy!: write the line `operations` as `operations: [create, update]`, with one operation or more");
    };
    ($($first:ident $($rest:tt)*)?) => {
        compile_error!(concat!("policy! begins with `operations: [create, update]`" $(, ", and not with `", stringify!($first), "`: put that line first")?));
    };
    ($($other:tt)*) => {
        compile_error!("policy! begins with `operations: [create, update]`");
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __quoted {
    ($key:ident $word:literal) => {
        compile_error!(concat!(
            "policy!: write ",
            stringify!($key),
            " without quotes: `",
            stringify!($key),
            ": [",
            $word,
            "]`"
        ));
    };
}

/// What a line of `policy!` makes known to the rules.
#[doc(hidden)]
#[macro_export]
macro_rules! __declare {
    (fields [$($field:ident $(= $name:literal)?),* $(,)?]) => {$(
        #[allow(non_snake_case, dead_code)]
        #[inline(always)]
        fn $field() -> $crate::Name<{ $crate::manifest::lines(stringify!($field), HAPTA_LINES) }> {
            static TOKEN: $crate::Token = $crate::Token::new();
            const NAME: &str = $crate::manifest::named(stringify!($field), HAPTA_LINES);
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
    ($key:ident [$word:literal $($rest:tt)*]) => {
        $crate::__quoted! { $key $word }
    };
    (sets {$($set:ident: [$($field:ident),* $(,)?]),* $(,)?}) => {$(
        #[allow(dead_code)]
        #[inline(always)]
        fn $set() -> $crate::Set {
            static TOKEN: $crate::Token = $crate::Token::new();
            TOKEN.set_of(|| [$($crate::Field::name($field)),*])
        }
    )*};
    (writes [$($field:ident),* $(,)?]) => { $crate::__declared! { $($field)* } };
    (masks [$($field:ident),* $(,)?]) => { $crate::__declared! { $($field)* } };
    (relations [$($field:ident),* $(,)?]) => { $crate::__declared! { $($field)* } };
    (caller [$($field:ident),* $(,)?]) => { $crate::__declared! { $($field)* } };
    (always_masked [$($field:ident),* $(,)?]) => {};
    (public [$($field:ident),* $(,)?]) => {};
    (drops $drops:literal) => {};
    (fuel $most:literal) => {};
    (memory $most:literal) => {};
    ($key:ident $value:tt) => {
        compile_error!(concat!("policy! has no line `", stringify!($key), ": ", stringify!($value), "`; its lines are codes, fields, writes, masks, always_masked, public, relations, caller (each a list of names in brackets, as `[title, text]`), sets (as `{ editable: [title, text] }`), drops (true or false), fuel and memory (whole numbers)"));
    };
}

/// Fields that the rules name have to be among `fields`.
#[doc(hidden)]
#[macro_export]
macro_rules! __declared {
    ($($field:ident)*) => { $( const _: () = $crate::manifest::declared(&$field); )* };
}

/// What a line of `policy!` gives the manifest.
#[doc(hidden)]
#[macro_export]
macro_rules! __entry {
    (fields [$($field:ident $(= $name:literal)?),* $(,)?]) => {
        $crate::manifest::Entry::Names(&[$($( (stringify!($field), $name), )?)*])
    };
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
    (fields [$($field:ident $(= $name:literal)?),* $(,)?]) => { $( $field(); )* };
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
