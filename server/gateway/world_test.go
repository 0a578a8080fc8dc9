package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/metrics"
	"github.com/hapta/hapta/server/policy"
	"github.com/hapta/hapta/server/policy/watch"
	"github.com/hapta/hapta/server/session"
)

const (
	list   = abi.OperationList
	view   = abi.OperationView
	create = abi.OperationCreate
	update = abi.OperationUpdate
	remove = abi.OperationDelete
)

const password = "the old password"

// world is a gateway in front of the tests' PocketBase.
type world struct {
	*testing.T
	*Gateway
	engine *policy.Engine
}

func newWorld(t *testing.T) *world {
	t.Helper()
	for _, name := range []string{"comments", "plain", "notes", "members", "users"} {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := app.TruncateCollection(c); err != nil {
			t.Fatal(err)
		}
	}
	store, err := session.OpenSQLite(filepath.Join(t.TempDir(), "sessions.db"))
	if err != nil {
		t.Fatal(err)
	}
	log, counts := slog.New(slog.DiscardHandler), metrics.New()
	sessions, err := session.NewManager(store, [][]byte{bytes.Repeat([]byte("k"), 32)}, log, counts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sessions.Close() })
	w := &world{
		T: t, Gateway: New(db, sessions, log, counts),
		engine: policy.NewEngine(policy.Limits{Fuel: 2_000_000, MemoryBytes: 4 << 20}),
	}
	w.ResizeCache(cache.LeastSize)
	w.use(nil, Settings{})
	return w
}

