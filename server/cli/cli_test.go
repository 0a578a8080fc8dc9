package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"reflect"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/hapta/hapta/server/config"
)

func TestMain(m *testing.M) {
	// os/signal keeps one goroutine of its own once it was used.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("os/signal.signal_recv"), goleak.IgnoreTopFunction("os/signal.loop"))
}

// called is what the commands were given.
type called struct {
	name       string
	options    config.Options
	collection string
}

// run runs a command line against commands that note their call and end with err.
func run(t *testing.T, err error, args ...string) (status int, stdout, stderr string, got called) {
	t.Helper()
	var out, errs bytes.Buffer
	c := Commands{
		Serve: func(_ context.Context, s Serving) error {
			got = called{"serve", s.Config, ""}
			return err
		},
		Check: func(_ context.Context, o config.Options, w io.Writer) error {
			got = called{"check", o, ""}
			_, _ = io.WriteString(w, "checked\n")
			return err
		},
		RemovePolicy: func(o config.Options, collection string) (string, error) {
			got = called{"policy remove", o, collection}
			return "removed", err
		},
		Version: Version{Version: "v1.2.3", Commit: "abc", ABI: "abi_v1", PocketBase: "0.1.2"},
	}
	status = Run(Process{args, []string{"A=b"}, strings.NewReader(""), &out, &errs}, c)
	return status, out.String(), errs.String(), got
}

func TestCommands(t *testing.T) {
	f := func(line, wantOut string, want called) {
		t.Helper()
		want.options.Environ = []string{"A=b"}
		status, out, errs, got := run(t, nil, strings.Fields(line)...)
		if status != 0 || errs != "" || out != wantOut {
			t.Errorf("%q: status %d, stdout %q, stderr %q", line, status, out, errs)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: called %+v, want %+v", line, got, want)
		}
	}
	plain := config.Options{ConfigFile: "hapta.toml", EnvFile: ".env"}
	f("", "", called{"serve", plain, ""})
	f("serve", "", called{"serve", plain, ""})
	demo := plain
	demo.Demo = true
	f("--demo", "", called{"serve", demo, ""})
	f("serve -demo", "", called{"serve", demo, ""})
	named := config.Options{ConfigFile: "a.toml", ConfigNamed: true, EnvFile: "b", EnvNamed: true}
	f("--config a.toml --env b", "", called{"serve", named, ""})
	f("check --config=a.toml --env=b", "checked\n", called{"check", named, ""})
	byDefault := config.Options{ConfigFile: "hapta.toml", ConfigNamed: true, EnvFile: ".env"}
	f("serve --config hapta.toml", "", called{"serve", byDefault, ""})
	f("policy remove posts", "removed\n", called{"policy remove", plain, "posts"})
	f("policy remove --demo posts", "removed\n", called{"policy remove", demo, "posts"})
	f("policy remove posts --demo", "removed\n", called{"policy remove", demo, "posts"})
}

func TestUsageFailure(t *testing.T) {
	f := func(line string, want ...string) {
		t.Helper()
		status, out, errs, got := run(t, nil, strings.Split(line, " ")...)
		if status != 2 || out != "" || got.name != "" {
			t.Errorf("%q: status %d, stdout %q, called %q", line, status, out, got.name)
		}
		if text := "hapta-server: " + strings.Join(want, "\nhapta-server: ") + "\n"; errs != text {
			t.Errorf("%q: stderr %q, want %q", line, errs, text)
		}
	}
	f("sreve", `unknown command "sreve"`, "try: hapta-server --help")
	f("-x", "unknown flag -x", "try: hapta-server serve --help")
	f("--dmeo", "unknown flag --dmeo", "try: hapta-server serve --help")
	f("serve --config", "a value is missing after --config", "try: hapta-server serve --help")
	f("serve --config=", "--config names no file", "try: hapta-server serve --help")
	f("check --env ", "--env names no file", "try: hapta-server check --help")
	f("serve --demo=maybe", `invalid boolean value "maybe" for -demo`, "try: hapta-server serve --help")
	f("serve now", `serve takes flags only, not "now"`, "try: hapta-server serve --help")
	f("--demo now", `serve takes flags only, not "now"`, "try: hapta-server serve --help")
	f("check all", `check takes flags only, not "all"`, "try: hapta-server check --help")
	f("version --demo", "unknown flag --demo", "try: hapta-server version --help")
	f("version 2", `version takes no arguments, not "2"`, "try: hapta-server version --help")
	f("policy", "policy needs to be told what to do", "try: hapta-server policy --help")
	f("policy drop", `unknown command "policy drop"`, "try: hapta-server policy --help")
	f("policy remove", "policy remove takes one collection, not 0", "try: hapta-server policy remove --help")
	f("policy remove a b", "policy remove takes one collection, not 2", "try: hapta-server policy remove --help")
	f("help nothing", `there is no command "nothing" to help with`, "try: hapta-server --help")
}

func TestHelp(t *testing.T) {
	f := func(line, want string) {
		t.Helper()
		status, out, errs, got := run(t, nil, strings.Fields(line)...)
		if status != 0 || errs != "" || got.name != "" || out != helpTexts[want] || out == "" {
			t.Errorf("%q: status %d, stderr %q, called %q, stdout %q", line, status, errs, got.name, out)
		}
	}
	f("--help", "")
	f("-h", "")
	f("help", "")
	f("help help", "")
	f("help --help", "")
	f("serve --help", "serve")
	f("serve --demo -h", "serve")
	f("--demo --help", "serve")
	f("help serve", "serve")
	f("check --help", "check")
	f("policy --help", "policy")
	f("policy remove --help", "policy remove")
	f("help policy remove", "policy remove")
	f("version --help", "version")
	for name, text := range helpTexts {
		for line := range strings.Lines(text) {
			if len(strings.TrimSuffix(line, "\n")) > 80 {
				t.Errorf("%q: a line of the help is too wide: %q", name, line)
			}
		}
	}
}

