package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// signals is the operating system's side of a running command.
type signals struct {
	ctx    context.Context // ends with SIGTERM or SIGINT
	reload chan struct{}   // one value for the SIGHUPs since it was last read
	stop   func()
}

// watchSignals takes over the signals until stop. A second SIGTERM or SIGINT
// ends the process at once, as it does by default.
func watchSignals() signals {
	ctx, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	s := signals{ctx: ctx, reload: make(chan struct{}, 1)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for range hangups {
			select {
			case s.reload <- struct{}{}:
			default: // one is due already, and will see this change too
			}
		}
	}()
	context.AfterFunc(ctx, release)
	s.stop = func() {
		signal.Stop(hangups)
		close(hangups)
		<-ended
		release()
	}
	return s
}
