package policy

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"github.com/hapta/hapta/abi"
)

// typeScript is sdk-ts.
type typeScript struct{}

var typeScriptWords = &words{
	name: "ts", extension: ".ts", source: typeScriptSource,
	root: "c.%s", nothing: "nothing(c)",
	calls: map[string]string{
		"get": "%[1]s.get(%[2]s)", "get_text": "%[1]s.get(%[2]s)", "at": "%[1]s.at(%[2]s)", "key": "%[1]s.key(%[2]s)",
		"relation": "%[1]s.relation(%[2]s)", "relation to several": "%[1]s.relations(%[2]s)",
		"kind": "%[1]s.kind", "size": "%[1]s.size", "size of records": "%[1]s.size", "boolean": "%[1]s.bool",
		"number": "%[1]s.number", "integer": "%[1]s.integer", "read": "%[1]s.text", "modifier": "%[1]s.modifier(%[2]s)", "now": "c.now",
		"equals": "%[1]s.equals(%[2]s)", "equals_text": "%[1]s.equals(%[2]s)", "equals_name": "%[1]s.equals(%[2]s)",
		"compare": "%[1]s.compare(%[2]s)", "contains": "%[1]s.contains(%[2]s)", "contains_text": "%[1]s.contains(%[2]s)",
		"glob": "%[1]s.matches(%[2]s)", "blank": "%[1]s.isBlank", "first_in": "%[1]s.firstIn(%[2]s)", "first_not_in": "%[1]s.firstNotIn(%[2]s)",
		"set_null": "c.setNull(%[1]s)", "set_bool": "c.set(%[1]s, %[2]s)", "set_number": "c.set(%[1]s, %[2]s)",
		"set_text": "c.set(%[1]s, %[2]s)", "set_value": "c.set(%[1]s, %[2]s)", "unset": "c.unset(%[1]s)", "mask": "c.mask(%[1]s)",
		"where_null": "where(%[1]s)%[2]s()", "where_bool": "where(%[1]s)%[2]s(%[3]s)", "where_number": "where(%[1]s)%[2]s(%[3]s)",
		"where_text": "where(%[1]s)%[2]s(%[3]s)", "where_value": "where(%[1]s)%[2]s(%[3]s)",
		"all_of": "%[1]s.and(%[2]s)", "any_of": "%[1]s.or(%[2]s)", "narrow": "c.narrow(%[1]s)",
	},
	comparisons: []string{"equals", "notEquals", "greaterThan", "atLeast", "lessThan", "atMost", "like", "notLike"},
	ofNull:      []string{"isNull", "isNotNull"}, several: ".any",
	text: quoted, zeros: `"\0".repeat(%d)`, index: strconv.Itoa,
	indent: "  ", bind: "const %s = %s;", drop: "dropped(%s);", when: "if (%s) {", fail: `return refuse("failed", %s);`,
	ofRecord: "if (c.stored.id.equals(%s)) {", last: "return %s;", exists: "%s.exists",
}

var typeScriptSource = template.Must(template.New("").Funcs(template.FuncMap{
	"quoted": quoted, "context": titled,
	"handler": func(operation string) string { return strings.Replace(operation, "delete", "remove", 1) },
}).Parse(`// Code generated from abi/testdata/{{.File}}.json by the tests of server/policy; DO NOT EDIT.
import { Context, Create, Delete, Kind, List, Modifier, Value, Verdict, View, allow, fields, hide, refuse, where } from "hapta";

export const manifest = {
  codes: ["failed", "other"],
  writes: ["author", "count", "flag"],
  masks: ["bio", "email"],
  relations: ["post", "tags"],
};
{{range $n, $set := .Sets}}{{if not $n}}
{{end}}const set{{$n}} = fields([{{range $i, $name := $set}}{{if $i}}, {{end}}{{quoted $name}}{{end}}]);
{{end}}
function nothing(c: Context): Value {
  return c.query.get("nothing");
}

// What is not written out is the server's to refuse, not the compiler's.
function computed<T>(value: T): T {
  return value;
}

// The compiler lets nobody drop a condition.
function dropped<T>(value: T): void {}
{{range .Handlers}}
export function {{handler .Operation}}(c: {{context .Operation}}): Verdict {
  switch (<i32>(c.now - {{$.Clock}})) {
{{- range .Numbers}}
    case {{.}}: return vector{{.}}(c);
{{- end}}
    default: return refuse("failed", "there is no such vector");
  }
}
{{end}}{{range $n, $said := .Said}}
// {{.Name}}
function vector{{$n}}(c: {{context .Operation}}): Verdict {
{{- range .Lines}}
  {{.}}
{{- end}}
}
{{end}}`))

// isWrittenOut is what the compiler takes for a name.
var isWrittenOut = regexp.MustCompile(`^[A-Za-z_]\w*([.:]\w+)*$`)

func (typeScript) words() *words { return typeScriptWords }

func (typeScript) value(r result) string { return r.variable }

// field is a name that the compiler does not look at where it would refuse it.
func (typeScript) field(s *saying, f *abi.Function, name string) (string, error) {
	if strings.HasPrefix(f.Name, "where_") && !isWrittenOut.MatchString(name) {
		s.want = trap{abi.FaultTrapped, "panic: a name for where has to be written out in the policy: "}
	}
	if declared, has := declaredFor(f.Name); has && !slices.Contains(declared, name) {
		return "computed(" + quoted(name) + ")", nil
	}
	return quoted(name), nil
}

func (typeScript) verdict(s *saying, kind abi.Verdict, code string, status int, message string) (string, error) {
	isRefusal := kind == abi.VerdictRefuse
	if kind == 0 || !kind.Known() || !isRefusal && (status != 0 || message != "") {
		return "", unsaidVerdict
	}
	args := []string{}
	if code != "" || isRefusal {
		args = append(args, quoted(code))
	}
	if isRefusal && !slices.Contains(declaredCodes, code) {
		args[0] = "computed(" + args[0] + ")"
		s.want = trap{abi.FaultTrapped, "panic: not among the manifest's codes: "}
	}
	if message != "" || status != 0 {
		args = append(args, quoted(message))
	}
	if status != 0 {
		args = append(args, fmt.Sprintf("computed(%d)", status))
	}
	return kind.String() + "(" + strings.Join(args, ", ") + ")", nil
}

func (typeScript) wrong(st step, x string) (string, error) {
	switch st.Do {
	case "kind":
		return x + " != Kind." + titled(abi.Kind(mustFloat(st.Is)).String()), nil
	case "modifier":
		return x + " != Modifier." + titled(abi.Modifier(mustFloat(st.Is)).String()), nil
	case "read":
		switch {
		case mustFloat(st.Is) < 0:
			return "", unsaid("reading the text of what has none ends the call")
		case st.Writes != nil:
			return x + " != " + quoted(*st.Writes), nil
		}
		return fmt.Sprintf("String.UTF8.byteLength(%s) != %s", x, st.Is), nil
	}
	return typeScriptWords.wrong(st, x)
}

// quoted is a text as TypeScript and JSON write it.
func quoted(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string is JSON
	return strings.TrimSuffix(b.String(), "\n")
}

func titled(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
