//! Names of fields, sets of them, and codes: interned once, then numbers.

use core::marker::PhantomData;
use core::sync::atomic::{AtomicI32, Ordering};

use crate::host;
use crate::text::Text;

/// The name of a field as the host knows it. What [`policy!`](crate::policy!) makes
/// knows as well which of its lines list the field; of any other name that shows
/// when it is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Name<const LINES: u8 = { line::ANY }>(pub(crate) i32);

/// Lines of [`policy!`](crate::policy!) that give leave to do something with a field.
pub(crate) mod line {
    pub const WRITES: u8 = 1;
    pub const MASKS: u8 = 2;
    pub const RELATIONS: u8 = 4;
    pub const CALLER: u8 = 8;
    /// No line of its own: the name is a record's field, and no path.
    pub const RECORD: u8 = 16;
    pub const ANY: u8 = u8::MAX;

    /// The line of this key; 0 for any other line.
    pub const fn of(key: &str) -> u8 {
        match key.as_bytes() {
            b"writes" => WRITES,
            b"masks" => MASKS,
            b"relations" => RELATIONS,
            b"caller" => CALLER,
            _ => 0,
        }
    }
}

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
    #[doc(hidden)]
    const LINES: u8 = line::ANY;

    /// The interned name.
    fn name(self) -> Name;
}

impl<F: Named> Field for F
where
    F::By: DeclareItUnderFieldsOrUseNamed,
{
    const LINES: u8 = F::LINES;

    #[inline(always)]
    fn name(self) -> Name {
        self.interned()
    }
}

/// Compilers tell this name where a field is named by a text.
pub trait DeclareItUnderFieldsOrUseNamed {}

pub struct Declaration;
pub struct TextInQuotes;

impl DeclareItUnderFieldsOrUseNamed for Declaration {}

/// What stands where a field is asked for. A text is no [`Field`]: it is here for
/// what is said of it.
pub trait Named: Copy {
    type By;
    const LINES: u8;

    fn interned(self) -> Name;
}

impl Named for &str {
    type By = TextInQuotes;
    const LINES: u8 = 0;

    fn interned(self) -> Name {
        Name(0)
    }
}

impl<const LINES: u8> Named for Name<LINES> {
    type By = Declaration;
    const LINES: u8 = LINES;

    #[inline(always)]
    fn interned(self) -> Name {
        Name(self.0)
    }
}

// A declared field is a function, so that `let author = …` may stand beside it.
impl<F: Fn() -> Name<LINES> + Copy, const LINES: u8> Named for F {
    type By = Declaration;
    const LINES: u8 = LINES;

    #[inline(always)]
    fn interned(self) -> Name {
        Name(self().0)
    }
}

/// Fails to compile where a field is used for what no line gives leave to do. Old
/// compilers tell the names here and not the message.
pub(crate) struct Undeclared<F>(PhantomData<F>);

impl<F: Field> Undeclared<F> {
    pub const A_PATH_IS_FOR_CONDITIONS: () = assert!(
        F::LINES & line::RECORD != 0,
        "a path such as `author.name` is for `field(…)` alone: records have no field of that name"
    );
}

macro_rules! listed {
    ($($name:ident = $line:ident $key:literal;)*) => {
        impl<F: Field> Undeclared<F> {$(
            pub const $name: () = assert!(
                F::LINES & line::$line != 0,
                concat!("this field is not among the policy's ", $key, ": add it to `", $key, ": […]` in policy!")
            );
        )*}
    };
}

listed! {
    ADD_IT_TO_WRITES = WRITES "writes";
    ADD_IT_TO_MASKS = MASKS "masks";
    ADD_IT_TO_RELATIONS = RELATIONS "relations";
    ADD_IT_TO_CALLER = CALLER "caller";
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
    pub fn name<const LINES: u8>(&self, text: Text) -> Name<LINES> {
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
