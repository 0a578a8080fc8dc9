//! What a policy promised.

use super::json::Json;

/// The manifest of the policy that runs.
pub struct Manifest(Json);

impl Manifest {
    pub fn new(bytes: &[u8]) -> Manifest {
        let text = std::str::from_utf8(bytes).expect("a manifest is UTF-8");
        Manifest(text.parse().expect("a manifest is JSON"))
    }

    /// The policy's name, which is its collection's.
    pub fn name(&self) -> String {
        match self.0.get("name").map(|name| &**name) {
            Some(Json::Text(name)) => name.clone(),
            _ => String::new(),
        }
    }

    /// Whether the list under the key has the word.
    pub fn lists(&self, key: &str, word: &str) -> bool {
        let is_word = |item: &Json| matches!(item, Json::Text(text) if text == word);
        match self.0.get(key).map(|list| &**list) {
            Some(Json::List(items)) => items.iter().any(|item| is_word(item)),
            _ => false,
        }
    }

    /// The same, as a promise that is kept or broken.
    pub fn allows(&self, key: &str, word: &str) -> Result<(), String> {
        if self.lists(key, word) {
            return Ok(());
        }
        Err(format!(
            "`{word}` is not among the policy's {key}: add it to `{key}: […]` in policy!"
        ))
    }
}
