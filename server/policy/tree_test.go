package policy

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/filter"
)

// loadTree loads a policy of the tree: these come out of the SDKs, and what
// they emit has to load and to decide as their sources say.
func loadTree(t *testing.T, e *Engine, name string) *Policy {
	t.Helper()
	module, err := os.ReadFile(filepath.Join("../../policies", name+".wasm"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.Load(t.Context(), name, module)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Retire)
	return p
}

const (
	ann   = `{"id":"ann","collectionId":"u","collectionName":"users"}`
	bob   = `{"id":"bob","collectionId":"u","collectionName":"users"}`
	guest = ``
)

// asked is one question to a policy.
type asked struct {
	t      *testing.T
	policy *Policy
	in     Input
}

func ask(t *testing.T, p *Policy, o abi.Operation, caller, stored string) *asked {
	t.Helper()
	a := &asked{t, p, Input{Operation: o, Reason: abi.ReasonAsked, Now: time.Now(), Caller: parse(t, caller)}}
	if stored != "" {
		a.in.Stored = &Record{Value: parse(t, stored)}
	}
	return a
}

func (a *asked) related(name, record string) *asked {
	a.in.Stored.Relations = map[string]*fastjson.Value{name: parse(a.t, record)}
	return a
}

func (a *asked) incoming(fields string) *asked {
	parse(a.t, fields).GetObject().Visit(func(key []byte, v *fastjson.Value) {
		a.in.Incoming = append(a.in.Incoming, Field{Name: string(key), Value: v})
	})
	return a
}

// want checks the decision, written as verdict, code, masks, effects and filter.
func (a *asked) want(want string) {
	a.t.Helper()
	var d Decision
	var n *filter.Node
	var err error
	ctx := context.Background()
	switch {
	case a.in.Operation == abi.OperationList:
		d, n, err = a.policy.Filter(ctx, &a.in)
	case a.in.Operation == abi.OperationView:
		d, err = a.policy.Record(ctx, &a.in)
		page, pageErr := a.policy.Page(ctx, &a.in, []Record{*a.in.Stored, *a.in.Stored})
		page[1].Fuel = d.Fuel // a page's is that of the whole
		if pageErr != nil || compact(a.t, page[1]) != compact(a.t, d) {
			a.t.Fatalf("the page decides %+v (%v), the record %+v", page, pageErr, d)
		}
	default:
		d, err = a.policy.Before(ctx, &a.in)
	}
	if err != nil {
		a.t.Fatal(err)
	}
	got := []string{d.Verdict.String()}
	if d.Code != "" {
		got = append(got, d.Code)
	}
	got = append(got, d.Masks...)
	for _, e := range d.Effects {
		got = append(got, e.Name+"="+string(e.Value))
	}
	if n != nil {
		got = append(got, n.String())
	}
	if g := strings.Join(got, " "); g != want {
		a.t.Fatalf("decided %q (%s); want %q", g, d.Message, want)
	}
	if d.Verdict == abi.VerdictRefuse && d.Message == "" {
		a.t.Fatal("a refusal has no message")
	}
}

func TestUsersPolicy(t *testing.T) {
	onBoth(t, func(t *testing.T, e *Engine) {
		p := loadTree(t, e, "users")
		private := strings.Replace(ann, "}", `,"private":true,"bio":"x"}`, 1)
		ask(t, p, abi.OperationView, bob, private).want("allow followers bio")
		ask(t, p, abi.OperationView, guest, private).want("allow followers bio")
		ask(t, p, abi.OperationView, ann, private).want("allow")
		ask(t, p, abi.OperationView, bob, ann).want("allow")
		ask(t, p, abi.OperationUpdate, ann, ann).incoming(`{"bio":"y"}`).want("allow")
		ask(t, p, abi.OperationUpdate, bob, ann).incoming(`{"bio":"y"}`).want("refuse ownership_required")
		ask(t, p, abi.OperationUpdate, guest, ann).incoming(`{"bio":"y"}`).want("refuse ownership_required")
		ask(t, p, abi.OperationUpdate, ann, ann).incoming(`{"bio":"y","postr_plus":true}`).want("refuse field_forbidden")
		touched := ask(t, p, abi.OperationUpdate, ann, ann).incoming(`{"followers":["bob"]}`)
		touched.in.Incoming[0].Modifier = abi.ModifierAppend
		touched.want("refuse field_forbidden")
		ask(t, p, abi.OperationDelete, ann, ann).want("allow")
		ask(t, p, abi.OperationDelete, bob, ann).want("refuse ownership_required")
	})
}

func TestPostsPolicy(t *testing.T) {
	onBoth(t, func(t *testing.T, e *Engine) {
		p := loadTree(t, e, "posts")
		draft, post := `{"id":"p1","author":"ann","published":false}`, `{"id":"p1","author":"ann","published":true}`
		ask(t, p, abi.OperationList, guest, "").want("allow published = true")
		ask(t, p, abi.OperationList, ann, "").want("allow (published = true || author = 'ann')")
		ask(t, p, abi.OperationView, guest, post).want("allow")
		ask(t, p, abi.OperationView, ann, draft).want("allow")
		ask(t, p, abi.OperationView, bob, draft).want("hide")
		ask(t, p, abi.OperationView, guest, draft).want("hide")
		ask(t, p, abi.OperationCreate, guest, "").incoming(`{"title":"T","author":"ann"}`).want("refuse sign_in_required")
		ask(t, p, abi.OperationCreate, bob, "").incoming(`{"title":"T","author":"ann"}`).want("refuse ownership_required")
		ask(t, p, abi.OperationCreate, ann, "").incoming(`{"title":" ","author":"ann"}`).want("refuse invalid_title")
		ask(t, p, abi.OperationCreate, ann, "").incoming(`{"title":"T","author":"ann"}`).want("allow")
		ask(t, p, abi.OperationUpdate, ann, post).incoming(`{"title":"T","tags":["a"]}`).want("allow")
		ask(t, p, abi.OperationUpdate, ann, post).incoming(`{"author":"bob"}`).want("refuse field_forbidden")
		ask(t, p, abi.OperationUpdate, bob, post).incoming(`{"title":"T"}`).want("refuse ownership_required")
		ask(t, p, abi.OperationDelete, ann, post).want("allow")
		ask(t, p, abi.OperationDelete, guest, post).want("refuse ownership_required")
	})
}

func TestCommentsPolicy(t *testing.T) {
	onBoth(t, func(t *testing.T, e *Engine) {
		p := loadTree(t, e, "comments")
		comment := `{"id":"c1","author":"ann","post":"p1"}`
		ask(t, p, abi.OperationCreate, guest, "").incoming(`{"body":"x"}`).want("refuse sign_in_required")
		ask(t, p, abi.OperationCreate, ann, "").incoming(`{"body":"x","author":"bob"}`).want(`allow author="ann"`)
		ask(t, p, abi.OperationUpdate, ann, comment).incoming(`{"body":"x"}`).want("allow author= post=")
		ask(t, p, abi.OperationUpdate, ann, comment).incoming(`{"body":"x","author":"bob","post":"p2"}`).want("allow author= post=")
		ask(t, p, abi.OperationUpdate, bob, comment).incoming(`{"body":"x"}`).want("refuse ownership_required")
		ask(t, p, abi.OperationDelete, bob, comment).related("post", `{"id":"p1","author":"bob"}`).want("allow")
		ask(t, p, abi.OperationDelete, bob, comment).related("post", `{"id":"p1","author":"eve"}`).want("refuse ownership_required")
		ask(t, p, abi.OperationDelete, guest, comment).related("post", `{"id":"p1"}`).want("refuse ownership_required")
	})
}
