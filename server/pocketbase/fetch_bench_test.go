package pocketbase

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/hapta/hapta/server/pocketbase/demo"
)

// BenchmarkFetch compares the way into the embedded PocketBase without a port
// with the way to the same handler over loopback TCP.
func BenchmarkFetch(b *testing.B) {
	d := openEmbedded(b, func(cfg *EmbeddedConfig) { cfg.Seed = demo.Load })
	if r := asSuperuser(b, d, "PATCH", "/api/settings", `{"logs":{"maxDays":0}}`); r.Status != 200 {
		b.Fatalf("%d %s", r.Status, r.Body)
	}
	server := httptest.NewServer(d.backend.(*embedded).handler)
	defer server.Close()
	over, err := OpenRemote(b.Context(), RemoteConfig{
		URL: server.URL, AdminEmail: "x", AdminPassword: "x", MaxConnections: 64, Timeout: time.Minute,
	}, quiet())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = over.Close(b.Context()) }()
	over.backend.(*remote).breaker.close()
	superuser, err := d.Superuser()
	if err != nil {
		b.Fatal(err)
	}
	for _, what := range []struct {
		name    string
		request Request
	}{
		{"health", Request{Method: "GET", Path: "/api/health"}},
		{"record", Request{Method: "GET", Path: "/api/collections/comments/records/comment00000001"}},
		{"superuser", Request{Method: "GET", Path: "/api/collections/comments/records/comment00000001", Token: superuser}},
		{"list", Request{Method: "GET", Path: "/api/collections/comments/records", RawQuery: "perPage=30&skipTotal=1"}},
	} {
		for way, db := range map[string]*Database{"inprocess": d, "loopback": over} {
			b.Run(what.name+"/"+way, func(b *testing.B) {
				b.ReportAllocs()
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if r, err := db.Fetch(b.Context(), &what.request); err != nil || r.Status != 200 {
							b.Error(r, err)
						}
					}
				})
			})
		}
	}
}

// BenchmarkResolve is what coercing a write costs.
func BenchmarkResolve(b *testing.B) {
	d := openEmbedded(b, func(cfg *EmbeddedConfig) { cfg.Seed = demo.Load })
	posts := d.Schema().Find("posts")
	body := map[string]any{"title": "A title", "body": "Some text.", "tags": []any{"books", "film"}, "published": true, "author": "user00000000001"}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := posts.Resolve(nil, body); err != nil {
			b.Fatal(err)
		}
	}
}
