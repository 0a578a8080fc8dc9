package cli

import (
	"io"
	"log/slog"
	"time"

	"github.com/hapta/hapta/server/config"
)

// logTo makes logs: lines for people in development mode, JSON otherwise. What
// libraries print by themselves goes there as well.
func logTo(w io.Writer) func(*config.Config) *slog.Logger {
	return func(c *config.Config) *slog.Logger {
		var lines slog.Handler = slog.NewJSONHandler(w, nil)
		if c.Server.DevelopmentMode {
			lines = slog.NewTextHandler(w, &slog.HandlerOptions{ReplaceAttr: shortTime})
		}
		log := slog.New(lines)
		slog.SetDefault(log)
		return log
	}
}

// shortTime leaves of a line's time what someone who watches wants to see.
func shortTime(groups []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey && len(groups) == 0 {
		return slog.String(a.Key, a.Value.Time().Format(time.TimeOnly))
	}
	return a
}