func module(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "policies", name+".wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// use gives collections their policies, by the name of a file in
// testdata/policies; an empty name is a file that does not load.
func (w *world) use(policies map[string]string, settings Settings, had ...string) {
	w.Helper()
	settings.Sessions.Grace = time.Hour // longer than a test takes
	set := &watch.Set{Entries: map[string]watch.Entry{}}
	for collection, name := range policies {
		if name == "" {
			set.Entries[collection] = watch.Entry{Err: errors.New("not wasm")}
			continue
		}
		p, err := w.engine.Load(w.Context(), name, module(w.T, name))
		if err != nil {
			w.Fatal(err)
		}
		w.Cleanup(p.Retire)
		set.Entries[collection] = watch.Entry{Policy: p}
	}
	if settings.Cache.TTL == 0 {
		settings.Cache.TTL = time.Hour
	}
	w.Use(NewSnapshot(db.Schema(), set, func(id string) bool {
		c := db.Schema().Find(id)
		for _, name := range had {
			if id == name || c != nil && c.Name == name {
				return true
			}
		}
		return false
	}, settings))
}

// alone hands collections to their policies alone.
func alone(collections ...string) Settings {
	s := Settings{ByPolicy: map[string]bool{}, Recheck: time.Hour}
	for _, c := range collections {
		s.ByPolicy[c] = true
	}
	return s
}

// byRules leaves collections to their policies and the rules, which both have
// to agree.
func byRules() Settings { return Settings{Recheck: time.Hour} }

// record stores one behind the gateway's back.
func (w *world) record(collection string, fields map[string]any) *core.Record {
	w.Helper()
	c, err := app.FindCollectionByNameOrId(collection)
	if err != nil {
		w.Fatal(err)
	}
	r := core.NewRecord(c)
	r.Load(fields)
	if err := app.Save(r); err != nil {
		w.Fatal(err)
	}
	return r
}

// stored is what is stored now; nil when nothing is.
func (w *world) stored(collection, id string) *core.Record {
	w.Helper()
	r, err := app.FindRecordById(collection, id)
	if err != nil {
		return nil
	}
	return r
}

func (w *world) count(collection string) int {
	w.Helper()
	n, err := app.CountRecords(collection)
	if err != nil {
		w.Fatal(err)
	}
	return int(n)
}

// user stores one, with the password that all have, and signs them in.
func (w *world) user(email string, fields map[string]any) (*core.Record, string) {
	w.Helper()
	r := w.account("users", email, fields)
	a := w.signIn("users", email, password)
	if a.status != http.StatusOK {
		w.Fatalf("%s cannot sign in: %d %s", email, a.status, a.body)
	}
	return r, a.text("token")
}

func (w *world) account(collection, email string, fields map[string]any) *core.Record {
	w.Helper()
	all := map[string]any{"email": email, "password": password}
	for k, v := range fields {
		all[k] = v
	}
	return w.record(collection, all)
}

// session is the live one of a token.
func (w *world) session(token string) (session.Session, bool) {
	s, _, err := w.sessions.Identify(w.Context(), session.Rules{Grace: time.Hour}, token)
	return s, err == nil
}

// opened counts the sessions that there are.
func (w *world) opened() (n int) {
	w.Helper()
	for _, c := range db.Schema().All() {
		all, err := w.sessions.List(w.Context(), c.Id, "", 0)
		if err != nil {
			w.Fatal(err)
		}
		n += len(all)
	}
	return n
}

func (w *world) signIn(collection, email, password string) answer {
	w.Helper()
	body := encoded(map[string]any{"identity": email, "password": password})
	p := w.passage(ask{body: body})
	return w.read(w.SignIn(w.Context(), p, collection, "auth-with-password"))
}

// ask is a request as a test writes it down.
type ask struct {
	op         abi.Operation
	collection string
	id         string
	query      string
	body       any // a map is sent as JSON, a []byte as form tells
	form       string
	token      string
	header     map[string]string
}

func (w *world) passage(q ask) *Passage {
	w.Helper()
	query, err := url.ParseQuery(q.query)
	if err != nil {
		w.Fatal(err)
	}
	header := http.Header{}
	p := &Passage{
		ID: "test", Token: q.token, Client: netip.MustParseAddrPort("192.0.2.7:4321"),
		Header: sent(header), Query: query, Flight: &Flight{},
	}
	for name, value := range q.header {
		header.Add(name, value)
	}
	var raw []byte
	switch body := q.body.(type) {
	case nil:
		return p
	case []byte:
		raw = body
	case string:
		raw = []byte(body)
	default:
		raw = encoded(body)
	}
	p.Body, p.ContentLength = bytes.NewReader(raw), int64(len(raw))
	if q.form == "" {
		q.form = "application/json"
	}
	header.Set("Content-Type", q.form)
	return p
}

func sent(h http.Header) func() http.Header { return func() http.Header { return h } }

func encoded(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

// ask sends a request through the whole pipeline.
func (w *world) ask(q ask) answer {
	w.Helper()
	return w.read(w.Serve(w.Context(), &Request{
		Passage: *w.passage(q), Operation: q.op, Collection: q.collection, RecordID: q.id,
	}))
}

// answer is what a client gets.
type answer struct {
	t      *testing.T
	status int
	body   string
	code   string // data.hapta.code
	detail string // data.hapta.message
	header http.Header
	cache  cache.Outcome
}

func (w *world) read(r *Response, err error) answer {
	w.Helper()
	a := answer{t: w.T}
	if err != nil {
		e := apierr.From(err)
		a.status, a.body = e.Status, string(e.JSON())
		if e.Cause != nil && e.Code == apierr.Internal {
			w.Errorf("an internal error: %v", e.Cause)
		}
	} else {
		a.status, a.body, a.header, a.cache = r.Status, string(r.Body), r.Header, r.Cache
		if r.Stream != nil {
			raw, err := io.ReadAll(r.Stream)
			if err := errors.Join(err, r.Stream.Close()); err != nil {
				w.Fatal(err)
			}
			a.body = string(raw)
		}
	}
	var shape struct {
		Data struct {
			Hapta struct{ Code, Message string }
		}
	}
	if json.Unmarshal([]byte(a.body), &shape) == nil {
		a.code, a.detail = shape.Data.Hapta.Code, shape.Data.Hapta.Message
	}
	return a
}

// is asserts the status and the reason.
func (a answer) is(status int, code string) answer {
	a.t.Helper()
	if a.status != status || a.code != code {
		a.t.Fatalf("got %d %q: %s; want %d %q", a.status, a.code, a.body, status, code)
	}
	return a
}

func (a answer) object() map[string]any {
	a.t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(a.body), &o); err != nil {
		a.t.Fatalf("%v in %s", err, a.body)
	}
	return o
}

func (a answer) text(key string) string {
	a.t.Helper()
	s, _ := a.object()[key].(string)
	return s
}

// items are the records of a page.
func (a answer) items() []map[string]any {
	a.t.Helper()
	var page struct{ Items []map[string]any }
	if err := json.Unmarshal([]byte(a.body), &page); err != nil {
		a.t.Fatalf("%v in %s", err, a.body)
	}
	return page.Items
}

// titles are those of a page, in its order.
func (a answer) titles() string {
	a.t.Helper()
	var out []string
	for _, item := range a.items() {
		title, _ := item["title"].(string)
		out = append(out, title)
	}
	return strings.Join(out, " ")
}

// multipartOf writes a form: pairs of a key and a text, or, with a file name
// behind a bar, of a key and a file's content.
func multipartOf(pairs ...string) (body []byte, contentType string) {
	var buf bytes.Buffer
	form := multipart.NewWriter(&buf)
	for i := 0; i < len(pairs); i += 2 {
		key, file, isFile := strings.Cut(pairs[i], "|")
		if !isFile {
			_ = form.WriteField(key, pairs[i+1]) // into memory
			continue
		}
		part, _ := form.CreateFormFile(key, file)
		_, _ = io.WriteString(part, pairs[i+1])
	}
	_ = form.Close()
	return buf.Bytes(), form.FormDataContentType()
}
