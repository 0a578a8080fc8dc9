package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"
)

// file reads hapta.toml.
func (l *loader) file(o Options) {
	data, ok := l.contents(l.name, o.ConfigNamed, "--config")
	if !ok {
		return
	}
	l.config.FromFile = len(bytes.TrimSpace(data)) > 0
	f := tomlFile{name: l.name}
	var top map[string]toml.Primitive
	var err error
	if f.meta, err = toml.Decode(string(data), &top); err != nil {
		l.report(syntax(l.name, data, err))
		return
	}
	l.read(&f, "", top, l.keys)
}

// contents reads a file; one that is not there is a problem only if it was named.
func (l *loader) contents(name string, named bool, flag string) ([]byte, bool) {
	data, err := os.ReadFile(name)
	switch {
	case err == nil:
		return data, true
	case errors.Is(err, fs.ErrNotExist) && !named:
		return nil, false
	case errors.Is(err, fs.ErrNotExist):
		l.report(Problem{File: name, Message: "there is no such file", Remedy: "create it or name another with " + flag})
	default:
		l.report(Problem{File: name, Message: "cannot be read: " + reason(err), Remedy: "make it a readable file"})
	}
	return nil, false
}

// reason is an error of the file system without its path, which the problem
// names already.
func reason(err error) string {
	var at *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &at):
		return at.Err.Error()
	case errors.As(err, &link):
		return link.Op + ": " + link.Err.Error()
	default:
		return err.Error()
	}
}

// syntax is the problem of a file that is not TOML. The parser quotes what it
// stumbled over, which is not repeated where it may be a secret that was meant
// for .env.
func syntax(name string, data []byte, err error) Problem {
	p := Problem{File: name, Message: "is not valid TOML", Remedy: "correct this line"}
	var at toml.ParseError
	if !errors.As(err, &at) {
		return p
	}
	// The parser counts a newline that it stopped at; where it stopped it knows.
	p.Line = 1 + bytes.Count(data[:min(at.Position.Start, len(data))], []byte("\n"))
	lines := strings.Split(string(data), "\n")
	if p.Line >= 1 && p.Line <= len(lines) && sensitive.MatchString(lines[p.Line-1]) {
		p.Remedy = "secrets belong in the environment or .env"
		return p
	}
	p.Message = fmt.Sprintf("is not valid TOML: %s", strings.TrimSuffix(at.Message, "."))
	return p
}

var sensitive = regexp.MustCompile(`(?i)password|secret|key|token`)
