package httpapi

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/clientip"
	"github.com/hapta/hapta/server/gateway"
)

func TestWhoIsExempt(t *testing.T) {
	s := New(Options{
		Proxies:   clientip.Proxies{netip.MustParsePrefix("127.0.0.1/32")},
		Admission: Admission{Exempt: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}},
		Admin:     &Admin{Key: "the key"},
	})
	g := func(peer string, want bool, headers ...string) {
		t.Helper()
		var ctx fasthttp.RequestCtx
		ctx.Init(&fasthttp.Request{}, net.TCPAddrFromAddrPort(netip.MustParseAddrPort(peer)), nil)
		for _, line := range headers {
			name, value, _ := strings.Cut(line, ": ")
			ctx.Request.Header.Add(name, value)
		}
		s.entry(s.handle(func(_ context.Context, r *request) (*gateway.Response, error) {
			if p := r.passage(); p.Exempt != want || p.Header().Get(adminKey) != "" {
				t.Errorf("%s with %q is exempt: %t; its header is %v", peer, headers, p.Exempt, p.Header())
			}
			return jsonAnswer(200, "{}"), nil
		}))(&ctx)
	}
	g("10.1.2.3:80", true)
	g("[::ffff:10.1.2.3]:80", true)
	g("[2001:db8::1]:80", true)
	g("192.0.2.1:80", false)
	g("192.0.2.1:80", false, "X-Forwarded-For: 10.1.2.3")
	g("127.0.0.1:80", false)
	g("127.0.0.1:80", true, "X-Forwarded-For: 10.1.2.3")
	g("127.0.0.1:80", false, "X-Forwarded-For: 10.1.2.3, 192.0.2.1")

	g("192.0.2.1:80", true, adminKey+": the key")
	g("192.0.2.1:80", true, strings.ToLower(adminKey)+": the key")
	g("192.0.2.1:80", false, adminKey+": the keY")
	g("192.0.2.1:80", false, adminKey+": the key2")
	g("192.0.2.1:80", false, adminKey+": ")
	s.Admit(Admission{})
	g("10.1.2.3:80", false)
	s.admin = nil
	g("192.0.2.1:80", false, adminKey+": the key")
	g("192.0.2.1:80", false, adminKey+": ")
}

// The admin key ends here, by whichever way the request goes on.
func TestAdminKeyStaysHere(t *testing.T) {
	const key = "a key that nobody else sees"
	var mu sync.Mutex
	reached := map[string]bool{}
	listen := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			reached[r.URL.Path] = true
			mu.Unlock()
			for name, values := range r.Header {
				if strings.Contains(strings.Join(values, " "), key) {
					t.Errorf("%s reaches PocketBase with %s", r.URL.Path, name)
				}
			}
			next.ServeHTTP(w, r)
		})
	}
	f := newFaceBefore(t, openRemote(t, listen), func(o *Options) {
		exposing(o)
		o.Passthrough = []string{"/api/own/"}
		o.Admin = &Admin{Key: key}
	})
	for _, use := range []func(){f.useRules, func() { f.usePolicy(false) }, func() { f.usePolicy(true) }} {
		use()
		for _, name := range []string{adminKey, "x-hapta-admin-key", "X_Hapta_Admin_Key", "X-Hapta-Admin-Key-"} {
			header := name + ": " + key
			member := `{"method":"POST","url":"` + notes + `","headers":{"` + name + `":"` + key + `"},"body":{"title":"x"}}`
			f.ask("GET", notes, "", header).is(200, "")
			f.ask("POST", notes, `{"title":"x"}`, header).is(200, "")
			f.ask("POST", "/api/batch", `{"requests":[`+member+`]}`, header).is(200, "")
			f.ask("GET", "/api/own/x", "", header).is(404, "") // this PocketBase has none
			f.ask("GET", "/api/files/tasks/"+taskID+"/a%20b_1.txt", "", header).is(200, "")
			f.ask("GET", "/api/settings", "", header, "Authorization: "+f.superuser()).is(200, "")
		}
	}
	for _, path := range []string{"/api/batch", "/api/own/x", "/api/settings"} {
		if !reached[path] {
			t.Errorf("%s did not reach PocketBase: %v", path, reached)
		}
	}
}
