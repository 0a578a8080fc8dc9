package httpapi

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// sayHeaders has PocketBase's hooks answer reads with the header lines that a client's
// parameter "say" asks for.
func sayHeaders(a core.App) {
	say := func(e *core.RequestEvent) {
		for _, line := range e.Request.URL.Query()["say"] {
			name, value, _ := strings.Cut(line, ":")
			h := e.Response.Header()
			h[name] = append(h[name], value) // in whatever case
		}
	}
	a.OnRecordsListRequest().BindFunc(func(e *core.RecordsListRequestEvent) error {
		say(e.RequestEvent)
		return e.Next()
	})
	a.OnRecordViewRequest().BindFunc(func(e *core.RecordRequestEvent) error {
		say(e.RequestEvent)
		return e.Next()
	})
}

func (f *face) isPrivate(a answer) {
	f.Helper()
	control, vary := a.header.Values("Cache-Control"), a.header.Values("Vary")
	if !slices.Equal(control, []string{"private, no-cache"}) || !slices.Contains(vary, "Origin, Authorization") {
		f.Errorf("%d may be kept as %q, and varies by %q", a.status, control, vary)
	}
}

// Errors, and answers to writes, are their reader's own as well, and have no tag.
func TestAnswersAboutRecordsArePrivate(t *testing.T) {
	beforeEach(t, nil, func(f *face) {
		own := func(a answer) answer {
			f.Helper()
			f.isPrivate(a)
			if tag := a.header.Get("Etag"); tag != "" {
				f.Errorf("%d %s has the tag %s", a.status, a.body, tag)
			}
			return a
		}
		const whatever = "If-None-Match: *"
		own(f.ask("GET", tasks+"/missing00000000", "", whatever).is(404, ""))
		own(f.ask("GET", "/api/collections/missing/records", "", whatever).is(404, ""))
		own(f.ask("GET", tasks+"?filter=nonsense", "", whatever).is(400, "")) // PocketBase's own
		f.usePolicy(false)
		own(f.ask("GET", notes+"?do=list:refuse", "", whatever).is(403, "told_to"))
		own(f.ask("POST", notes+"?do=create:refuse", `{}`, whatever).is(403, "told_to"))
		made := own(f.ask("POST", notes, `{"title":"x"}`, whatever).is(200, ""))
		own(f.ask("PATCH", notes+"/"+made.id(), `{"title":"y"}`, whatever).is(200, ""))
		own(f.ask("DELETE", notes+"/"+made.id(), "", whatever).is(204, ""))
	})
}

// What a hook lets caches do, it lets them without knowing what a policy masks.
func TestHooksDoNotSpeakToCaches(t *testing.T) {
	beforeEach(t, nil, func(f *face) {
		say := func(lines ...string) string { return tasks + "?say=" + strings.Join(lines, "&say=") }
		for _, line := range []string{
			`ETag:"mine"`, "Cache-Control:public,max-age=3600", "Expires:Thu,%2001%20Jan%202099%2000:00:00%20GMT", "CDN-Cache-Control:max-age=3600",
			"Cloudflare-CDN-Cache-Control:public", "Surrogate-Control:max-age=3600", "expires:0", "surrogate-control:max-age=3600",
		} {
			a := f.ask("GET", say(line, "X-Mine:kept"), "").is(200, "")
			f.tag(a)
			if a.header.Get("X-Mine") != "kept" {
				f.Errorf("what is for clients is missing beside %s", line)
			}
			for _, name := range []string{"Expires", "CDN-Cache-Control", "Cloudflare-CDN-Cache-Control", "Surrogate-Control"} {
				if got := a.header.Get(name); got != "" {
					f.Errorf("%s: %s leaves", name, got)
				}
			}
		}
		for _, line := range []string{"Cache-Control:No-Store", "Cache-Control:max-age=0,no-store", "Cache-Control:public&say=Cache-Control:no-store"} {
			a := f.ask("GET", say(line), "").is(200, "")
			if got := a.header.Values("Cache-Control"); !slices.Equal(got, []string{"no-store"}) {
				f.Errorf("%s: %q leaves", line, got)
			}
		}
		a := f.ask("GET", say("Vary:Accept-Language"), "").is(200, "")
		f.isPrivate(a)
		if vary := a.header.Values("Vary"); !slices.Contains(vary, "Accept-Language") {
			f.Errorf("varies by %q", vary)
		}
	})
}

// PocketBase knows the record and not the answer, so it is not asked whether that is
// the same. Conditions of writes are for hooks of the app's.
func TestConditionsStayHere(t *testing.T) {
	beforeEach(t, nil, func(f *face) {
		made := f.ask("POST", notes, `{"title":"x"}`).is(200, "")
		conditions := []string{`If-None-Match: "x"`, "If-Modified-Since: Thu, 01 Jan 2099 00:00:00 GMT", `If-Match: "x"`}
		reaching := func(method, path, body string) (names []string) {
			f.Helper()
			for _, a := range arrivedAt(func() { f.ask(method, path, body, conditions...).is(200, "") }) {
				for _, name := range []string{"If-None-Match", "If-Modified-Since", "If-Match"} {
					if a.header.Get(name) != "" {
						names = append(names, name)
					}
				}
			}
			return names
		}
		for _, path := range []string{notes, notes + "/" + made.id()} {
			if got := reaching("GET", path, ""); !slices.Equal(got, []string{"If-Match"}) {
				f.Errorf("GET %s: PocketBase is asked by %q", path, got)
			}
		}
		if got := reaching("PATCH", notes+"/"+made.id(), `{"title":"y"}`); len(got) != 3 {
			f.Errorf("PATCH: PocketBase is asked by %q", got)
		}
	})
}
