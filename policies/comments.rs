#![no_std]

// Who may write comments. PocketBase's own API rules are asked as well.

use hapta::prelude::*;

hapta::policy! {
    operations: [create, update, delete],
    codes: [sign_in_required, ownership_required],
    fields: [author, post],
    writes: [author, post],
    relations: [post],
}

/// Whoever is signed in may comment, in their own name whatever was sent.
fn create(c: &mut Create) -> Verdict {
    if !is_user(c) {
        return refuse(sign_in_required, "Sign in to comment.");
    }
    c.set(author, c.caller().id());
    allow()
}

/// A comment is changed by its author, and stays theirs and where it is whatever
/// was sent.
fn update(c: &mut Update) -> Verdict {
    if !is_caller(c, c.stored().get(author)) {
        return refuse(ownership_required, "Only its author may change a comment.");
    }
    c.unset(author);
    c.unset(post);
    allow()
}

/// A comment is deleted by its author, or by the author of the post it is under.
fn delete(c: &mut Delete) -> Verdict {
    let comment = c.stored();
    if is_caller(c, comment.get(author)) || is_caller(c, comment.relation(post).get(author)) {
        return allow();
    }
    refuse(ownership_required, "This comment is not yours to delete.")
}

/// Authors are records of users. Someone who signed in as a record of another
/// collection is none of them, whatever their id.
fn is_user(c: &Context) -> bool {
    c.caller().collection_name() == "users"
}

fn is_caller(c: &Context, author: Value) -> bool {
    is_user(c) && author == c.caller().id()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hapta::testing::Case;

    const ANN: &str = r#"{"id":"ann","collectionName":"users"}"#;
    const BOB: &str = r#"{"id":"bob","collectionName":"users"}"#;
    const EVE: &str = r#"{"id":"eve","collectionName":"users"}"#;
    const FAKE: &str = r#"{"id":"ann","collectionName":"bots"}"#;

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
    fn guests_and_others_make_none() {
        let case = || POLICY.call().incoming(r#"{"author":"ann"}"#);
        case().create().refused("sign_in_required");
        case().caller(FAKE).create().refused("sign_in_required");
    }

    #[test]
    fn authors_change_their_own() {
        comment().caller(ANN).update().allowed().writes("{}");
        comment().caller(BOB).update().refused("ownership_required");
        comment().caller(EVE).update().refused("ownership_required");
        comment()
            .caller(FAKE)
            .update()
            .refused("ownership_required");
        comment().update().refused("ownership_required");
    }

    #[test]
    fn authors_of_the_comment_and_of_the_post_delete() {
        comment().caller(ANN).delete().allowed();
        comment().caller(BOB).delete().allowed();
        comment().caller(EVE).delete().refused("ownership_required");
        comment()
            .caller(FAKE)
            .delete()
            .refused("ownership_required");
        comment().delete().refused("ownership_required");
    }

    #[test]
    fn nobody_owns_what_has_no_author() {
        let orphan = POLICY.call().stored(r#"{"id":"c1"}"#);
        orphan.delete().refused("ownership_required");
        orphan.update().refused("ownership_required");
    }
}
