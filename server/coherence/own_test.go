package coherence

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/cache"
)

// Whoever writes through the gateway, and however, is shown what was written from then
// on, and so is everybody else, though nobody tells of it.
func TestOwnWritesAreSeenThoughNothingIsTold(t *testing.T) {
	u := newUpstream(t)
	w := newWorld(t, u.Database)
	u.silence(t)
	user := w.viewers[2]
	var all []reading
	for _, by := range []*viewer{w.viewers[0], user} {
		for _, collection := range []string{"users", "posts", "titles", "drafts", "letters"} {
			all = append(all, reading{request{op: list, collection: collection}, by})
		}
		all = append(all, reading{request{op: list, collection: "staff", query: "expand=post.author"}, by})
		for _, collection := range []string{"posts", "drafts", "staff"} {
			all = append(all, reading{request{op: view, collection: collection, id: idOf(collection, 0)}, by})
		}
	}
	prepare := func() {
		t.Helper()
		for i := range 2 {
			for _, err := range []error{
				store("users", user.id, map[string]any{"role": "moderator"}),
				store("posts", idOf("posts", i), map[string]any{"author": user.id}),
				store("drafts", idOf("drafts", i), map[string]any{"post": idOf("posts", i), "author": user.id}),
				store("staff", idOf("staff", i), map[string]any{"post": idOf("posts", i)}),
			} {
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		w.cached.ResizeCache(0) // which drops all
		w.cached.ResizeCache(cache.LeastSize)
	}
	post := func(i int) request {
		return request{op: update, collection: "posts", id: idOf("posts", i), body: map[string]any{"title": fmt.Sprint("new", i), "n": ledger.last.Add(1)}}
	}
	gone := func(i int) request { return request{op: remove, collection: "posts", id: idOf("posts", i)} }
	serve := func(r request) bool { return w.ask(w.cached, user, r).status < 300 }
	batch := func(r request) bool { return w.batch(user, r) }
	f := func(what string, write func(request) bool, r request) {
		t.Helper()
		prepare()
		for _, q := range all {
			w.ask(w.cached, q.by, q.request)
		}
		if !write(r) {
			t.Fatalf("%s: %s is refused", what, r)
		}
		for _, q := range all {
			w.holds(q, w.ask(w.cached, q.by, q.request))
		}
		if t.Failed() {
			t.Fatal(what)
		}
	}
	t.Cleanup(func() { deleteNewPosts(t) })
	f("an update", serve, post(0))
	f("a batch", batch, post(1))
	f("a superuser's update", w.asSuperuser, post(0))
	f("a delete that cascades", serve, gone(0))
	f("a create", serve, request{op: create, collection: "posts", body: map[string]any{"id": idOf("posts", each), "title": "new"}})
	f("a create that does not say of what", serve, request{op: create, collection: "posts", query: "fields=title", body: map[string]any{"title": "new"}})
	f("a batch that cascades", batch, gone(1))
	f("a superuser's delete that cascades", w.asSuperuser, gone(0))
	f("a superuser's role", w.asSuperuser, request{op: update, collection: "users", id: user.id, body: map[string]any{"role": ""}})
}

// deleteNewPosts leaves those of the ledger.
func deleteNewPosts(t *testing.T) {
	posts, err := app.FindAllRecords("posts")
	for _, r := range posts {
		if ledger.records[placeOf("posts", r.Id)] == nil {
			err = errors.Join(err, app.Delete(r))
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// asSuperuser writes through the gateway as a superuser does where they are let in.
func (w *world) asSuperuser(r request) bool {
	token, err := w.db.Superuser()
	if err != nil {
		w.Fatal(err)
	}
	p := w.passage(token, r.query, r.body)
	defer p.Flight.End()
	answer, err := w.cached.AsSuperuser(w.Context(), p, methods[r.op.String()], r.path())
	if answer == nil {
		w.Fatalf("no superuser: %v", err)
	}
	return w.read(answer, err).status < http.StatusMultipleChoices
}

// A write that is answered by an error, or by nothing, may have been stored.
func TestWhatAFailedWriteStoredIsSeen(t *testing.T) {
	u := newUpstream(t)
	w := newWorld(t, u.Database)
	u.silence(t)
	user := w.viewers[2]
	failing := app.OnRecordUpdate("posts").BindFunc(func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		return errors.New("told to fail")
	})
	defer app.OnRecordUpdate("posts").Unbind(failing)
	one, list := request{op: view, collection: "posts", id: idOf("posts", 0)}, request{op: list, collection: "posts"}
	for i, lost := range []bool{false, true} {
		if err := store("posts", one.id, map[string]any{"author": user.id}); err == nil {
			t.Fatal("the hook does not fail")
		}
		w.cached.ResizeCache(0)
		w.cached.ResizeCache(cache.LeastSize)
		for _, r := range []request{one, list} {
			w.ask(w.cached, user, r)
		}
		u.losing.Store(lost)
		a := w.ask(w.cached, user, request{op: update, collection: "posts", id: one.id, body: map[string]any{"title": fmt.Sprint("stored", i)}})
		u.losing.Store(false)
		if want := map[bool]int{false: http.StatusBadRequest, true: http.StatusBadGateway}[lost]; a.status != want {
			t.Fatalf("it is answered by %d %s; want %d", a.status, a.body, want)
		}
		for _, r := range []request{one, list} {
			w.holds(reading{r, user}, w.ask(w.cached, user, r))
		}
	}
}

// So is one whose hook fails behind it, in a batch too, which takes nothing back then.
func TestWhatIsStoredBeforeAHookFailsIsSeen(t *testing.T) {
	u := newUpstream(t)
	w := newWorld(t, u.Database)
	u.silence(t)
	user := w.viewers[2]
	t.Cleanup(func() { deleteNewPosts(t) })
	if err := store("posts", idOf("posts", 0), map[string]any{"author": user.id}); err != nil {
		t.Fatal(err)
	}
	fail := func(*core.RecordEvent) error { return errors.New("told to fail") }
	created, updated := app.OnRecordAfterCreateSuccess("posts").BindFunc(fail), app.OnRecordAfterUpdateSuccess("posts").BindFunc(fail)
	defer app.OnRecordAfterCreateSuccess("posts").Unbind(created)
	defer app.OnRecordAfterUpdateSuccess("posts").Unbind(updated)
	serve := func(r request) bool { return w.ask(w.cached, user, r).status == http.StatusBadRequest }
	batch := func(r request) bool { return !w.batch(user, r) }
	one, list := request{op: view, collection: "posts", id: idOf("posts", 0)}, request{op: list, collection: "posts"}
	f := func(what string, isRefused func(request) bool, r request) {
		t.Helper()
		w.cached.ResizeCache(0)
		w.cached.ResizeCache(cache.LeastSize)
		before := w.ask(w.cached, user, list)
		w.ask(w.cached, user, one)
		if !isRefused(r) {
			t.Fatalf("%s is not refused", what)
		}
		after := w.ask(w.cached, user, list)
		if after.body == before.body {
			t.Errorf("%s: nothing has changed", what)
		}
		w.holds(reading{list, user}, after)
		w.holds(reading{one, user}, w.ask(w.cached, user, one))
	}
	create := func(title string) request {
		return request{op: create, collection: "posts", body: map[string]any{"title": title, "author": user.id}}
	}
	update := func(title string) request {
		return request{op: update, collection: "posts", id: one.id, body: map[string]any{"title": title}}
	}
	f("a create", serve, create("made alone"))
	f("an update", serve, update("changed alone"))
	f("a batch's create", batch, create("made in a batch"))
	f("a batch's update", batch, update("changed in a batch"))
}
