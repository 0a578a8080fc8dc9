package pocketbase

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

func TestSetupMistakesNameTheirKey(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	f := func(change func(*EmbeddedConfig), key, reason string, credentials bool) {
		t.Helper()
		dir := t.TempDir()
		cfg := EmbeddedConfig{DataDir: filepath.Join(dir, "data"), StateDir: filepath.Join(dir, "state")}
		if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		change(&cfg)
		_, err := OpenEmbedded(t.Context(), cfg, quiet())
		var setup *SetupError
		if !errors.As(err, &setup) || setup.Key != key || !strings.Contains(setup.Reason, reason) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want %s: %s", err, key, reason)
		}
		if errors.Is(err, ErrCredentials) != credentials {
			t.Errorf("%v is ErrCredentials: %t", err, !credentials)
		}
	}
	f(func(c *EmbeddedConfig) { c.DataDir = filepath.Join(c.DataDir, "../file/data") }, "[upstream] data_dir", "cannot be written (not a directory)", false)
	f(func(c *EmbeddedConfig) { c.StateDir = filepath.Join(c.DataDir, "../file/state") }, "[server] state_dir", "cannot be written (not a directory)", false)
	f(func(c *EmbeddedConfig) { c.Dashboard = taken.Addr().String() }, "[upstream] dashboard", "another program listens on "+taken.Addr().String(), false)
	f(func(c *EmbeddedConfig) { c.Dashboard = "127.0.0.1" }, "[upstream] dashboard", "missing port", false)
	f(func(c *EmbeddedConfig) { c.AdminPassword = "long enough" }, "ADMIN_PASSWORD", "ADMIN_EMAIL is not", true)
	f(func(c *EmbeddedConfig) { c.AdminEmail, c.AdminPassword = "a@example.com", "short" }, "ADMIN_EMAIL, ADMIN_PASSWORD", "8 characters", true)
	f(func(c *EmbeddedConfig) { c.AdminEmail = "nobody" }, "ADMIN_EMAIL", "e-mail address", true)
}

