package pocketbase

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// A hook that panics costs its own request alone, and PocketBase answers that
// itself, without a word of why.
func TestAHookThatPanics(t *testing.T) {
	d := openEmbedded(t, nil)
	app := d.backend.(*embedded).app
	id := app.OnRecordsListRequest("users").BindFunc(func(*core.RecordsListRequestEvent) error { panic("the secret") })
	r := asSuperuser(t, d, "GET", "/api/collections/users/records", "")
	if r.Status != 500 || !strings.Contains(string(r.Body), `"status":500`) || strings.Contains(string(r.Body), "secret") {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	app.OnRecordsListRequest("users").Unbind(id)
	if r := asSuperuser(t, d, "GET", "/api/collections/users/records", ""); r.Status != 200 || !d.Ready() {
		t.Errorf("behind it: %d %s", r.Status, r.Body)
	}
}

// A request whose time is up is told from one that PocketBase refuses, though
// PocketBase calls both a bad request; what it has done all the same stands.
func TestARequestWhoseTimeIsUp(t *testing.T) {
	d := openEmbedded(t, nil)
	app := d.backend.(*embedded).app
	token, err := d.Superuser()
	if err != nil {
		t.Fatal(err)
	}
	f := func(outcome func(*core.RecordsListRequestEvent) error, late bool) {
		t.Helper()
		id := app.OnRecordsListRequest("users").BindFunc(func(e *core.RecordsListRequestEvent) error {
			<-e.Request.Context().Done()
			return outcome(e)
		})
		defer app.OnRecordsListRequest("users").Unbind(id)
		soon, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		r, err := d.Fetch(soon, &Request{Method: "GET", Path: "/api/collections/users/records", Token: token})
		if late != errors.Is(err, context.DeadlineExceeded) || !late && (err != nil || r.Status != 200) {
			t.Errorf("%v, %v", r, err)
		}
	}
	f(func(e *core.RecordsListRequestEvent) error { return e.Request.Context().Err() }, true)
	f(func(e *core.RecordsListRequestEvent) error { return e.Next() }, false)
}
