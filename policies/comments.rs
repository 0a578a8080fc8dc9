#![no_std]

// Who may write comments. PocketBase's own API rules are asked as well.

use hapta::prelude::*;

hapta::policy! {
    operations: [create, update, delete],
    codes: [sign_in_required, ownership_required],
    fields: [author, post],
    writes: [author],
    relations: [post],
}

/// Whoever is signed in may comment, in their own name whatever was sent.
fn create(c: &mut Create) -> Verdict {
    if !c.signed_in() {
        return refuse(sign_in_required, "Sign in to comment.");
    }
    c.set(author, c.caller().id());
    allow()
}

/// A comment is changed by its author.
fn update(c: &mut Update) -> Verdict {
    if c.stored().get(author) != c.caller().id() {
        return refuse(ownership_required, "Only its author may change a comment.");
    }
    allow()
}

/// A comment is deleted by its author, or by the author of the post under it.
fn delete(c: &mut Delete) -> Verdict {
    let me = c.caller().id();
    let comment = c.stored();
    if comment.get(author) == me || comment.relation(post).get(author) == me {
        return allow();
    }
    refuse(
        ownership_required,
        "Only its author, or the post's, may delete a comment.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use hapta::testing::Case;

    const ANN: &str = r#"{"id":"ann"}"#;
    const BOB: &str = r#"{"id":"bob"}"#;
    const EVE: &str = r#"{"id":"eve"}"#;

    /// Ann's comment under Bob's post.
    fn comment() -> Case {
        let comment = r#"{"id":"c1","author":"ann","post":"p1","body":"Hello"}"#;
        POLICY
            .call()
            .stored(comment)
            .related("post", r#"{"id":"p1","author":"bob"}"#)
    }

    #[test]
    fn comments_are_made_in_the_callers_name() {
        let f = |sent: &str| {
            let outcome = POLICY.call().caller(ANN).incoming(sent).create();
            outcome.allowed().writes(r#"{"author":"ann"}"#);
        };
        f(r#"{"post":"p1","body":"Hello"}"#);
        f(r#"{"post":"p1","body":"Hello","author":"bob"}"#);
        f(r#"{"post":"p1","body":"Hello","author":null}"#);
    }

    #[test]
    fn guests_make_none() {
        let outcome = POLICY
            .call()
            .incoming(r#"{"body":"Hello","author":"ann"}"#)
            .create();
        outcome.refused("sign_in_required").writes("{}");
    }

    #[test]
    fn authors_change_their_own() {
        comment().caller(ANN).update().allowed().writes("{}");
        comment().caller(BOB).update().refused("ownership_required");
        comment().caller(EVE).update().refused("ownership_required");
        comment().update().refused("ownership_required");
    }

    #[test]
    fn authors_of_the_comment_and_of_the_post_delete() {
        comment().caller(ANN).delete().allowed();
        comment().caller(BOB).delete().allowed();
        comment().caller(EVE).delete().refused("ownership_required");
        comment().delete().refused("ownership_required");
    }

    #[test]
    fn nobody_owns_what_has_no_author() {
        let orphan = POLICY.call().stored(r#"{"id":"c1"}"#);
        orphan.delete().refused("ownership_required");
        orphan.update().refused("ownership_required");
    }
}
