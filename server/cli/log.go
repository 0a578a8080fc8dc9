package cli

import (
	"io"
	"log/slog"
	"time"

	"github.com/hapta/hapta/server/config"
)

// logTo makes logs: lines for people in development mode, JSON otherwise.
func logTo(w io.Writer) func(*config.Config) *slog.Logger {
	return func(c *config.Config) *slog.Logger {
		if !c.Server.DevelopmentMode {
			return slog.New(slog.NewJSONHandler(w, nil))
		}
		return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{ReplaceAttr: shortTime}))
	}
}

// shortTime leaves of a line's time what someone who watches wants to see.
func shortTime(groups []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey && len(groups) == 0 {
		return slog.String(a.Key, a.Value.Time().Format(time.TimeOnly))
	}
	return a
}
