package pocketbase

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// openEmbedded starts a PocketBase in a folder of its own; change may alter how.
func openEmbedded(t testing.TB, change func(*EmbeddedConfig)) *Database {
	t.Helper()
	dir := t.TempDir()
	cfg := EmbeddedConfig{
		DataDir: filepath.Join(dir, "pb_data"), StateDir: filepath.Join(dir, "state"),
		AdminEmail: "root@example.com", AdminPassword: "correct horse",
	}
	if change != nil {
		change(&cfg)
	}
	d, err := OpenEmbedded(t.Context(), cfg, quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return d
}

func fetch(t testing.TB, d *Database, r *Request) *Response {
	t.Helper()
	response, err := d.Fetch(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func asSuperuser(t testing.TB, d *Database, method, path, body string) *Response {
	t.Helper()
	token, err := d.Superuser()
	if err != nil {
		t.Fatal(err)
	}
	r := &Request{Method: method, Path: path, Token: token}
	if body != "" {
		r.Header = http.Header{"Content-Type": {"application/json"}}
		r.Body, r.ContentLength = strings.NewReader(body), int64(len(body))
	}
	return fetch(t, d, r)
}

func TestEmbeddedAnswersInProcess(t *testing.T) {
	d := openEmbedded(t, nil)
	if !d.Ready() {
		t.Fatal("not ready")
	}
	if r := fetch(t, d, &Request{Method: "GET", Path: "/api/health"}); r.Status != 200 || !strings.Contains(string(r.Body), "API is healthy") {
		t.Fatalf("health: %d %s", r.Status, r.Body)
	}
	if r := fetch(t, d, &Request{Method: "GET", Path: "/api/collections"}); r.Status != 401 {
		t.Fatalf("a guest reads the collections: %d", r.Status)
	}
	if r := asSuperuser(t, d, "GET", "/api/collections", ""); r.Status != 200 {
		t.Fatalf("the superuser does not read the collections: %d %s", r.Status, r.Body)
	}
	if r := fetch(t, d, &Request{Method: "HEAD", Path: "/api/health"}); r.Status != 200 || len(r.Body) != 0 {
		t.Fatalf("HEAD: %d %q", r.Status, r.Body)
	}
	if r := fetch(t, d, &Request{Method: "GET", Path: "/_/"}); r.Status != 200 || !strings.Contains(string(r.Body), "<html") {
		t.Fatalf("dashboard: %d", r.Status)
	}
}

func TestEmbeddedSeesTheClientsAddress(t *testing.T) {
	d := openEmbedded(t, nil)
	f := func(token, want string) {
		t.Helper()
		app := d.backend.(*embedded).app
		var got string
		id := app.OnRecordsListRequest("users").BindFunc(func(e *core.RecordsListRequestEvent) error {
			got = e.RealIP()
			return e.Next()
		})
		defer app.OnRecordsListRequest("users").Unbind(id)
		fetch(t, d, &Request{
			Method: "GET", Path: "/api/collections/users/records", Token: token,
			Header:     http.Header{"X-Forwarded-For": {"6.6.6.6"}, "X-Real-Ip": {"6.6.6.6"}},
			ClientAddr: netip.MustParseAddrPort("203.0.113.9:4711"),
		})
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if r := asSuperuser(t, d, "PATCH", "/api/settings", `{"trustedProxy":{"headers":["X-Forwarded-For"]}}`); r.Status != 200 {
		t.Fatalf("settings: %d %s", r.Status, r.Body)
	}
	token, err := d.Superuser()
	if err != nil {
		t.Fatal(err)
	}
	asSuperuser(t, d, "PATCH", "/api/collections/users", `{"listRule":""}`)
	f("", "203.0.113.9")
	f(token, "127.0.0.1")
}

func TestEmbeddedStreamsRealtime(t *testing.T) {
	d := openEmbedded(t, nil)
	response, err := d.Stream(t.Context(), &Request{Method: "GET", Path: "/api/realtime"})
	if err != nil {
		t.Fatal(err)
	}
	if got := response.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("content type %q", got)
	}
	buffer := make([]byte, 1<<10)
	n, err := response.Body.Read(buffer)
	if err != nil || !strings.Contains(string(buffer[:n]), "id:") {
		t.Fatalf("%q, %v", buffer[:n], err)
	}
	// Closing the body ends the handler: the broker has no client any more.
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if left := d.backend.(*embedded).app.SubscriptionsBroker().TotalClients(); left != 0 {
		t.Fatalf("%d clients left", left)
	}
}

func TestClosingEndsStreams(t *testing.T) {
	d := openEmbedded(t, nil)
	response, err := d.Stream(t.Context(), &Request{Method: "GET", Path: "/api/realtime"})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(response.Body); err == nil {
		t.Error("the stream ended as if it were complete")
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = d.Fetch(t.Context(), &Request{Method: "GET", Path: "/api/health"})
	wantUnavailable(t, err)
}

func TestSchemaFollowsAtOnce(t *testing.T) {
	d := openEmbedded(t, nil)
	var seen int
	d.OnSchema(func(*Schema) { seen++ })
	if d.Schema().Find("notes") != nil {
		t.Fatal("notes exist already")
	}
	r := asSuperuser(t, d, "POST", "/api/collections", `{"name":"notes","type":"base","fields":[{"name":"title","type":"text"}]}`)
	if r.Status != 200 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	notes := d.Schema().Find("NoTeS")
	if notes == nil || notes.Field("title") == nil || seen != 1 {
		t.Fatalf("notes %v after %d changes", notes, seen)
	}
	if d.Schema().Find(notes.Id) != notes {
		t.Error("not found by id")
	}
	if d.Schema().Find(strings.ToUpper(notes.Id)) != nil {
		t.Error("found by an id in another case")
	}
	if err := d.RefreshSchema(t.Context()); err != nil || seen != 1 {
		t.Errorf("an unchanged schema was published (%d), %v", seen, err)
	}
	asSuperuser(t, d, "DELETE", "/api/collections/notes", "")
	if d.Schema().Find("notes") != nil || seen != 2 {
		t.Errorf("notes are still there after %d changes", seen)
	}
}

func TestKeptPasswordIsReadableByItsOwnerAlone(t *testing.T) {
	var state string
	d := openEmbedded(t, func(cfg *EmbeddedConfig) {
		cfg.AdminEmail, cfg.AdminPassword, state = "", "", cfg.StateDir
	})
	file := filepath.Join(state, "superuser.env")
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	content, _ := os.ReadFile(file)
	_, password, _ := strings.Cut(strings.TrimSpace(string(content)), keptPassword)
	body, _ := json.Marshal(map[string]string{"identity": ownEmail, "password": password})
	r := fetch(t, d, &Request{
		Method: "POST", Path: "/api/collections/_superusers/auth-with-password",
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   strings.NewReader(string(body)), ContentLength: int64(len(body)),
	})
	if r.Status != 200 {
		t.Errorf("the kept password does not sign in: %d %s", r.Status, r.Body)
	}
}
