//! The manifest, put together while the policy compiles.

use crate::name::{line, Field};

/// What one line of [`policy!`](crate::policy!) gives the manifest.
#[derive(Clone, Copy)]
pub enum Entry {
    /// A key with a list of texts.
    List(&'static str, &'static [&'static str]),
    /// A key with a boolean.
    Flag(&'static str, bool),
    /// A key with a number.
    Number(&'static str, u64),
    /// Fields that the rules call otherwise: by which word, and their own names.
    Names(&'static [(&'static str, &'static str)]),
    /// A line that concerns the policy alone.
    Nothing,
}

/// A manifest of at most `N` bytes, as JSON.
pub struct Manifest<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

/// How many bytes the manifest takes.
pub const fn length(name: &str, entries: &[Entry]) -> usize {
    write::<0>(name, entries).len
}

/// The manifest as the bytes that the custom section holds.
pub const fn bytes<const N: usize>(name: &str, entries: &[Entry]) -> [u8; N] {
    write::<N>(name, entries).bytes
}

const fn write<const N: usize>(name: &str, entries: &[Entry]) -> Manifest<N> {
    let mut out = Manifest {
        bytes: [0; N],
        len: 0,
    };
    out = out.text("{\"name\":\"").text(name).text("\"");
    let mut i = 0;
    while i < entries.len() {
        out = out.entry(entries[i], entries);
        i += 1;
    }
    out.text("}")
}

impl<const N: usize> Manifest<N> {
    const fn byte(mut self, byte: u8) -> Self {
        if self.len < N {
            self.bytes[self.len] = byte;
        }
        self.len += 1;
        self
    }

    const fn text(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            self = self.byte(bytes[i]);
            i += 1;
        }
        self
    }

    const fn entry(self, entry: Entry, all: &[Entry]) -> Self {
        match entry {
            Entry::List(key, words) => self
                .text(",\"")
                .text(key)
                .text("\":[")
                .words(words, all)
                .text("]"),
            Entry::Flag(key, true) => self.text(",\"").text(key).text("\":true"),
            Entry::Number(key, number) => self.text(",\"").text(key).text("\":").number(number),
            Entry::Flag(..) | Entry::Names(_) | Entry::Nothing => self,
        }
    }

    const fn number(self, number: u64) -> Self {
        let out = if number < 10 {
            self
        } else {
            self.number(number / 10)
        };
        out.byte(b'0' + (number % 10) as u8)
    }

    const fn words(mut self, words: &[&'static str], all: &[Entry]) -> Self {
        let mut i = 0;
        while i < words.len() {
            self = self.text(if i == 0 { "\"" } else { ",\"" });
            self = self.text(named(words[i], all)).text("\"");
            i += 1;
        }
        self
    }
}

/// The crate's name, which is how the path of a module begins.
pub const fn crate_name(module: &'static str) -> &'static str {
    let mut name = module.as_bytes();
    let mut rest = name;
    while let [before @ .., last] = rest {
        if *last == b':' {
            name = before;
        }
        rest = before;
    }
    // What an ASCII character ends is UTF-8 as the whole was.
    word(unsafe { core::str::from_utf8_unchecked(name) })
}

/// What a word of the policy's stands for.
pub const fn named(identifier: &'static str, entries: &[Entry]) -> &'static str {
    let mut i = 0;
    while i < entries.len() {
        if let Entry::Names(names) = entries[i] {
            let mut j = 0;
            while j < names.len() {
                if same(names[j].0, identifier) {
                    return quotable(names[j].1);
                }
                j += 1;
            }
        }
        i += 1;
    }
    word(identifier)
}

/// The text, which JSON takes as it is.
const fn quotable(text: &'static str) -> &'static str {
    let bytes = text.as_bytes();
    assert!(!bytes.is_empty(), "a field has a name");
    let mut i = 0;
    while i < bytes.len() {
        let plain = bytes[i] >= b' ' && bytes[i] != b'"' && bytes[i] != b'\\';
        assert!(
            plain,
            "names have no quotes, backslashes or control characters"
        );
        i += 1;
    }
    text
}

/// The lines that list a field, as a sum of [`line`](crate::name::line)'s. Of the
/// caller, three fields are there without.
pub const fn lines(field: &'static str, entries: &[Entry]) -> u8 {
    let name = named(field, entries);
    let always = has(&["id", "collectionId", "collectionName"], name);
    let mut lines = if always { line::CALLER } else { 0 };
    if !is_path(name) {
        lines |= line::RECORD;
    }
    let mut i = 0;
    while i < entries.len() {
        if let Entry::List(key, words) = entries[i] {
            if has(words, field) {
                lines |= line::of(key);
            }
        }
        i += 1;
    }
    lines
}

/// `author.name` and `tags:length`, which filters alone understand.
const fn is_path(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut i = 0;
    while i < bytes.len() && bytes[i] != b'.' && bytes[i] != b':' {
        i += 1;
    }
    i < bytes.len()
}

const fn has(words: &[&str], word: &str) -> bool {
    let mut i = 0;
    while i < words.len() {
        if same(words[i], word) {
            return true;
        }
        i += 1;
    }
    false
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}

/// A field that a line lists has to be one that the rules can name.
pub const fn declared<F: Field>(_: &F) {}

/// An identifier as a name; one like `r#type` loses its mark.
pub const fn word(identifier: &'static str) -> &'static str {
    assert!(ascii(identifier), "names are of A-Z, a-z, 0-9 and _ alone");
    match identifier.as_bytes() {
        // What follows two ASCII characters is UTF-8 as the whole was.
        [b'r', b'#', rest @ ..] => unsafe { core::str::from_utf8_unchecked(rest) },
        _ => identifier,
    }
}

const fn ascii(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() && bytes[i] < 0x80 {
        i += 1;
    }
    i == bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifest_is_json() {
        const ENTRIES: &[Entry] = &[
            Entry::List("operations", &["create", "delete"]),
            Entry::Nothing,
            Entry::List("codes", &[]),
            Entry::List("writes", &["r#type", "list_field"]),
            Entry::Names(&[("list_field", "list"), ("other", "another")]),
            Entry::Flag("drops", true),
            Entry::Flag("other", false),
            Entry::Number("fuel", 50_301),
        ];
        const LENGTH: usize = length("comments", ENTRIES);
        const BYTES: [u8; LENGTH] = bytes("comments", ENTRIES);
        let want = "{\"name\":\"comments\",\"operations\":[\"create\",\"delete\"],\
                    \"codes\":[],\"writes\":[\"type\",\"list\"],\"drops\":true,\"fuel\":50301}";
        assert_eq!(core::str::from_utf8(&BYTES), Ok(want));
    }

    #[test]
    fn crates_names_begin_paths() {
        let f = |module, want: &str| assert_eq!(crate_name(module), want);
        f("comments", "comments");
        f("comments::inner::most", "comments");
        f("r#match::inner", "match");
    }

    #[test]
    fn fields_know_their_lines() {
        let entries = &[
            Entry::List("writes", &["title", "r#type"]),
            Entry::Nothing,
            Entry::List("codes", &["bio"]),
            Entry::List("masks", &["tit", "r#type"]),
            Entry::List("caller", &["role"]),
            Entry::Names(&[
                ("of", "id"),
                ("role", "list"),
                ("city", "home.city"),
                ("size", "tags:length"),
            ]),
        ];
        let all = |field, want: u8| assert_eq!(lines(field, entries), want, "{field}");
        let f = |field, want: u8| all(field, want | line::RECORD);
        f("title", line::WRITES);
        f("r#type", line::WRITES | line::MASKS);
        f("role", line::CALLER);
        f("id", line::CALLER);
        f("of", line::CALLER);
        f("bio", 0);
        f("titl", 0);
        all("city", 0);
        all("size", 0);
    }
}
