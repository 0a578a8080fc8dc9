package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"github.com/hapta/hapta/abi"
)

// rust is sdk-rust.
type rust struct{}

var rustWords = &words{
	name: "rust", extension: ".rs", source: rustSource,
	root: "c.%s()", nothing: "nothing(c)",
	calls: map[string]string{
		"get": "%[1]s.get(%[2]s)", "get_text": "%[1]s.named(%[2]s)", "at": "%[1]s.at(%[2]s)", "key": "%[1]s.key(%[2]s)",
		"relation": "%[1]s.relation(%[2]s)", "relation to several": "%[1]s.relations(%[2]s)",
		"kind": "%[1]s.kind()", "size": "%[1]s.size()", "size of records": "%[1]s.count()", "boolean": "%[1]s.boolean()",
		"number": "%[1]s.number()", "integer": "%[1]s.integer()", "read": "%[1]s.text()", "modifier": "%[1]s.modifier(%[2]s)", "now": "c.now()",
		"equals": "%[1]s == %[2]s", "equals_text": "%[1]s == %[2]s", "equals_name": "%[1]s == %[2]s.name()",
		"compare": "%[1]s.compare(%[2]s)", "contains": "%[1]s.contains(%[2]s)", "contains_text": "%[1]s.contains_text(%[2]s)",
		"glob": "%[1]s.matches(%[2]s)", "blank": "%[1]s.is_blank()", "first_in": "%[1]s.first_in(%[2]s)", "first_not_in": "%[1]s.first_not_in(%[2]s)",
		"set_null": "c.set(%[1]s, Null)", "set_bool": "c.set(%[1]s, %[2]s)", "set_number": "c.set(%[1]s, %[2]s)",
		"set_text": "c.set(%[1]s, %[2]s)", "set_value": "c.set(%[1]s, %[2]s)", "unset": "c.unset(%[1]s)", "mask": "c.mask(%[1]s)",
		"where_null": "field(%[1]s)%[2]s()", "where_bool": "field(%[1]s)%[2]s(%[3]s)", "where_number": "field(%[1]s)%[2]s(%[3]s)",
		"where_text": "field(%[1]s)%[2]s(%[3]s)", "where_value": "field(%[1]s)%[2]s(%[3]s)",
		"all_of": "%[1]s.and(%[2]s)", "any_of": "%[1]s.or(%[2]s)", "narrow": "c.narrow(%[1]s)",
	},
	comparisons: []string{"equals", "not_equals", "greater_than", "at_least", "less_than", "at_most", "like", "not_like"},
	ofNull:      []string{"is_null", "is_not_null"}, several: ".any()",
	text: rustQuoted, zeros: "zeros(%d)", index: rustIndex,
	indent: "    ", bind: "let %s = %s;", drop: "let _ = %s;", when: "if %s {", fail: "return refuse(failed, %s);",
	ofRecord: "if c.stored().id() == %s {", last: "%s", exists: "%s.exists()",
}

var rustSource = template.Must(template.New("").Funcs(template.FuncMap{"context": titled, "join": strings.Join}).Parse(`#![no_std]
// Code generated from abi/testdata/{{.File}}.json by the tests of server/policy; DO NOT EDIT.

use hapta::prelude::*;

hapta::policy! {
    operations: [{{range $i, $h := .Handlers}}{{if $i}}, {{end}}{{.Operation}}{{end}}],
    codes: [failed, other],
    fields: [{{join .Fields ", "}}],
{{- if .Sets}}
    sets: { {{- range $n, $set := .Sets}}{{if $n}},{{end}} set{{$n}}: [{{join $set ", "}}]{{end}} },
{{- end}}
    writes: [author, count, flag],
    masks: [bio, email],
    relations: [post, tags],
}

#[allow(dead_code)]
fn nothing(c: &Context) -> Value {
    c.query().named("nothing")
}

#[allow(dead_code)]
fn zeros(size: usize) -> Text {
    if size == 0 {
        return "";
    }
    let half = zeros(size / 2);
    text![half, half, if size % 2 == 1 { "\0" } else { "" }]
}
{{range .Handlers}}
fn {{.Operation}}(c: &mut {{context .Operation}}) -> Verdict {
    match c.now() - {{$.Clock}} {
{{- range .Numbers}}
        {{.}} => vector{{.}}(c),
{{- end}}
        _ => refuse(failed, "there is no such vector"),
    }
}
{{end}}{{range $n, $said := .Said}}
// {{.Name}}
fn vector{{$n}}({{.Argument}}: &mut {{context .Operation}}) -> Verdict {
{{- range .Lines}}
    {{.}}
{{- end}}
}
{{end}}`))

