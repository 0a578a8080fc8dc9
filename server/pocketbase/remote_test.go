package pocketbase

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// told hands log messages to a test, which waits for what it expects.
type told struct{ messages chan string }

func newTold() *told { return &told{make(chan string, 1000)} }

func (h *told) log() *slog.Logger                        { return slog.New(h) }
func (h *told) Enabled(context.Context, slog.Level) bool { return true }
func (h *told) WithAttrs([]slog.Attr) slog.Handler       { return h }
func (h *told) WithGroup(string) slog.Handler            { return h }
func (h *told) Handle(_ context.Context, r slog.Record) error {
	text := r.Message
	r.Attrs(func(a slog.Attr) bool { text += " " + a.String(); return true })
	select {
	case h.messages <- text:
	default: // nobody waits for so many
	}
	return nil
}

func (h *told) wait(t *testing.T, want string) string {
	t.Helper()
	for {
		select {
		case got := <-h.messages:
			if strings.Contains(got, want) {
				return got
			}
		case <-t.Context().Done():
			t.Fatalf("the log never says %q", want)
		}
	}
}

func openRemote(t *testing.T, address string, change func(*RemoteConfig)) (*Database, *told) {
	t.Helper()
	cfg := RemoteConfig{URL: address, AdminEmail: "root@example.com", AdminPassword: "correct horse", MaxConnections: 8, Timeout: time.Minute}
	if change != nil {
		change(&cfg)
	}
	log := newTold()
	d, err := OpenRemote(t.Context(), cfg, log.log())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return d, log
}

