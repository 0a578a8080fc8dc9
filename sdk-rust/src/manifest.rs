//! The manifest, put together while the policy compiles.

/// What one line of [`policy!`](crate::policy!) gives the manifest.
#[derive(Clone, Copy)]
pub enum Entry {
    /// A key with a list of texts.
    List(&'static str, &'static [&'static str]),
    /// A key with a boolean.
    Flag(&'static str, bool),
    /// A key with a number.
    Number(&'static str, u64),
    /// A line that concerns the policy alone.
    Nothing,
}

/// A manifest of at most `N` bytes, as JSON.
pub struct Manifest<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

/// How many bytes the manifest takes.
pub const fn length(module: &str, entries: &[Entry]) -> usize {
    write::<0>(module, entries).len
}

/// The manifest as the bytes that the custom section holds.
pub const fn bytes<const N: usize>(module: &str, entries: &[Entry]) -> [u8; N] {
    write::<N>(module, entries).bytes
}

const fn write<const N: usize>(module: &str, entries: &[Entry]) -> Manifest<N> {
    let mut out = Manifest {
        bytes: [0; N],
        len: 0,
    };
    out = out.text("{\"name\":\"").name(module).text("\"");
    let mut i = 0;
    while i < entries.len() {
        out = out.entry(entries[i]);
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

    /// The crate's name, which is how the path of a module begins.
    const fn name(mut self, module: &str) -> Self {
        let bytes = module.as_bytes();
        let mut i = 0;
        while i < bytes.len() && bytes[i] != b':' {
            self = self.byte(bytes[i]);
            i += 1;
        }
        self
    }

    const fn entry(self, entry: Entry) -> Self {
        match entry {
            Entry::List(key, words) => self
                .text(",\"")
                .text(key)
                .text("\":[")
                .words(words)
                .text("]"),
            Entry::Flag(key, true) => self.text(",\"").text(key).text("\":true"),
            Entry::Number(key, number) => self.text(",\"").text(key).text("\":").number(number),
            Entry::Flag(..) | Entry::Nothing => self,
        }
    }

    const fn number(self, number: u64) -> Self {
        let out = if number < 10 { self } else { self.number(number / 10) };
        out.byte(b'0' + (number % 10) as u8)
    }

    const fn words(mut self, words: &[&'static str]) -> Self {
        let mut i = 0;
        while i < words.len() {
            self = self.text(if i == 0 { "\"" } else { ",\"" });
            self = self.text(word(words[i])).text("\"");
            i += 1;
        }
        self
    }
}

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
            Entry::List("writes", &["r#type"]),
            Entry::Flag("drops", true),
            Entry::Flag("other", false),
            Entry::Number("fuel", 50_301),
        ];
        const LENGTH: usize = length("comments::inner", ENTRIES);
        const BYTES: [u8; LENGTH] = bytes("comments::inner", ENTRIES);
        let want = "{\"name\":\"comments\",\"operations\":[\"create\",\"delete\"],\
                    \"codes\":[],\"writes\":[\"type\"],\"drops\":true,\"fuel\":50301}";
        assert_eq!(core::str::from_utf8(&BYTES), Ok(want));
    }
}