func TestVersion(t *testing.T) {
	status, out, errs, _ := run(t, nil, "version")
	want := "hapta-server v1.2.3\ncommit       abc\ngo           " + runtime.Version() + " " + runtime.GOOS + "/" +
		runtime.GOARCH + "\nabi          abi_v1\npocketbase   0.1.2\n"
	if status != 0 || errs != "" || out != want {
		t.Errorf("status %d, stderr %q, stdout %q", status, errs, out)
	}
	if text := (Version{}).String(); !strings.HasPrefix(text, "hapta-server dev\ncommit       ") {
		t.Error(text)
	}
}

func TestExitStatus(t *testing.T) {
	f := func(err error, want int, wantErrs string) {
		t.Helper()
		for _, line := range []string{"serve", "policy remove posts"} {
			status, out, errs, _ := run(t, err, strings.Fields(line)...)
			if status != want || out != "" || errs != wantErrs {
				t.Errorf("%q ending with %v: status %d, stdout %q, stderr %q", line, err, status, out, errs)
			}
		}
		if status, out, _, _ := run(t, err, "check"); status != want || out != "checked\n" {
			t.Errorf("check ending with %v: status %d, stdout %q", err, status, out)
		}
	}
	f(errors.New("disk full"), 1, "hapta-server: disk full\n")
	problem := config.Problem{File: "a", Line: 3, Key: "k", Message: "wrong"}
	f(problem, 2, "hapta-server: a:3: k: wrong\n")
	f(config.Problems{problem, problem}, 2, "hapta-server: a:3: k: wrong\nhapta-server: a:3: k: wrong\n")
	f(errors.Join(problem, errors.New("and more")), 2, "hapta-server: a:3: k: wrong\nhapta-server: and more\n")
}

// TestSignals sends this process the signals of an operator.
func TestSignals(t *testing.T) {
	serve := func(ctx context.Context, s Serving) error {
		for range 2 {
			send(t, syscall.SIGHUP)
			<-s.Reload
			if ctx.Err() != nil {
				t.Error("SIGHUP ended the server")
			}
		}
		send(t, syscall.SIGTERM)
		<-ctx.Done()
		return nil
	}
	if status := Run(Process{Stdout: io.Discard, Stderr: io.Discard}, Commands{Serve: serve}); status != 0 {
		t.Errorf("status %d", status)
	}
	interrupted := func(ctx context.Context, _ config.Options, _ io.Writer) error {
		send(t, syscall.SIGINT)
		<-ctx.Done()
		return ctx.Err()
	}
	if status := Run(Process{Args: []string{"check"}, Stdout: io.Discard, Stderr: io.Discard}, Commands{Check: interrupted}); status != 1 {
		t.Errorf("interrupted: status %d", status)
	}
}

func send(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(syscall.Getpid(), s); err != nil {
		t.Fatal(err)
	}
}

func TestLog(t *testing.T) {
	f := func(development bool, want string) {
		t.Helper()
		var errs bytes.Buffer
		serve := func(_ context.Context, s Serving) error {
			c := &config.Config{Server: config.Server{DevelopmentMode: development}}
			s.Log(c).Info("up", slog.String("secret", "x"))
			return nil
		}
		var out bytes.Buffer
		Run(Process{Stdout: &out, Stderr: &errs}, Commands{Serve: serve})
		if out.Len() > 0 || !strings.Contains(errs.String(), want) {
			t.Errorf("stdout %q, stderr %q, want %q", out.String(), errs.String(), want)
		}
	}
	f(true, " level=INFO msg=up secret=x\n")
	f(false, `"level":"INFO","msg":"up","secret":"x"}`+"\n")
}

func TestGreeting(t *testing.T) {
	f := func(c config.Config, want ...string) {
		t.Helper()
		var errs bytes.Buffer
		greet(&errs)("http://127.0.0.1:3000", &c)
		for _, w := range want {
			if !strings.Contains(errs.String(), w) {
				t.Errorf("greeted %q, want %q", errs.String(), w)
			}
		}
		if (len(want) == 0) != (errs.Len() == 0) || strings.Contains(errs.String(), "%!") {
			t.Errorf("greeted %q", errs.String())
		}
	}
	f(config.Config{})
	demo := config.Config{Demo: true, Policies: config.Policies{Dir: t.TempDir()}, Server: config.Server{StateDir: "s"}}
	f(demo, "curl 'http://127.0.0.1:3000/api/collections/comments/records?perPage=3'", "There is no policy for posts in "+demo.Policies.Dir+"/", `"hapta-server policy new posts --demo"`)
	demo.Policies.Dir = "../../policies"
	f(demo, "curl 'http://127.0.0.1:3000/api/collections/posts/records?perPage=3'", "are in ../../policies/.", `"hapta-server policy build --demo"`)
	demo.Upstream.Dashboard = "127.0.0.1:8090"
	f(demo, "http://127.0.0.1:8090/_/", "superuser of\ns/superuser.env.")
	demo.Secrets.AdminPassword = config.NewSecret("hunter2")
	f(demo, "superuser of\nADMIN_EMAIL.")
}
