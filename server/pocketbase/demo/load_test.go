package demo_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/pocketbase/demo"
)

// open starts a PocketBase that holds the demo, and calls look with its app.
func open(t *testing.T, dir string, look func(core.App)) *pocketbase.Database {
	t.Helper()
	d, err := pocketbase.OpenEmbedded(t.Context(), pocketbase.EmbeddedConfig{
		DataDir: filepath.Join(dir, "pb_data"), StateDir: filepath.Join(dir, "state"),
		Seed: func(app core.App) error {
			if err := demo.Load(app); err != nil {
				return err
			}
			look(app)
			return nil
		},
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLoadsOnce(t *testing.T) {
	dir := t.TempDir()
	f := func(change func(core.App)) {
		t.Helper()
		d := open(t, dir, func(app core.App) {
			for collection, want := range map[string]int64{"users": 40, "posts": 200, "comments": 400} {
				if got, err := app.CountRecords(collection); err != nil || got != want {
					t.Errorf("%d %s, want %d (%v)", got, collection, want, err)
				}
			}
			change(app)
		})
		if err := d.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	f(func(app core.App) {
		post, err := app.FindRecordById("posts", "post00000000001")
		if err != nil {
			t.Fatal(err)
		}
		post.Set("title", "changed by a visitor")
		if err := app.Save(post); err != nil {
			t.Fatal(err)
		}
	})
	f(func(app core.App) {
		post, err := app.FindRecordById("posts", "post00000000001")
		if err != nil || post.GetString("title") != "changed by a visitor" {
			t.Errorf("loaded again: %v, %v", post, err)
		}
	})
}

func TestHoldsWhatItPromises(t *testing.T) {
	d := open(t, t.TempDir(), func(app core.App) {
		f := func(collection string, where dbx.Expression, want int64) {
			t.Helper()
			if got, err := app.CountRecords(collection, where); err != nil || got != want {
				t.Errorf("%d %s, want %d (%v)", got, collection, want, err)
			}
		}
		f("users", dbx.HashExp{"private": true}, 10)
		f("users", dbx.NewExp("private AND json_array_length(followers) > 0"), 10)
		f("users", dbx.HashExp{"emailVisibility": true}, 13)
		f("users", dbx.Not(dbx.HashExp{"moderation_note": ""}), 3)
		f("posts", dbx.HashExp{"published": false}, 50)
		f("posts", dbx.Not(dbx.HashExp{"image": ""}), 25)
		f("comments", dbx.NewExp("post IN (SELECT id FROM posts WHERE NOT published)"), 0)
		var titles, times int
		if err := app.DB().NewQuery("SELECT count(DISTINCT title), count(DISTINCT created) FROM posts").Row(&titles, &times); err != nil || titles != 200 || times != 200 {
			t.Errorf("%d titles and %d times in 200 posts (%v)", titles, times, err)
		}
		posts, err := app.FindCollectionByNameOrId("posts")
		if err != nil || posts.ListRule != nil || posts.CreateRule != nil || posts.UpdateRule != nil {
			t.Errorf("posts have rules (%v)", err)
		}
	})
	defer func() {
		if err := d.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	body := strings.NewReader(`{"identity":"user01@example.com","password":"` + demo.Password + `"}`)
	answer, err := d.Fetch(t.Context(), &pocketbase.Request{
		Method: "POST", Path: "/api/collections/users/auth-with-password", Body: body, ContentLength: body.Size(),
		Header: http.Header{"Content-Type": {"application/json"}},
	})
	if err != nil || answer.Status != 200 {
		t.Fatalf("a demo user cannot sign in: %+v, %v", answer, err)
	}
	var signedIn struct{ Record map[string]any }
	if err := json.Unmarshal(answer.Body, &signedIn); err != nil {
		t.Fatal(err)
	}
	if _, shown := signedIn.Record["moderation_note"]; shown {
		t.Error("the hidden field is shown")
	}
	avatar, err := d.Fetch(t.Context(), &pocketbase.Request{Method: "GET", Path: "/api/files/users/user00000000001/avatar_01.png"})
	if err != nil || avatar.Status != 200 || avatar.Header.Get("Content-Type") != "image/png" {
		t.Errorf("the avatar: %+v, %v", avatar, err)
	}
}
