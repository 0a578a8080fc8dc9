package httpapi

import (
	"io"
	"strings"
	"testing"
	"time"
)

const tasks = "/api/collections/tasks/records"

// tag asserts that an answer to a read has the tag of its body, and is its reader's own.
func (f *face) tag(a answer) string {
	f.Helper()
	tag := a.header.Get("Etag")
	if want := string(f.tags.append(nil, []byte(a.body))); tag != want {
		f.Errorf("%.100s has the tag %q; want %s", a.body, tag, want)
	}
	f.isPrivate(a)
	return tag
}

// isNotModified asserts that an answer tells no more than that the client has it.
func (f *face) isNotModified(a answer, tag string) {
	f.Helper()
	if a.status != 304 || a.body != "" || a.header.Get("Etag") != tag {
		f.Fatalf("%d %s %q; want 304 %s", a.status, a.header.Get("Etag"), a.body, tag)
	}
	for _, name := range []string{"Content-Type", "Content-Length", "Transfer-Encoding"} {
		if a.header.Get(name) != "" {
			f.Errorf("what has no body has %s: %s", name, a.header.Get(name))
		}
	}
	for _, name := range []string{"Date", "X-Request-Id", "X-Content-Type-Options"} {
		if a.header.Get(name) == "" {
			f.Errorf("not modified, and not told %s", name)
		}
	}
	f.isPrivate(a)
}

func TestReadsAreConditional(t *testing.T) {
	beforeEach(t, nil, func(f *face) {
		for _, path := range []string{tasks, tasks + "/" + taskID, tasks + "?fields=id", tasks + "?filter=id=''"} {
			whole := f.ask("GET", path, "").is(200, "")
			tag := f.tag(whole)
			head := f.ask("HEAD", path, "").is(200, "")
			if head.header.Get("Etag") != tag || head.header.Get("Content-Length") != itoa(len(whole.body)) || head.body != "" {
				f.Errorf("HEAD %s: %v; the tag is %s", path, head.header, tag)
			}
			for _, lines := range [][]string{
				{tag}, {"W/" + tag}, {`"x",` + tag}, {`"x", W/"y,z" , W/` + tag + ` ,`}, {"*"}, {" * "}, {`"x"`, tag}, {`"x"`, `W/"y", ` + tag, `"z"`}, {"", tag},
			} {
				for _, method := range []string{"GET", "HEAD"} {
					f.isNotModified(f.ask(method, path, "", ifNoneMatch(lines)...), tag)
				}
			}
			for _, lines := range [][]string{
				{`"x"`}, {""}, {`"*"`}, {"W/*"}, {`*, "x"`}, {tag[:len(tag)-1]}, {strings.Trim(tag, `"`)}, {strings.ToLower(tag)}, {`"x` + tag[1:]}, {tag[:len(tag)-1] + `x"`}, {`""`}, {`W/""`},
			} {
				if a := f.ask("GET", path, "", ifNoneMatch(lines)...).is(200, ""); a.body != whole.body || f.tag(a) != tag {
					f.Errorf("%q: %v %s", lines, a.header, a.body)
				}
			}
		}
	})
}

func ifNoneMatch(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = "If-None-Match: " + line
	}
	return out
}

// An answer without a body ends with its header: what follows on the connection is
// the next one, for clients of HTTP/1.0 as well.
func TestNotModifiedKeepsTheConnection(t *testing.T) {
	f := newFace(t, nil)
	tag := f.tag(f.ask("GET", tasks, ""))
	w := f.dial()
	for range 3 {
		for _, method := range []string{"GET", "HEAD"} {
			w.send(method + " " + tasks + " HTTP/1.1\r\nHost: hapta\r\nIf-None-Match: " + tag + "\r\n\r\n")
			if a := w.receive(method); a.status != 304 {
				t.Fatalf("%s is answered by %d", method, a.status)
			}
			w.send(method + " " + tasks + " HTTP/1.0\r\nConnection: keep-alive\r\nIf-None-Match: " + tag + "\r\n\r\n")
			if a := w.receive(method); a.status != 304 {
				t.Fatalf("%s of 1.0 is answered by %d", method, a.status)
			}
		}
	}
	w.send("GET " + tasks + " HTTP/1.1\r\nHost: hapta\r\nConnection: close\r\n\r\n")
	f.tag(w.receive("GET").is(200, ""))
	if rest, err := io.ReadAll(w.in); err != nil || len(rest) > 0 {
		t.Errorf("behind it comes %q, %v", rest, err)
	}
}

// A tag changes with what is shown, and with nothing else.
func TestTagsChangeWithTheBody(t *testing.T) {
	beforeEach(t, nil, func(f *face) {
		for _, alone := range []bool{false, true} {
			f.usePolicy(alone)
			made := f.ask("POST", notes, `{"title":"one"}`).is(200, "")
			path := notes + "/" + made.id()
			before := f.tag(f.ask("GET", path, "").is(200, ""))
			f.ask("PATCH", path, `{"title":"two"}`).is(200, "")
			after := f.tag(f.ask("GET", path, "", "If-None-Match: "+before).is(200, ""))
			if before == after {
				f.Error("the record has changed, and its tag has not")
			}
			// How long something is kept, and for whom, is not a client's to say.
			hinted := f.ask("GET", path+"?cacheKey=mine&cacheTime=1h", "", "Cache-Control: max-age=3600, only-if-cached", "CacheKey: mine").is(200, "")
			if f.tag(hinted) != after {
				f.Errorf("hints have %s answered", hinted.body)
			}
			f.ask("GET", path+"?do=view:hide", "", "If-None-Match: "+after).is(404, "")
			f.ask("GET", path+"?do=view:hide", "", "If-None-Match: *").is(404, "")
		}
	})
}

// It costs the database as much as a whole answer, so it counts for as much.
func TestNotModifiedIsLimited(t *testing.T) {
	f := newFace(t, nil)
	f.limit(2, time.Hour)
	tag := f.tag(f.ask("GET", tasks, "").is(200, ""))
	again := f.ask("GET", tasks, "", "If-None-Match: "+tag)
	f.isNotModified(again, tag)
	if got := again.header.Get("RateLimit"); !strings.HasPrefix(got, `"list";r=0;`) {
		t.Errorf("the limit stands at %s", got)
	}
	f.ask("GET", tasks, "", "If-None-Match: "+tag).is(429, "too_many_requests")
}

func TestTagsOutliveTheServer(t *testing.T) {
	with := func(secret string) *face { return newFace(t, func(o *Options) { o.Secret = []byte(secret) }) }
	one, again, another := with("one"), with("one"), with("another")
	tag := one.tag(one.ask("GET", tasks, ""))
	if a := again.ask("GET", tasks, "", "If-None-Match: "+tag); a.status != 304 {
		t.Errorf("after a restart, %s is answered by %d", tag, a.status)
	}
	if another.tag(another.ask("GET", tasks, "", "If-None-Match: "+tag).is(200, "")) == tag {
		t.Error("whoever knows a body knows its tag")
	}
}
