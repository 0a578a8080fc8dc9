package pocketbase

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// The app's hooks see the superuser that PocketBase would have read, each a copy of
// their own, and nothing is read.
func TestSuperuserIsReadOnce(t *testing.T) {
	d := openEmbedded(t, nil)
	e := d.backend.(*embedded)
	if r := asSuperuser(t, d, "GET", "/api/collections", ""); r.Status != 200 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	want, err := e.admin.find()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	e.app.OnCollectionsListRequest().BindFunc(func(ev *core.CollectionsListRequestEvent) error {
		if got := ev.Auth; !reflect.DeepEqual(got, want) || got.IsNew() || !got.IsSuperuser() || got.TokenKey() != want.TokenKey() {
			t.Errorf("the superuser is %#v, not %#v", got, want)
		}
		seen++
		ev.Auth.Set("verified", false)
		ev.Auth.WithCustomData(true).Set("mine", "yes")
		return ev.Next()
	})
	// which no hook tells of
	if _, err := e.app.DB().NewQuery("UPDATE _superusers SET tokenKey = 'another key, behind everybody''s back'").Execute(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if r := asSuperuser(t, d, "GET", "/api/collections", ""); r.Status != 200 {
			t.Errorf("%d %s", r.Status, r.Body)
		}
	}
	if seen != 2 {
		t.Errorf("the hook saw %d requests", seen)
	}
}

// Whoever else sends a token has it proved, whosever it is.
func TestTokensOfOthersAreProved(t *testing.T) {
	d := openEmbedded(t, nil)
	e := d.backend.(*embedded)
	token, err := d.Superuser()
	if err != nil {
		t.Fatal(err)
	}
	status := func(token string) int {
		t.Helper()
		return fetch(t, d, &Request{Method: "GET", Path: "/api/settings", Token: token}).Status
	}
	over := func() int {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/api/settings", nil)
		r.Header.Set("Authorization", token)
		e.handler.ServeHTTP(w, r)
		return w.Code
	}
	if in, out := status(token), over(); in != 200 || out != 200 {
		t.Fatalf("the superuser gets %d, and %d over PocketBase's own port", in, out)
	}
	forged := token[:strings.LastIndex(token, ".")+1] + "forged"
	if got := status(forged); got != http.StatusUnauthorized {
		t.Errorf("a forged token gets %d", got)
	}
	record, err := e.admin.find()
	if err != nil {
		t.Fatal(err)
	}
	record.SetPassword("yet another horse")
	if err := e.app.Save(record); err != nil {
		t.Fatal(err)
	}
	if in, out := status(token), over(); in != http.StatusUnauthorized || out != http.StatusUnauthorized {
		t.Errorf("the token from before gets %d, and %d over PocketBase's own port", in, out)
	}
}

// A superuser who changes while a token is made for them is read again.
func TestSuperuserThatChangesMeanwhile(t *testing.T) {
	d := openEmbedded(t, nil)
	e := d.backend.(*embedded)
	e.admin.forget()
	changes := true
	e.admin.app = meanwhile{e.app, func() {
		if changes {
			changes = false
			e.admin.forget()
		}
	}}
	first, err := d.Superuser()
	if err != nil || e.admin.behind(first) != nil {
		t.Errorf("what may be old is kept, %v", err)
	}
	second, err := d.Superuser()
	if err != nil || e.admin.behind(second) == nil {
		t.Errorf("what is new is not kept, %v", err)
	}
}

// meanwhile does something each time that a superuser has been read.
type meanwhile struct {
	core.App
	do func()
}

func (m meanwhile) FindAuthRecordByEmail(collection any, email string) (*core.Record, error) {
	defer m.do()
	return m.App.FindAuthRecordByEmail(collection, email)
}

// However many ask at once for a superuser that was deleted, one is made.
func TestSuperuserIsMadeOnce(t *testing.T) {
	d := openEmbedded(t, nil)
	e := d.backend.(*embedded)
	record, err := e.admin.find()
	if err != nil {
		t.Fatal(err)
	}
	other := core.NewRecord(record.Collection()) // PocketBase keeps the last one
	other.SetEmail("other@example.com")
	other.SetPassword("password1")
	if err := errors.Join(e.app.Save(other), e.app.Delete(record)); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if token, err := d.Superuser(); err != nil || token == "" {
				t.Errorf("%q, %v", token, err)
			}
		})
	}
	all.Wait()
}
