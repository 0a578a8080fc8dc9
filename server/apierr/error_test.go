package apierr

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"testing"
)

func TestJSONHasPocketBaseShape(t *testing.T) {
	f := func(e *Error, want string) {
		t.Helper()
		if got := string(e.JSON()); got != want {
			t.Fatalf("JSON() = %s; want %s", got, want)
		}
	}
	f(NotFound(), `{"data":{},"message":"The requested resource wasn't found.","status":404}`)
	f(Refused(403, "ownership_required", "Not yours."),
		`{"data":{"hapta":{"code":"ownership_required","message":"Not yours."}},"message":"You are not allowed to perform this request.","status":403}`)
	f(Caused(Internal, errors.New("secret")),
		`{"data":{"hapta":{"code":"internal","message":"Something went wrong while processing your request."}},"message":"Something went wrong while processing your request.","status":500}`)
}

func TestFromFindsWrappedErrors(t *testing.T) {
	e := From(fmt.Errorf("while listing: %w", New(BadFilter)))
	if e.Code != BadFilter {
		t.Fatalf("From found %v", e)
	}
}

// Every constant of type Code stands in the table, lower_snake_case and once.
func TestTableIsWhole(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[Code]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Type == nil || fmt.Sprint(spec.Type) != "Code" {
			return true
		}
		var code Code
		if err := json.Unmarshal([]byte(spec.Values[0].(*ast.BasicLit).Value), &code); err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`).MatchString(string(code)) || seen[code] {
			t.Fatalf("code %q is not lower_snake_case, or stands twice", code)
		}
		seen[code] = true
		if e, ok := table[code]; !ok || e.status < 400 || e.message == "" {
			t.Fatalf("code %q has no whole entry in the table", code)
		}
		return true
	})
	if len(seen) != len(table) {
		t.Fatalf("%d codes, %d entries", len(seen), len(table))
	}
}
