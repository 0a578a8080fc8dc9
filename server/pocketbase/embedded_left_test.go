package pocketbase

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// A write that waits for another one's transaction holds its caller up for no
// longer than ctx does, and goes on by itself.
func TestWritesAreLeftBehind(t *testing.T) {
	d := openEmbedded(t, nil)
	app := d.backend.(*embedded).app
	asSuperuser(t, d, "POST", "/api/collections", `{"name":"notes","type":"base","fields":[{"name":"title","type":"text"}]}`)
	token, err := d.Superuser()
	if err != nil {
		t.Fatal(err)
	}
	holding, release, held := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		held <- app.RunInTransaction(func(core.App) error { close(holding); <-release; return nil })
	}()
	<-holding
	soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = d.Fetch(soon, &Request{
		Method: "POST", Path: "/api/collections/notes/records", Token: token,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: strings.NewReader("{}"), ContentLength: 2,
	})
	close(release)
	var left *LeftError
	if !errors.As(err, &left) || !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("it ends with %v", err)
	}
	<-left.Ended
	if err := <-held; err != nil {
		t.Error(err)
	}
	if r := asSuperuser(t, d, "POST", "/api/collections/notes/records", "{}"); r.Status != 200 {
		t.Errorf("the next one: %d %s", r.Status, r.Body)
	}
}
