package cli

import (
	"context"
	"fmt"
	"io"
	"os/signal"
	"syscall"

	"github.com/hapta/hapta/server/config"
)

func serve(p Process, args []string, run func(context.Context, Serving) error) error {
	o, err := alone(p, "serve", args)
	if err != nil {
		return err
	}
	s := watchSignals()
	defer s.stop()
	return run(s.ctx, Serving{
		Config: o,
		Log:    logTo(p.Stderr),
		Reload: s.reload,
		Up:     greet(p.Stderr),
	})
}

func check(p Process, args []string, run func(context.Context, config.Options, io.Writer) error) error {
	o, err := alone(p, "check", args)
	if err != nil {
		return err
	}
	ctx, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer release()
	return run(ctx, o, p.Stdout)
}

func version(p Process, args []string, v Version) error {
	rest, _, err := parse("version", args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usage("version", "version takes no arguments, not %q", rest[0])
	}
	_, err = fmt.Fprint(p.Stdout, v)
	return err
}
