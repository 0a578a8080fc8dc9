package pocketbase

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"

	"github.com/dop251/goja"
	"github.com/dop251/goja_nodejs/console"
	"github.com/fatih/color"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/plugins/jsvm"
	"github.com/pocketbase/pocketbase/plugins/migratecmd"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// hooksPool is the number of JavaScript runtimes that PocketBase's released
// binary keeps for hooks.
const hooksPool = 15

func init() {
	// PocketBase and its plugins print through this package, to stdout unless
	// told otherwise. Stdout belongs to what a command was asked for.
	color.Output = color.Error
}

// registerPlugins adds what PocketBase's released binary adds: JavaScript hooks
// and migrations, migrations written for changes made in the dashboard, and
// pb_public. All folders lie next to the data directory.
func registerPlugins(app core.App, log *slog.Logger) error {
	err := jsvm.Register(app, jsvm.Config{
		HooksWatch:    true,
		HooksPoolSize: hooksPool,
		OnInit:        func(vm *goja.Runtime) { redirectConsole(vm, log) },
	})
	if err != nil {
		return fmt.Errorf("pb_hooks and pb_migrations next to data_dir cannot be loaded: %w", err)
	}
	err = migratecmd.Register(app, nil, migratecmd.Config{
		TemplateLang: migratecmd.TemplateLangJS,
		Automigrate:  true,
	})
	if err != nil {
		return fmt.Errorf("PocketBase's migrations cannot be set up: %w", err)
	}
	app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Priority: 999, // after the app's own routes, which go first
		Func: func(e *core.ServeEvent) error {
			if !e.Router.HasRoute(http.MethodGet, "/{path...}") {
				public := os.DirFS(filepath.Join(app.DataDir(), "../pb_public"))
				e.Router.GET("/{path...}", apis.Static(public, true))
			}
			return e.Next()
		},
	})
	return nil
}

// redirectConsole sends console.log of hooks and migrations to the log instead
// of stdout.
func redirectConsole(vm *goja.Runtime, log *slog.Logger) {
	module := vm.NewObject()
	exports := vm.NewObject()
	if module.Set("exports", exports) != nil {
		return
	}
	console.RequireWithPrinter(consolePrinter{log})(vm, module)
	_ = vm.Set("console", exports) // fails only for values that Go cannot hand over
}

type consolePrinter struct{ log *slog.Logger }

func (p consolePrinter) Log(s string)   { p.log.Info(s, "from", "pb_hooks") }
func (p consolePrinter) Warn(s string)  { p.log.Warn(s, "from", "pb_hooks") }
func (p consolePrinter) Error(s string) { p.log.Error(s, "from", "pb_hooks") }
