package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/hapta/hapta/server/config"
	"github.com/hapta/hapta/server/policy/compile"
)

// Exit statuses. An error with an ExitCode method brings its own.
const (
	done   = 0
	failed = 1 // at run time
	misuse = 2 // of the command line, or a wrong configuration, credential or policy
)

// Commands is what the commands do.
type Commands struct {
	Serve func(context.Context, Serving) error
	// Check writes its findings to w. Its error says that there are some.
	Check func(ctx context.Context, o config.Options, w io.Writer) error
	// RemovePolicy returns what it did, as a sentence.
	RemovePolicy func(o config.Options, collection string) (string, error)
	// What the author of a policy does with it.
	NewPolicy, BuildPolicies, TestPolicies, EvalPolicy, BenchPolicy, InspectPolicy func(context.Context, Authoring) error
	// Compile is what this program starts itself for. It is no command for
	// people, so no help tells of it.
	Compile func(in io.Reader) error
	Version Version
}

// Serving is what serve is given.
type Serving struct {
	Config config.Options
	Log    func(*config.Config) *slog.Logger  // makes the log that a configuration asks for
	Reload <-chan struct{}                    // a value for each SIGHUP
	Up     func(url string, c *config.Config) // to be called once requests are accepted
}

// Process is what the operating system gives.
type Process struct {
	Args           []string // without the program's name
	Environ        []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Run does what the arguments ask for and returns the exit status.
func Run(p Process, c Commands) int {
	err := dispatch(p, c)
	var help *helpError
	if errors.As(err, &help) {
		_, _ = fmt.Fprint(p.Stdout, help.text)
		return done
	}
	return report(p.Stderr, err)
}

func dispatch(p Process, c Commands) error {
	name, args := command(p.Args)
	switch name {
	case "serve":
		return serve(p, args, c.Serve)
	case "check":
		return check(p, args, c.Check)
	case "policy":
		return policy(p, args, c)
	case compile.Command:
		return c.Compile(p.Stdin)
	case "version":
		return version(p, args, c.Version)
	case "help":
		return helpOn(args)
	default:
		return usage("", "unknown command %q", name)
	}
}

// command splits off the command's name; flags alone mean serve.
func command(args []string) (name string, rest []string) {
	switch {
	case len(args) == 0:
		return "serve", nil
	case isHelp(args[0]):
		return "help", nil
	case args[0] == "--version":
		return "version", args[1:]
	case strings.HasPrefix(args[0], "-"):
		return "serve", args
	default:
		return args[0], args[1:]
	}
}

func isHelp(arg string) bool {
	return arg == "-h" || arg == "-help" || arg == "--help"
}

// report writes an error, a line for each of its own, and gives it its status.
func report(stderr io.Writer, err error) int {
	if err == nil {
		return done
	}
	for line := range strings.Lines(err.Error()) {
		_, _ = fmt.Fprintln(stderr, "hapta-server: "+strings.TrimSuffix(line, "\n"))
	}
	var coded interface{ ExitCode() int }
	if errors.As(err, &coded) {
		return coded.ExitCode()
	}
	return failed
}

// usageError is a mistake on the command line.
type usageError struct{ text, hint string }

func (e *usageError) Error() string { return e.text + "\n" + e.hint }
func (*usageError) ExitCode() int   { return misuse }

// usage says what is wrong and where help for the command is.
func usage(command, format string, args ...any) error {
	if command != "" {
		command += " "
	}
	return &usageError{fmt.Sprintf(format, args...), "try: hapta-server " + command + "--help"}
}