var (
	rustName   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	jsonEscape = regexp.MustCompile(`\\u([0-9a-f]{4})`)
)

func (rust) words() *words { return rustWords }

func (rust) value(r result) string {
	switch r.kind {
	case "record", "caller", "incoming":
		return r.variable + ".value()"
	}
	return r.variable
}

// field has no line of policy! to answer to when it is told by its name.
func (rust) field(s *saying, f *abi.Function, name string) (string, error) {
	if !rustName.MatchString(name) {
		return "", unsaid("policy! has other names and paths go by words, which are not made up here")
	}
	s.policy.mention(name)
	if declared, has := declaredFor(f.Name); has && !slices.Contains(declared, name) {
		return name + ".name()", nil
	}
	return name, nil
}

func (rust) verdict(s *saying, kind abi.Verdict, code string, status int, message string) (string, error) {
	if kind == 0 || !kind.Known() || code != "" && !slices.Contains(declaredCodes, code) {
		return "", unsaidVerdict
	}
	verdict := kind.String() + "()"
	switch {
	case kind == abi.VerdictRefuse && code == "", kind != abi.VerdictRefuse && message != "":
		return "", unsaidVerdict
	case kind == abi.VerdictRefuse:
		verdict = fmt.Sprintf("refuse(%s, %s)", code, rustQuoted(message))
	case code != "":
		verdict += ".code(" + code + ")"
	}
	if status == 0 {
		return verdict, nil
	}
	if status < abi.StatusLeast || status > abi.StatusMost {
		s.want = trap{abi.FaultTrapped, "a refusal's status is 400 to 499"}
	}
	return fmt.Sprintf("%s.status(%d)", verdict, status), nil
}

func (rust) wrong(st step, x string) (string, error) {
	switch {
	case st.Do == "kind":
		return x + " != Kind::" + strings.ToUpper(abi.Kind(mustFloat(st.Is)).String()), nil
	case st.Do == "modifier":
		return x + " != Modifier::" + strings.ToUpper(abi.Modifier(mustFloat(st.Is)).String()), nil
	case st.Do == "compare":
		return x + " != core::cmp::Ordering::" + []string{"Less", "Equal", "Greater"}[int(mustFloat(st.Is))+1], nil
	case st.Reads != nil && strings.HasPrefix(st.Do, "first_"):
		return fmt.Sprintf("%s != Some(%s)", x, rustQuoted(*st.Reads)), nil
	case st.Writes != nil:
		return fmt.Sprintf("%s != Some(%s)", x, rustQuoted(*st.Writes)), nil
	case st.Do == "read" && mustFloat(st.Is) >= 0:
		return fmt.Sprintf("%s.map(str::len) != Some(%s)", x, st.Is), nil
	case st.Do == "read", strings.HasPrefix(st.Do, "first_"):
		return x + ".is_some()", nil
	}
	return rustWords.wrong(st, x)
}

func rustQuoted(s string) string { return jsonEscape.ReplaceAllString(quoted(s), `\u{$1}`) }

// rustIndex has what is below zero past the end, as usize does.
func rustIndex(n int) string {
	if n < 0 {
		return fmt.Sprintf("0_usize.wrapping_sub(%d)", -n)
	}
	return strconv.Itoa(n)
}