// running runs the database until the test ends.
func running(t *testing.T, d *Database) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// served is an embedded PocketBase behind a real HTTP server.
func served(t *testing.T, wrap func(http.Handler) http.Handler) (*Database, string) {
	t.Helper()
	d := openEmbedded(t, func(cfg *EmbeddedConfig) { cfg.Dashboard = "" })
	handler := d.backend.(*embedded).handler
	if wrap != nil {
		handler = wrap(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return d, server.URL
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestRemoteSurvivesARestart(t *testing.T) {
	address, dir := freeAddress(t), t.TempDir()
	cfg := EmbeddedConfig{
		DataDir: filepath.Join(dir, "pb_data"), StateDir: filepath.Join(dir, "state"), Dashboard: address,
		AdminEmail: "root@example.com", AdminPassword: "correct horse",
	}
	d, log := openRemote(t, "http://"+address, nil)
	if _, err := d.Superuser(); !errors.Is(err, ErrUnavailable) {
		t.Fatalf("a superuser without a PocketBase: %v", err)
	}
	running(t, d)
	log.wait(t, "PocketBase does not answer")
	if d.Ready() {
		t.Fatal("ready without a PocketBase")
	}
	for range 2 {
		there, err := OpenEmbedded(t.Context(), cfg, quiet())
		if err != nil {
			t.Fatal(err)
		}
		log.wait(t, "PocketBase answers")
		if !d.Ready() || d.Schema().Find("users") == nil {
			t.Fatal("not ready although PocketBase answers")
		}
		if r := asSuperuser(t, d, "GET", "/api/settings", ""); r.Status != 200 {
			t.Fatalf("the superuser is not one: %d %s", r.Status, r.Body)
		}
		if err := there.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err = d.Fetch(t.Context(), &Request{Method: "GET", Path: "/api/health"})
		wantUnavailable(t, err)
		log.wait(t, "PocketBase does not answer")
		if d.Ready() {
			t.Fatal("ready although PocketBase is gone")
		}
	}
}

func TestRemoteRefusesWrongCredentials(t *testing.T) {
	_, address := served(t, nil)
	f := func(email, password, want string) {
		t.Helper()
		d, _ := openRemote(t, address, func(cfg *RemoteConfig) { cfg.AdminEmail, cfg.AdminPassword = email, password })
		err := d.Run(t.Context())
		if !errors.Is(err, ErrCredentials) || !strings.Contains(err.Error(), "ADMIN_EMAIL, ADMIN_PASSWORD") || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want ErrCredentials with %q", err, want)
		}
		if strings.Contains(err.Error(), password) {
			t.Errorf("the error tells the password: %v", err)
		}
		if d.Ready() {
			t.Error("ready without a superuser")
		}
	}
	f("root@example.com", "wrong horse", "does not accept them")
	f("nobody@example.com", "correct horse", "does not accept them")
}

func TestRemoteNeedsASuperuserWithoutSecondFactor(t *testing.T) {
	there, address := served(t, nil)
	if r := asSuperuser(t, there, "PATCH", "/api/collections/_superusers", `{"otp":{"enabled":true},"mfa":{"enabled":true}}`); r.Status != 200 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	d, _ := openRemote(t, address, nil)
	if err := d.Run(t.Context()); !errors.Is(err, ErrCredentials) || !strings.Contains(err.Error(), "multi-factor") {
		t.Errorf("got %v", err)
	}
}

func TestRemoteConfigurationIsChecked(t *testing.T) {
	f := func(cfg RemoteConfig, key, want string) {
		t.Helper()
		_, err := OpenRemote(t.Context(), cfg, quiet())
		var setup *SetupError
		if !errors.As(err, &setup) || !strings.Contains(setup.Key, key) || !strings.Contains(setup.Reason, want) {
			t.Errorf("got %v, want %s: %s", err, key, want)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells a secret: %v", err)
		}
	}
	f(RemoteConfig{URL: "http://127.0.0.1"}, "ADMIN_EMAIL", "needs both")
	f(RemoteConfig{URL: "127.0.0.1:8090"}, "DB_URL", "it is no URL")
	f(RemoteConfig{URL: "localhost:8090"}, "DB_URL", "http://")
	f(RemoteConfig{URL: "ftp://host"}, "DB_URL", "http://")
	f(RemoteConfig{URL: "http://"}, "DB_URL", "http://")
	f(RemoteConfig{URL: "http://user:secret@host"}, "DB_URL", "more than a host")
	f(RemoteConfig{URL: "http://user:secret@ho st"}, "DB_URL", "it is no URL")
	f(RemoteConfig{URL: "http://host/?a=b"}, "DB_URL", "more than a host")
}

// signedIn is a remote database whose superuser has signed in, without Run.
func signedIn(t *testing.T, address string, change func(*RemoteConfig)) (*Database, *remote) {
	t.Helper()
	d, _ := openRemote(t, address, change)
	r := d.backend.(*remote)
	if err := r.probe(t.Context(), d.RefreshSchema); err != nil {
		t.Fatal(err)
	}
	return d, r
}

// believed is a remote database that is taken to answer, without a look at it.
func believed(t *testing.T, address string, change func(*RemoteConfig)) *Database {
	t.Helper()
	d, _ := openRemote(t, address, change)
	d.backend.(*remote).breaker.close()
	return d
}

func TestRemoteSchemaIsTheEmbeddedOne(t *testing.T) {
	there, address := served(t, nil)
	asSuperuser(t, there, "POST", "/api/collections", kitchenSink)
	asSuperuser(t, there, "POST", "/api/collections", `{"name":"seen","type":"view","viewQuery":"select id, name from users"}`)
	d, _ := signedIn(t, address, nil)
	want, got := there.Schema().All(), d.Schema().All()
	if len(want) != len(got) {
		t.Fatalf("%d collections, want %d", len(got), len(want))
	}
	for i := range want {
		if string(got[i].raw) != string(want[i].raw) || got[i].Opaque != nil {
			t.Errorf("%s: got %s, want %s", want[i].Name, got[i].raw, want[i].raw)
		}
		again, err := json.Marshal(got[i].Collection)
		if err != nil || string(again) != string(want[i].raw) {
			t.Errorf("%s is read as %s, want %s (%v)", want[i].Name, again, want[i].raw, err)
		}
	}
	asSuperuser(t, there, "DELETE", "/api/collections/kitchen", "")
	if err := d.RefreshSchema(t.Context()); err != nil || d.Schema().Find("kitchen") != nil {
		t.Errorf("a deleted collection is still there, %v", err)
	}
}

func TestUnknownFieldTypesMakeACollectionOpaque(t *testing.T) {
	there, address := served(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/api/collections" {
				next.ServeHTTP(w, r)
				return
			}
			answer := httptest.NewRecorder()
			next.ServeHTTP(answer, r)
			_, _ = io.WriteString(w, strings.Replace(answer.Body.String(), `"type":"geoPoint"`, `"type":"hologram"`, 1))
		})
	})
	asSuperuser(t, there, "POST", "/api/collections", kitchenSink)
	d, _ := signedIn(t, address, nil)
	c := d.Schema().Find("kitchen")
	if c == nil || c.Opaque == nil || c.Id != there.Schema().Find("kitchen").Id {
		t.Fatalf("got %+v", c)
	}
	if _, _, err := c.Resolve(nil, map[string]any{"title": "x"}); err == nil {
		t.Error("a body of it was resolved")
	}
	if _, err := c.RecordFromJSON([]byte(`{"id":"x"}`)); err == nil {
		t.Error("a record of it was read")
	}
	if d.Schema().Find("users").Opaque != nil {
		t.Error("so are the others")
	}
}

