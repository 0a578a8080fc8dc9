package cli

import (
	"errors"
	"flag"
	"io"
	"regexp"
	"strings"

	"github.com/hapta/hapta/server/config"
)

// options are the flags of every command that reads the configuration.
type options struct {
	config, env string
	demo        bool
}

func (o *options) define(f *flag.FlagSet) {
	f.StringVar(&o.config, "config", config.DefaultFile, "")
	f.StringVar(&o.env, "env", config.DefaultEnvFile, "")
	f.BoolVar(&o.demo, "demo", false, "")
}

// parse reads the flags of a command, wherever they stand among its other
// arguments, which it returns. Besides help it has those that are defined.
func parse(command string, args []string, define ...func(*flag.FlagSet)) (rest []string, named map[string]bool, err error) {
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for _, d := range define {
		d(flags)
	}
	for {
		if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
			return nil, nil, &helpError{helpTexts[command]}
		} else if err != nil {
			return nil, nil, usage(command, "%s", dashed(err.Error()))
		}
		if args = flags.Args(); len(args) == 0 {
			break
		}
		rest, args = append(rest, args[0]), args[1:]
	}
	named = map[string]bool{}
	flags.Visit(func(f *flag.Flag) { named[f.Name] = true })
	return rest, named, nil
}

// dashed puts the package's messages into the words of this program's help.
func dashed(message string) string {
	message = strings.Replace(message, "flag provided but not defined: -", "unknown flag --", 1)
	message = strings.Replace(message, "flag needs an argument: -", "a value is missing after --", 1)
	message = singleLetter.ReplaceAllString(message, " -$1")
	return strings.TrimSuffix(message, ": parse error")
}

// singleLetter is a flag that goes with one dash in every shell's habit.
var singleLetter = regexp.MustCompile(` --(\w)$`)

// settings parses the flags of a command that reads the configuration, and its
// own.
func settings(p Process, command string, args []string, own ...func(*flag.FlagSet)) (config.Options, []string, error) {
	var o options
	rest, named, err := parse(command, args, append(own, o.define)...)
	if err != nil {
		return config.Options{}, nil, err
	}
	for name, value := range map[string]string{"config": o.config, "env": o.env} {
		if value == "" {
			return config.Options{}, nil, usage(command, "--%s names no file", name)
		}
	}
	return config.Options{
		ConfigFile: o.config, ConfigNamed: named["config"],
		EnvFile: o.env, EnvNamed: named["env"],
		Environ: p.Environ, Demo: o.demo,
	}, rest, nil
}

// alone is settings for a command that takes flags only.
func alone(p Process, command string, args []string) (config.Options, error) {
	o, rest, err := settings(p, command, args)
	if err == nil && len(rest) > 0 {
		err = usage(command, "%s takes flags only, not %q", command, rest[0])
	}
	return o, err
}
