package httpapi

import (
	"strings"
	"testing"

	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/metrics"
)

// The operator drops what they name, and nothing by mistake.
func TestCacheIsPurged(t *testing.T) {
	const path, key = "/api/hapta/admin/cache", "X-Hapta-Admin-Key: the key"
	var log strings.Builder
	f := newFace(t, func(o *Options) {
		o.Gateway = gateway.New(db, nil, textLog(&log), metrics.New())
		o.Admin = &Admin{Key: "the key"}
	})
	g := func(query, says string) {
		t.Helper()
		log.Reset()
		f.ask("DELETE", path+query, "", key).is(204, "")
		if want := `msg="the cache was purged by the admin API"` + says + "\n"; !strings.HasSuffix(log.String(), want) {
			t.Errorf("%q: the log says %q; want %q", query, log.String(), want)
		}
	}
	g("", "")
	g("?collection=notes", ` collection=notes record=""`)
	g("?record=x&collection=NOTES", " collection=notes record=x")
	g("?collection="+f.db.Schema().Find("notes").Id, ` collection=notes record=""`)

	bad := func(query, says string) {
		t.Helper()
		log.Reset()
		if a := f.ask("DELETE", path+query, "", key).is(400, "bad_query"); !strings.Contains(a.body, says) {
			t.Errorf("%q: %s; want %q", query, a.body, says)
		}
		if log.String() != "" {
			t.Errorf("%q: the log says %q", query, log.String())
		}
	}
	bad("?collection=none", `There is no collection \"none\"`)
	bad("?record=x", "Name the record's collection as well")
	for _, query := range []string{"?collection=", "?collection=notes&record=", "?record=", "?collection=notes&collection=users", "?colection=notes", "?collection=notes&also=1", "?collection=%zz", "?collection=notes&record=%zz"} {
		bad(query, "Name what is to be dropped as")
	}
	for _, method := range []string{"GET", "DELETE"} {
		log.Reset()
		f.ask(method, path, "").is(401, "admin_key_required")
		if log.String() != "" {
			t.Errorf("without the key, the log says %q", log.String())
		}
	}
}

func TestCacheIsTold(t *testing.T) {
	f := newFace(t, func(o *Options) { o.Admin = &Admin{Key: "the key"} })
	f.gateway.ResizeCache(8 << 20)
	a := f.ask("GET", "/api/hapta/admin/cache", "", "X-Hapta-Admin-Key: the key").is(200, "")
	if want := `{"size":8388608,"entries":0,"collections":[]}`; a.body != want || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("it is told by %s %v; want %s", a.body, a.header, want)
	}
}

// Old answers may stand in for a database that is away, and can be dropped then.
func TestCacheIsPurgedWithoutTheDatabase(t *testing.T) {
	o := newOutage(t)
	o.network.set(fault{refused: true})
	o.ask("GET", notes, "").is(503, "not_ready")
	o.becomes(false)
	for _, record := range []string{"", "x"} {
		if err := o.gateway.PurgeCache("notes", record); err != nil {
			t.Errorf("%q cannot be dropped: %v", record, err)
		}
	}
}