func TestRemoteSignsInAgain(t *testing.T) {
	there, address := served(t, nil)
	d, r := signedIn(t, address, nil)
	app := there.backend.(*embedded).app
	old, err := d.Superuser()
	if err != nil {
		t.Fatal(err)
	}
	record, err := app.FindAuthRecordByEmail(core.CollectionNameSuperusers, "root@example.com")
	if err != nil {
		t.Fatal(err)
	}
	record.RefreshTokenKey()
	if err := app.Save(record); err != nil {
		t.Fatal(err)
	}
	send := func() int {
		body := strings.NewReader(`{"name":"again"}`)
		return fetch(t, d, &Request{
			Method: "POST", Path: "/api/collections/users/records", Token: old,
			Header: http.Header{"Content-Type": {"application/json"}}, Body: body, ContentLength: body.Size(),
		}).Status
	}
	asSuperuser(t, there, "PATCH", "/api/collections/users", `{"createRule":null}`)
	if status := send(); status != 403 {
		t.Fatalf("a token that has just been proved was doubted: %d", status)
	}
	doubted := *r.session.Load()
	doubted.proved = time.Time{}
	r.session.Store(&doubted)
	if status := send(); status != 400 { // 400: a user needs a password, so it was the superuser who asked
		t.Fatalf("status %d", status)
	}
	if fresh, err := d.Superuser(); err != nil || fresh == old {
		t.Errorf("the old token is still handed out, %v", err)
	}
}

func TestAnHonestRefusalStands(t *testing.T) {
	there, address := served(t, nil)
	d, r := signedIn(t, address, nil)
	there.backend.(*embedded).app.OnRecordsListRequest("users").BindFunc(func(e *core.RecordsListRequestEvent) error {
		return e.ForbiddenError("Not even you.", nil)
	})
	doubted := *r.session.Load()
	doubted.proved = time.Time{}
	r.session.Store(&doubted)
	if response := asSuperuser(t, d, "GET", "/api/collections/users/records", ""); response.Status != 403 || !strings.Contains(string(response.Body), "Not even you") {
		t.Errorf("got %d %s", response.Status, response.Body)
	}
	if s := r.session.Load(); s == nil || time.Since(s.proved) > time.Hour {
		t.Error("the token was not proved")
	}
}

func TestRemoteRefreshesBeforeTheTokenEnds(t *testing.T) {
	_, address := served(t, nil)
	_, r := signedIn(t, address, nil)
	r.password = "forgotten" // so that only a refresh can succeed
	old := r.session.Load()
	if left := time.Until(old.renewAt); left >= time.Until(old.expires) {
		t.Fatalf("it is renewed %v from now and ends before", left)
	}
	due := *old
	due.renewAt = time.Time{}
	r.session.Store(&due)
	if err := r.signIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := r.session.Load(); s.renewAt.IsZero() || !s.owns(old.token) || !s.owns(s.token) {
		t.Errorf("not renewed: %+v", s)
	}
}

func TestRemoteBehindAPathPrefix(t *testing.T) {
	_, address := served(t, func(next http.Handler) http.Handler { return http.StripPrefix("/pb", next) })
	d, _ := signedIn(t, address+"/pb/", nil)
	if r := fetch(t, d, &Request{Method: "GET", Path: "/api/health"}); r.Status != 200 {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}

func TestRemotePassesPathsAsTheyAreEscaped(t *testing.T) {
	var got string
	_, address := served(t, func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got = r.RequestURI
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		})
	})
	d := believed(t, address, nil)
	r := fetch(t, d, &Request{Method: "GET", Path: "/api/a%2Fb%20c/%C3%BC", RawQuery: "filter=a%3D1"})
	if got != "/api/a%2Fb%20c/%C3%BC?filter=a%3D1" {
		t.Errorf("got %q", got)
	}
	if r.Status != http.StatusFound || r.Header.Get("Location") != "/elsewhere" {
		t.Errorf("the redirect was followed: %d", r.Status)
	}
	if _, err := d.Fetch(t.Context(), &Request{Method: "GET", Path: "/api/%zz"}); err == nil {
		t.Error("a malformed path was sent")
	}
}