func TestAFailedSeedEndsTheStart(t *testing.T) {
	dir := t.TempDir()
	broken := errors.New("broken")
	_, err := OpenEmbedded(t.Context(), EmbeddedConfig{
		DataDir: filepath.Join(dir, "data"), StateDir: filepath.Join(dir, "state"),
		Seed: func(core.App) error { return broken },
	}, quiet())
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// restart closes the database and opens it on the same folders.
func restart(t *testing.T, d *Database, cfg EmbeddedConfig) (*Database, *told) {
	t.Helper()
	if err := d.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	log := newTold()
	d, err := OpenEmbedded(t.Context(), cfg, log.log())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return d, log
}

func signsIn(t *testing.T, d *Database, email, password string) bool {
	t.Helper()
	body := strings.NewReader(`{"identity":"` + email + `","password":"` + password + `"}`)
	r := fetch(t, d, &Request{
		Method: "POST", Path: "/api/collections/_superusers/auth-with-password", Body: body, ContentLength: body.Size(),
		Header: http.Header{"Content-Type": {"application/json"}},
	})
	return r.Status == 200
}

func TestAnExistingSuperuserIsLeftAlone(t *testing.T) {
	var cfg EmbeddedConfig
	d := openEmbedded(t, func(c *EmbeddedConfig) { cfg = *c })
	cfg.AdminPassword = "another horse"
	d, log := restart(t, d, cfg)
	log.wait(t, "another password than ADMIN_PASSWORD")
	if !signsIn(t, d, cfg.AdminEmail, "correct horse") || signsIn(t, d, cfg.AdminEmail, cfg.AdminPassword) {
		t.Error("the password was changed")
	}
	if r := asSuperuser(t, d, "GET", "/api/settings", ""); r.Status != 200 {
		t.Errorf("Hapta is no superuser: %d", r.Status)
	}
}

func TestALostPasswordOfOnesOwnIsReplaced(t *testing.T) {
	var cfg EmbeddedConfig
	d := openEmbedded(t, func(c *EmbeddedConfig) { c.AdminEmail, c.AdminPassword = "", ""; cfg = *c })
	file := filepath.Join(cfg.StateDir, "superuser.env")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d, _ = restart(t, d, cfg)
	if again, _ := os.ReadFile(file); string(again) != string(before) {
		t.Error("the password was replaced although it is there")
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	d, _ = restart(t, d, cfg)
	after, err := os.ReadFile(file)
	if err != nil || string(after) == string(before) {
		t.Fatalf("no new password: %v", err)
	}
	_, password, _ := strings.Cut(strings.TrimSpace(string(after)), keptPassword)
	if !signsIn(t, d, ownEmail, password) {
		t.Error("the new password does not sign in")
	}
}

func TestTheSuperuserSurvivesTheDashboard(t *testing.T) {
	d := openEmbedded(t, nil)
	app := d.backend.(*embedded).app
	before, err := d.Superuser()
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := d.Superuser(); again != before {
		t.Error("a token is minted for every request")
	}
	f := func(what string, change func(*core.Record) error) {
		t.Helper()
		record, err := d.backend.(*embedded).admin.find()
		if err != nil {
			t.Fatal(err)
		}
		if err := change(record); err != nil {
			t.Fatal(err)
		}
		if r := asSuperuser(t, d, "GET", "/api/settings", ""); r.Status != 200 {
			t.Errorf("%s: no superuser any more: %d", what, r.Status)
		}
	}
	f("a new password", func(r *core.Record) error { r.SetPassword("yet another"); return app.Save(r) })
	f("a deleted record", func(r *core.Record) error {
		other := core.NewRecord(r.Collection())
		other.SetEmail("other@example.com")
		other.SetPassword("password1")
		return errors.Join(app.Save(other), app.Delete(r))
	})
	f("a new secret", func(r *core.Record) error {
		collection, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
		if err != nil {
			return err
		}
		collection.AuthToken.Secret = strings.Repeat("x", 50)
		return app.Save(collection)
	})
}

func TestHooksMigrationsAndCronRun(t *testing.T) {
	dir := t.TempDir()
	t.Cleanup(func() { core.AppMigrations = core.MigrationsList{} }) // PocketBase keeps them globally
	write := func(name, content string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write("pb_hooks/main.pb.js", `
		routerAdd("GET", "/hello/{name}", e => e.string(200, "Hello " + e.request.pathValue("name")));
		cronAdd("nightly", "0 3 * * *", () => {});
		console.log("the hooks", "are loaded");`)
	write("pb_migrations/1_notes.js", `
		migrate(app => app.save(new Collection({type: "base", name: "notes", fields: [{type: "text", name: "title"}]})), app => {});`)
	write("pb_public/index.html", "<p>the app's own page")
	ticked := make(chan struct{})
	cfg := EmbeddedConfig{DataDir: filepath.Join(dir, "pb_data"), StateDir: filepath.Join(dir, "state")}
	cfg.Seed = func(app core.App) error {
		tick := sync.OnceFunc(func() { close(ticked) })
		app.Cron().RemoveAll()                         // PocketBase's own, due every full hour, would run on while the app closes
		app.Cron().SetInterval(200 * time.Millisecond) // a tick while it is stopped would lock it up
		return app.Cron().Add("tick", "* * * * *", tick)
	}
	log := newTold()
	d, err := OpenEmbedded(t.Context(), cfg, log.log())
	if err != nil {
		t.Fatal(err)
	}
	log.wait(t, "the hooks are loaded from=pb_hooks")
	if r := fetch(t, d, &Request{Method: "GET", Path: "/hello/you"}); string(r.Body) != "Hello you" {
		t.Errorf("the hook's route answers %d %s", r.Status, r.Body)
	}
	if r := fetch(t, d, &Request{Method: "GET", Path: "/"}); !strings.Contains(string(r.Body), "own page") {
		t.Errorf("pb_public answers %d %s", r.Status, r.Body)
	}
	if d.Schema().Find("notes") == nil {
		t.Error("the migration did not run")
	}
	<-ticked // cron has started
	asSuperuser(t, d, "POST", "/api/collections", `{"name":"made","type":"base","fields":[]}`)
	if files, _ := filepath.Glob(filepath.Join(dir, "pb_migrations", "*_created_made.js")); len(files) != 1 {
		t.Error("a change in the dashboard left no migration")
	}
	if err := d.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestTheDashboardHasItsOwnListener(t *testing.T) {
	address := freeAddress(t)
	openEmbedded(t, func(cfg *EmbeddedConfig) { cfg.Dashboard = address })
	response, err := http.Get("http://" + address + "/_/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	if response.StatusCode != 200 {
		t.Errorf("status %d", response.StatusCode)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	d := openEmbedded(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- d.Run(ctx) }()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
