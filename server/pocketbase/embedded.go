package pocketbase

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	_ "github.com/pocketbase/pocketbase/migrations" // PocketBase's own tables
)

// schemaPoll is how often the schema is read again when nothing hints at a
// change: a PocketBase of another process or machine may have made one.
const schemaPoll = 10 * time.Second

// encryptionEnv names the variable that PocketBase's own documents use for the
// key of encrypted settings.
const encryptionEnv = "PB_ENCRYPTION_KEY"

// EmbeddedConfig says where the embedded PocketBase lives.
type EmbeddedConfig struct {
	DataDir   string // PocketBase's; pb_migrations, pb_hooks and pb_public lie next to it
	StateDir  string // keeps a generated superuser password
	Dashboard string // address of PocketBase's own listener; "" for none
	// AdminEmail and AdminPassword name the superuser to make if it is
	// missing. Either may be empty.
	AdminEmail, AdminPassword string
	// Seed is called after the migrations and before anything is served; nil
	// for none.
	Seed func(core.App) error
}

type embedded struct {
	app     core.App
	admin   *localSuperuser
	gate    gate
	closing context.Context // ends what close need not wait for: streams
	hangUp  context.CancelFunc
	tell    func(Change)
	handler http.Handler
	serving chan struct{} // closed once handler is built
	ended   chan struct{} // closed once PocketBase's server has ended, after err
	err     error
}

// prepare changes an app before it starts; only the race detector needs it to.
var prepare = func(core.App) {}

// OpenEmbedded starts a whole PocketBase in this process: cron, serve hooks,
// migrations and JavaScript hooks, and its own listener. Only one should run in
// a process that uses migrations, for PocketBase keeps their list globally.
//
// Mistakes in the configuration are a *SetupError.
func OpenEmbedded(ctx context.Context, cfg EmbeddedConfig, log *slog.Logger) (*Database, error) {
	if err := writableDir(cfg.DataDir, "[upstream] data_dir"); err != nil {
		return nil, err
	}
	listener, err := listenDashboard(cfg.Dashboard)
	if err != nil {
		return nil, err
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: cfg.DataDir, EncryptionEnv: encryptionEnv})
	prepare(app)
	e := &embedded{app: app, serving: make(chan struct{}), ended: make(chan struct{})}
	e.closing, e.hangUp = context.WithCancel(context.Background())
	d := newDatabase(e, log)
	e.tell = d.tell
	if err := e.start(ctx, cfg, listener, log); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	e.watchCollections(d, log)
	e.watchRecords()
	if err := d.RefreshSchema(ctx); err != nil {
		return nil, errors.Join(err, d.Close(context.WithoutCancel(ctx)))
	}
	return d, nil
}

func (e *embedded) start(ctx context.Context, cfg EmbeddedConfig, listener net.Listener, log *slog.Logger) error {
	if err := registerPlugins(e.app, log); err != nil {
		return err
	}
	forwardLogs(e.app, log)
	e.askAboutSignUps()
	if err := e.app.Bootstrap(); err != nil {
		return errors.Join(fmt.Errorf("PocketBase does not start on data_dir %q: %w", cfg.DataDir, err), e.terminate(context.WithoutCancel(ctx)))
	}
	e.admin = newLocalSuperuser(e.app, cfg, log)
	e.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id:       "haptaServe",
		Priority: outermost, // so that Next returns with the handler built
		Func: func(ev *core.ServeEvent) error {
			return e.onServe(ev, cfg, listener)
		},
	})
	go e.serve(cfg)
	select {
	case <-e.serving:
		return nil
	case <-e.ended:
		return errors.Join(e.err, e.terminate(context.WithoutCancel(ctx)))
	case <-ctx.Done():
		return errors.Join(ctx.Err(), e.close(context.WithoutCancel(ctx)))
	}
}

// onServe takes PocketBase's built handler. The installer is left out: it would
// open a browser, and there is a superuser already.
func (e *embedded) onServe(ev *core.ServeEvent, cfg EmbeddedConfig, listener net.Listener) error {
	ev.Listener = listener
	ev.InstallerFunc = nil
	if cfg.Seed != nil {
		if err := cfg.Seed(e.app); err != nil {
			return err
		}
	}
	if err := e.admin.ensure(); err != nil {
		return err
	}
	e.watchSQL(ev)
	e.admin.recognize(ev)
	if err := ev.Next(); err != nil {
		return err
	}
	e.handler = ev.Server.Handler
	close(e.serving)
	return nil
}

func (e *embedded) serve(cfg EmbeddedConfig) {
	defer close(e.ended)
	e.err = apis.Serve(e.app, apis.ServeConfig{HttpAddr: cfg.Dashboard})
}

func (e *embedded) run(ctx context.Context, refresh func(context.Context) error) error {
	tick := time.NewTicker(schemaPoll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-e.ended:
			if e.gate.isClosed() {
				return nil
			}
			return fmt.Errorf("the embedded PocketBase has stopped: %w", errors.Join(e.err, ErrUnavailable))
		case <-tick.C:
			if err := refresh(ctx); err != nil && ctx.Err() == nil {
				e.app.Logger().Warn("the schema cannot be read", "error", err)
			}
		}
	}
}

func (e *embedded) ready() bool {
	select {
	case <-e.ended:
		return false
	default:
		return !e.gate.isClosed()
	}
}

func (e *embedded) live() bool { return e.ready() }

func (e *embedded) superuser() (string, error) {
	if !e.gate.enter() {
		return "", errClosed
	}
	defer e.gate.leave()
	return e.admin.get()
}

// close lets no more in, waits for what is inside, and ends PocketBase.
func (e *embedded) close(ctx context.Context) error {
	if !e.gate.close() {
		return nil
	}
	e.hangUp()
	err := e.gate.wait(ctx)
	err = errors.Join(err, e.terminate(ctx))
	select {
	case <-e.ended:
		return errors.Join(err, e.err)
	case <-ctx.Done():
		return errors.Join(err, ctx.Err())
	}
}

// terminate ends PocketBase as its own command does. It does not wait for longer
// than ctx: PocketBase's cron locks itself up when it is stopped in the moment of
// a tick.
func (e *embedded) terminate(ctx context.Context) error {
	ended := make(chan error, 1)
	go func() {
		ended <- e.app.OnTerminate().Trigger(&core.TerminateEvent{App: e.app}, func(ev *core.TerminateEvent) error {
			return ev.App.ResetBootstrapState()
		})
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return fmt.Errorf("the embedded PocketBase does not end: %w", ctx.Err())
	}
}