func TestRemoteHeaders(t *testing.T) {
	var got http.Header
	_, address := served(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got = r.Header.Clone()
			next.ServeHTTP(w, r)
		})
	})
	d, _ := signedIn(t, address, nil)
	token, err := d.Superuser()
	if err != nil {
		t.Fatal(err)
	}
	f := func(token, name, want string) {
		t.Helper()
		fetch(t, d, &Request{
			Method: "GET", Path: "/api/health", Token: token, ClientAddr: netip.MustParseAddrPort("[::ffff:203.0.113.9]:80"),
			Header: http.Header{
				"Authorization": {"stolen"}, "X-Forwarded-For": {"6.6.6.6"}, "X_forwarded_for": {"6.6.6.6"}, "X-Real-Ip": {"6.6.6.6"},
				"Connection": {"close, X-Secret"}, "X-Secret": {"x"}, "X-App": {"yes"}, "Accept-Encoding": {"br"},
			},
		})
		if have := strings.Join(got[name], "|"); have != want {
			t.Errorf("%s: got %q, want %q", name, have, want)
		}
	}
	f("", "Authorization", "")
	f("users-own", "Authorization", "users-own")
	f("", "X-Forwarded-For", "203.0.113.9")
	f(token, "X-Forwarded-For", "")
	f("", "X_forwarded_for", "")
	f("", "X-Real-Ip", "")
	f("", "X-Secret", "")
	f("", "X-App", "yes")
	f("", "Accept-Encoding", "identity")
	f("", "User-Agent", "")
}

func TestRemoteBoundsAnswers(t *testing.T) {
	_, address := served(t, func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/hang" {
				<-r.Context().Done()
				return
			}
			for range MaxResponse>>20 + 1 {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		})
	})
	d := believed(t, address, nil)
	if _, err := d.Fetch(t.Context(), &Request{Method: "GET", Path: "/large"}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v, want ErrTooLarge", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Fetch(ctx, &Request{Method: "GET", Path: "/hang"}); !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnavailable) {
		t.Errorf("got %v, want that the caller gave up", err)
	}
	hasty := believed(t, address, func(cfg *RemoteConfig) { cfg.Timeout = time.Millisecond })
	_, err := hasty.Fetch(t.Context(), &Request{Method: "GET", Path: "/hang"})
	wantUnavailable(t, err)
}

// An answer that ends with its connection, as a proxy in between may give it, is not known
// to be whole.
func TestRemoteAnswersAreWhole(t *testing.T) {
	var answer string
	_, address := served(t, func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c, buffered, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = buffered.WriteString("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: " + answer)
			_ = buffered.Flush()
			_ = c.Close()
		})
	})
	d := believed(t, address, nil)
	f := func(method, text, body string) {
		t.Helper()
		answer = text
		got, err := d.Fetch(t.Context(), &Request{Method: method, Path: "/x"})
		if err != nil || string(got.Body) != body {
			t.Errorf("%s %q: %+v, %v", method, text, got, err)
		}
	}
	f("GET", "application/json\r\n\r\n{\"id\":\"a\"}", `{"id":"a"}`)
	f("GET", "text/html\r\n\r\n<p>", "<p>")
	f("HEAD", "application/json\r\n\r\n", "")
	for _, cut := range []string{"application/json\r\n\r\n{\"id\":", "application/json; charset=utf-8\r\n\r\n", "application/json\r\n\r\n{}{"} {
		answer = cut
		_, err := d.Fetch(t.Context(), &Request{Method: "GET", Path: "/x"})
		wantUnavailable(t, err)
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: %v", cut, err)
		}
	}
}

func TestRemoteStreams(t *testing.T) {
	there, address := served(t, nil)
	d := believed(t, address, nil)
	open := func() *http.Response {
		t.Helper()
		response, err := d.Stream(t.Context(), &Request{Method: "GET", Path: "/api/realtime"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = response.Body.Close() })
		buffer := make([]byte, 1<<10)
		if n, err := response.Body.Read(buffer); err != nil || !strings.Contains(string(buffer[:n]), "id:") {
			t.Fatalf("%q, %v", buffer[:n], err)
		}
		return response
	}
	first := open()
	if n := there.backend.(*embedded).app.SubscriptionsBroker().TotalClients(); n != 1 {
		t.Errorf("%d clients", n)
	}
	if err := first.Body.Close(); err != nil {
		t.Error(err)
	}
	second := open()
	closed := make(chan error, 1)
	go func() { closed <- d.Close(context.Background()) }()
	if _, err := io.ReadAll(second.Body); err == nil {
		t.Error("the stream ended as if it were complete")
	}
	_ = second.Body.Close()
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

func TestBackoffGrowsToABound(t *testing.T) {
	var b backoff
	bound := firstPause
	for range 20 {
		pause := b.next()
		if pause > bound || pause <= bound/2-1 {
			t.Errorf("a pause of %v where %v is the bound", pause, bound)
		}
		bound = min(bound*2, longestWait)
	}
}
