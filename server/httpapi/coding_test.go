package httpapi

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

// PocketBase compresses its dashboard alone (apis/serve.go), and reads no
// compressed bodies. So it is through Hapta.
func TestNothingIsCompressed(t *testing.T) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write([]byte(note)) // into memory
	_ = w.Close()
	direct := &face{T: t, addr: servePocketBase(t, nil)}
	beforeEach(t, nil, func(f *face) {
		for _, to := range []*face{direct, f} {
			to.T = f.T
			for _, path := range []string{notes, "/api/health", "/api/files/tasks/" + taskID + "/a%20b_1.txt", notes + "/none"} {
				a := to.ask("GET", path, "", "Accept-Encoding: gzip, deflate, br, zstd")
				if coding := a.header.Get("Content-Encoding"); coding != "" || !strings.HasPrefix(a.body, "{") && a.body != "text" {
					f.Errorf("%s is coded %q: %q", path, coding, a.body)
				}
			}
			for _, coding := range []string{"gzip", "x-gzip", "deflate"} {
				if a := to.ask("POST", notes, zipped.String(), "Content-Encoding: "+coding); a.status != 400 {
					f.Errorf("a body in %s is answered %d %s", coding, a.status, a.body)
				}
			}
			// what claims to be compressed and is not is read as it stands
			to.ask("POST", notes, note, "Content-Encoding: gzip").is(200, "")
			to.ask("POST", notes, note, "Content-Encoding: identity").is(200, "")
		}
		f.usePolicy(true)
		f.ask("POST", notes, zipped.String(), "Content-Encoding: gzip").is(400, "bad_body")
		f.ask("POST", notes, note, "Content-Encoding: gzip").is(200, "")
		f.usePolicy(false)
		for _, a := range arrivedAt(func() { f.ask("POST", notes, note, "Content-Encoding: gzip").is(200, "") }) {
			if coding := a.header.Get("Content-Encoding"); coding != "" {
				f.Errorf("a body of Hapta's own goes to PocketBase as %q", coding)
			}
		}
	})
}
