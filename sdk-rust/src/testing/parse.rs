//! A strict reader of JSON (RFC 8259).

use std::iter::Peekable;
use std::rc::Rc;
use std::str::Chars;

use super::json::Json;

/// Reads one value that fills the whole text.
pub fn parse(text: &str) -> Result<Json, String> {
    let mut reader = Reader {
        rest: text.chars().peekable(),
    };
    let value = reader.value().and_then(|value| match reader.next_solid() {
        None => Ok(value),
        Some(c) => Err(format!("`{c}` after the value")),
    });
    value.map_err(|why| format!("{why}: {text}"))
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    /// The next character that is no white space, left where it is.
    fn next_solid(&mut self) -> Option<char> {
        while self
            .rest
            .next_if(|c| matches!(c, ' ' | '\t' | '\n' | '\r'))
            .is_some()
        {}
        self.rest.peek().copied()
    }

    fn expect(&mut self, want: char) -> Result<(), String> {
        match self.next_solid() {
            Some(c) if c == want => {
                self.rest.next();
                Ok(())
            }
            Some(c) => Err(format!("`{c}` where `{want}` belongs")),
            None => Err(format!("`{want}` is missing at the end")),
        }
    }

    /// Whether the next character is this one, which is then taken.
    fn take(&mut self, want: char) -> bool {
        self.next_solid() == Some(want) && self.rest.next().is_some()
    }

    fn value(&mut self) -> Result<Json, String> {
        match self.next_solid() {
            Some('{') => self.object(),
            Some('[') => self.list(),
            Some('"') => self.text().map(Json::Text),
            Some('-' | '0'..='9') => self.number(),
            _ => self.word(),
        }
    }

    fn object(&mut self) -> Result<Json, String> {
        let mut fields: Vec<(String, Rc<Json>)> = Vec::new();
        self.expect('{')?;
        while !self.take('}') {
            if !fields.is_empty() {
                self.expect(',')?;
            }
            self.next_solid();
            let key = self.text()?;
            if fields.iter().any(|(known, _)| *known == key) {
                return Err(format!("the key \"{key}\" twice"));
            }
            self.expect(':')?;
            fields.push((key, Rc::new(self.value()?)));
        }
        Ok(Json::Object(fields))
    }

    fn list(&mut self) -> Result<Json, String> {
        let mut items = Vec::new();
        self.expect('[')?;
        while !self.take(']') {
            if !items.is_empty() {
                self.expect(',')?;
            }
            items.push(Rc::new(self.value()?));
        }
        Ok(Json::List(items))
    }

    fn text(&mut self) -> Result<String, String> {
        self.expect('"')?;
        let mut text = String::new();
        loop {
            match self.rest.next() {
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escape()?),
                Some(c) if c >= ' ' => text.push(c),
                Some(c) => return Err(format!("{c:?} within a text")),
                None => return Err("a text without an end".into()),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        Ok(match self.rest.next() {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.unicode(),
            _ => return Err("an escape that JSON doesn't have".into()),
        })
    }

    /// `\u` with four digits, or two of them for a surrogate pair.
    fn unicode(&mut self) -> Result<char, String> {
        let mut units = vec![self.unit()?];
        if (0xd800..0xdc00).contains(&units[0])
            && self.rest.next() == Some('\\')
            && self.rest.next() == Some('u')
        {
            units.push(self.unit()?);
        }
        let mut chars = char::decode_utf16(units);
        match (chars.next(), chars.next()) {
            (Some(Ok(c)), None) => Ok(c),
            _ => Err("half a surrogate pair".into()),
        }
    }

    fn unit(&mut self) -> Result<u16, String> {
        let digits: String = self.rest.by_ref().take(4).collect();
        match u16::from_str_radix(&digits, 16) {
            Ok(unit) if digits.len() == 4 && !digits.starts_with('+') => Ok(unit),
            _ => Err(format!("\\u{digits} in a text")),
        }
    }

    fn number(&mut self) -> Result<Json, String> {
        let mut digits = String::new();
        while let Some(c) = self
            .rest
            .next_if(|c| matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'))
        {
            digits.push(c);
        }
        let whole = digits.trim_start_matches('-');
        let zeros =
            whole.len() > 1 && whole.starts_with('0') && whole.as_bytes()[1].is_ascii_digit();
        match digits.parse() {
            Ok(number) if !zeros && !digits.contains("--") => Ok(Json::Number(number)),
            _ => Err(format!("{digits} is no number")),
        }
    }

    fn word(&mut self) -> Result<Json, String> {
        let mut word = String::new();
        while let Some(c) = self.rest.next_if(|c| c.is_alphanumeric()) {
            word.push(c);
        }
        match word.as_str() {
            "null" => Ok(Json::Null),
            "true" => Ok(Json::Boolean(true)),
            "false" => Ok(Json::Boolean(false)),
            _ => Err(format!("`{word}` is no value")),
        }
    }
}
