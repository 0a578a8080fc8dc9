use crate::testing::Json;

#[test]
fn what_is_read_is_written() {
    let f = |text: &str, want: &str| match text.parse::<Json>() {
        Ok(value) => assert_eq!(value.to_string(), want),
        Err(why) => panic!("{why}"),
    };
    f(" null ", "null");
    f("-1.5e2", "-150");
    f("[ ]", "[]");
    f("{ }", "{}");
    f(r#"[true,false,{"a":[0]}]"#, r#"[true,false,{"a":[0]}]"#);
    f(
        r#""\"\\\/\b\n\u00e9\ud83d\ude00""#,
        "\"\\\"\\\\/\\u0008\\u000aé😀\"",
    );
}

#[test]
fn what_is_no_json_is_told() {
    let f = |text: &str, want: &str| match text.parse::<Json>() {
        Ok(value) => panic!("{text} was read as {value}"),
        Err(why) => assert_eq!(why, format!("{want}: {text}")),
    };
    f("", "`` is no value");
    f("nul", "`nul` is no value");
    f("1 2", "`2` after the value");
    f("01", "01 is no number");
    f("-", "- is no number");
    f("+1", "`` is no value");
    f("[1,]", "`` is no value");
    f("[1 2]", "`2` where `,` belongs");
    f(r#"{"a" 1}"#, "`1` where `:` belongs");
    f(r#"{"a":1,"a":2}"#, "the key \"a\" twice");
    f("{a:1}", "`a` where `\"` belongs");
    f("\"a", "a text without an end");
    f("\"\n\"", "'\\n' within a text");
    f(r#""\x""#, "an escape that JSON doesn't have");
    f(r#""\ud800""#, "half a surrogate pair");
    f(r#""\u12""#, "\\u12\" in a text");
}
