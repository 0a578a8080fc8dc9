package pocketbase

import (
	"log/slog"

	"github.com/pocketbase/pocketbase/core"
)

// forwardLogs repeats what PocketBase writes into its own log: warnings and
// errors as they are, the rest as debug. Its lines about requests are left out,
// for Hapta logs its own and theirs hold whole URLs.
func forwardLogs(app core.App, log *slog.Logger) {
	app.OnModelAfterCreateSuccess(core.LogsTableName).BindFunc(func(e *core.ModelEvent) error {
		if line, ok := e.Model.(*core.Log); ok && line.Data["type"] != "request" {
			forward(e, line, log)
		}
		return e.Next()
	})
}

func forward(e *core.ModelEvent, line *core.Log, log *slog.Logger) {
	level := slog.Level(line.Level)
	if level < slog.LevelWarn {
		level = slog.LevelDebug
	}
	if !log.Enabled(e.Context, level) {
		return
	}
	attrs := []slog.Attr{slog.String("from", "pocketbase")}
	for key, value := range line.Data {
		attrs = append(attrs, slog.Any(key, value))
	}
	log.LogAttrs(e.Context, level, line.Message, attrs...)
}
