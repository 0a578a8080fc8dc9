//! Names of fields, sets of them, and codes: interned once, then numbers.

use core::sync::atomic::{AtomicI32, Ordering};

use crate::host;
use crate::text::Text;

/// The name of a field as the host knows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Name(pub(crate) i32);

/// A set of field names, declared with `sets` in [`policy!`](crate::policy!).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Set(pub(crate) i32);

/// A code that a verdict carries, declared with `codes` in
/// [`policy!`](crate::policy!).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Code(pub(crate) i32);

/// A field that the policy declared: what `fields: [author]` in
/// [`policy!`](crate::policy!) makes of `author`. Its methods make conditions for
/// [`List::narrow`](crate::List::narrow).
pub trait Field: Copy {
    /// The interned name.
    fn name(self) -> Name;
}

impl Field for Name {
    fn name(self) -> Name {
        self
    }
}

// A declared field is a function, so that `let author = …` may stand beside it.
impl<F: Fn() -> Name + Copy> Field for F {
    #[inline(always)]
    fn name(self) -> Name {
        self()
    }
}

/// Where [`policy!`](crate::policy!) keeps what it interned. A policy is asked for
/// all of its tokens in `hapta_init`, the only time at which the host takes them;
/// a native test interns at first use.
#[doc(hidden)]
pub struct Token {
    id: AtomicI32,
}

impl Token {
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Token {
        Token {
            id: AtomicI32::new(0),
        }
    }

    #[inline(always)]
    fn get(&self, intern: impl FnOnce() -> i32) -> i32 {
        match self.id.load(Ordering::Relaxed) {
            0 => self.set(intern()),
            id => id,
        }
    }

    fn set(&self, id: i32) -> i32 {
        self.id.store(id, Ordering::Relaxed);
        id
    }

    #[inline(always)]
    pub fn name(&self, text: Text) -> Name {
        Name(self.get(|| host::name(text)))
    }

    #[inline(always)]
    pub fn code(&self, text: Text) -> Code {
        Code(self.get(|| host::code(text)))
    }

    #[inline(always)]
    pub fn set_of<const N: usize>(&self, names: impl FnOnce() -> [Name; N]) -> Set {
        Set(self.get(|| host::name_set(&names().map(|name| name.0))))
    }
}

/// Declares the names that the SDK itself asks for, and what interns them.
macro_rules! own_names {
    ($($name:ident = $text:literal),*) => {
        $(
            #[inline(always)]
            pub(crate) fn $name() -> Name {
                static TOKEN: Token = Token::new();
                TOKEN.name($text)
            }
        )*

        #[inline(always)]
        pub(crate) fn intern_own() {
            $( $name(); )*
        }
    };
}

own_names! {
    id = "id",
    collection_id = "collectionId",
    collection_name = "collectionName"
}
