package scaffold

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// patience is how long a tool that was told to stop may take to do so.
const patience = 5 * time.Second

// notCompiled is the exit status by which the SDKs' compilers say that a policy
// is wrong, and not the machine.
const notCompiled = 2

// compile runs a compiler of an SDK, which explains what is wrong with a policy
// on stderr.
func compile(s source, out io.Writer, command *exec.Cmd) error {
	said, err := runCommand(command)
	var exit *exec.ExitError
	switch {
	case err == nil: // warnings
		_, err = io.WriteString(out, said)
		return err
	case errors.As(err, &exit) && exit.ExitCode() == notCompiled:
		_, err = io.WriteString(out, said)
		return errors.Join(mistaken("%s does not compile", s.path), err)
	}
	return fault(s.path+" cannot be compiled", said, err)
}

// run runs a program and returns what it wrote.
func run(ctx context.Context, name string, args ...string) (said string, err error) {
	return runCommand(exec.CommandContext(ctx, name, args...))
}

func runCommand(command *exec.Cmd) (said string, err error) {
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = patience
	var both bytes.Buffer
	command.Stdout, command.Stderr = &both, &both
	err = command.Run()
	return both.String(), err
}

// fault tells what a program said in going wrong, if it said anything. It does
// not wrap the error, whose exit status is not ours.
func fault(what, said string, err error) error {
	if said = strings.TrimSpace(said); said != "" {
		return errors.New(what + ": " + said)
	}
	return errors.New(what + ": " + err.Error())
}
