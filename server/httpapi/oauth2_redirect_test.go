package httpapi

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/ui"

	"github.com/hapta/hapta/server/pages"
)

const (
	back      = "/api/oauth2-redirect"
	toFailure = "../_/#/auth/oauth2-redirect-failure"
)

// Where a popup goes is PocketBase's own word, which says nothing of what the
// provider, or somebody in its name, has put into the address.
func TestProviderChoosesNoPlace(t *testing.T) {
	beforeEach(t, nil, func(f *face) {
		for _, query := range []string{
			"", "?state=none&code=x", "?code=x&state=https://evil.example/", "?redirect=https://evil.example/&next=//evil.example",
			"?state=x%0d%0aSet-Cookie:%20a=b&code=%0d%0aLocation:%20https://evil.example/", "?state=x&error=%0a%0a<script>", "?state=%zz&code=x", "?%zz",
			"?state=" + strings.Repeat("x", 5000),
		} {
			for method, status := range map[string]int{"GET": 307, "HEAD": 303, "POST": 303} {
				a := f.ask(method, back+query, "").is(status, "")
				if to := a.header.Values("Location"); len(to) != 1 || to[0] != toFailure {
					f.Errorf("%s %s leads to %q", method, query, to)
				}
				if a.body != "" || a.header.Get("Set-Cookie") != "" {
					f.Errorf("%s %s: %v %s", method, query, a.header, a.body)
				}
			}
		}
		for _, method := range []string{"PUT", "PATCH", "DELETE"} {
			f.ask(method, back+"?state=x", "").is(404, "")
		}
	})
}

// The place is a page that is there.
func TestPopupLandsOnThePage(t *testing.T) {
	f := newFace(t, nil)
	to, err := url.Parse(f.ask("GET", back+"?state=x", "").header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	landed := (&url.URL{Path: back}).ResolveReference(to)
	if landed.Path != pages.Root || landed.Host != "" {
		t.Fatalf("the popup lands on %s", landed)
	}
	_, page := pages.Read("")
	if a := f.ask("GET", landed.Path, "").is(200, ""); a.body != string(page) {
		t.Errorf("there is %s", a.body)
	}
}

// A PocketBase that was built without its dashboard says itself how it went.
func TestPopupOfAPocketBaseWithoutPages(t *testing.T) {
	pages := ui.DistDirFS
	ui.DistDirFS = nil // as its build tag no_ui leaves it
	defer func() { ui.DistDirFS = pages }()
	beforeEach(t, nil, func(f *face) {
		if a := f.ask("GET", back+"?state=x", "").is(200, ""); !strings.Contains(a.body, "You can close this window") || a.header.Get("Location") != "" {
			f.Errorf("%v %s", a.header, a.body)
		}
	})
}

// Whoever's browser it is, what comes back from a provider is nobody's request.
func TestPopupIsNobody(t *testing.T) {
	var mu sync.Mutex
	var seen []http.Header
	remote := openRemote(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == back {
				mu.Lock()
				seen = append(seen, r.Header.Clone())
				mu.Unlock()
			}
			next.ServeHTTP(w, r)
		})
	})
	f := newFaceBefore(t, remote, exposing)
	user := f.ask("POST", "/api/collections/users/auth-with-password", `{"identity":"a@example.com","password":"a password"}`).token()
	for _, token := range []string{user, f.superuser()} {
		for _, method := range []string{"GET", "POST"} {
			a := f.ask(method, back+"?state=x&code=y", "", "Authorization: "+token, "Cookie: a=b")
			if a.header.Get("Location") != toFailure {
				t.Errorf("%s: %d %v", method, a.status, a.header)
			}
		}
	}
	if len(seen) != 4 {
		t.Fatalf("PocketBase was asked %d times", len(seen))
	}
	for _, header := range seen {
		if header.Get("Authorization") != "" || header.Get("Cookie") != "" {
			t.Errorf("PocketBase sees %v", header)
		}
	}
}
