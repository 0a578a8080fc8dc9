package coherence

import (
	"net/http"
	"sync"
)

const password = "the password of all"

// viewer is someone who reads and writes; a guest is of no collection.
type viewer struct {
	collection, id string

	mu       sync.Mutex
	token    string
	password string
}

func (v *viewer) bears() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.token
}

// everyone are two guests, three users and two members, all signed in. Of users and
// members one more has a record and never comes.
func (w *world) everyone() []*viewer {
	all := []*viewer{{}, {}}
	for i := range 3 {
		all = append(all, &viewer{collection: "users", id: idOf("users", i), password: password})
	}
	for i := range 2 {
		all = append(all, &viewer{collection: "members", id: idOf("members", i), password: password})
	}
	for _, v := range all {
		w.signIn(v)
	}
	return all
}

func (w *world) signIn(v *viewer) {
	if v.collection == "" {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	body := map[string]any{"identity": address(v.id), "password": v.password}
	a := w.read(w.cached.SignIn(w.Context(), w.passage("", "", body), v.collection, "auth-with-password"))
	if a.status == http.StatusOK {
		v.token, _ = a.object()["token"].(string)
	}
}

func (w *world) signOut(v *viewer) {
	_ = w.read(w.cached.EndSession(w.Context(), w.passage(v.bears(), "", nil), "current")) // a guest has none
}

// changePassword does so as the user themselves, which ends all of their sessions.
func (w *world) changePassword(v *viewer) {
	if v.collection == "" {
		return
	}
	next := v.password + "!"
	a := w.ask(w.cached, v, request{op: update, collection: v.collection, id: v.id, body: map[string]any{
		"password": next, "passwordConfirm": next, "oldPassword": v.password,
	}})
	if a.status == http.StatusOK {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.password = next
	}
}

func address(id string) string { return id + "@example.com" }
