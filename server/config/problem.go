package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Problem is one thing wrong with the configuration. It never holds a secret.
type Problem struct {
	File    string // as it was named; "environment" for the process's own
	Line    int    // from 1; 0: the problem has no line
	Key     string // "server.port", or a variable's name; may be empty
	Message string // what was expected and what was found
	Remedy  string // what to do; may be empty
}

// Error is the problem as one line.
func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	if p.Key != "" {
		b.WriteString(": " + p.Key)
	}
	b.WriteString(": " + p.Message)
	if p.Remedy != "" {
		b.WriteString("; " + p.Remedy)
	}
	return b.String()
}

// ExitCode is the exit status that a wrong configuration ends the process with.
func (Problem) ExitCode() int { return 2 }

// Problems is the error of Load: every problem, in the order of the files.
type Problems []Problem

// Error is every problem, a line each.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// ExitCode is that of every single problem.
func (Problems) ExitCode() int { return 2 }

// sort brings problems into the order of the files and of their lines: tables
// and variables are read as maps, whose order means nothing.
func (ps Problems) sort(files ...string) {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(slices.Index(files, a.File), slices.Index(files, b.File)),
			cmp.Compare(a.Line, b.Line), cmp.Compare(a.Key, b.Key))
	})
}

// place is where a value was found.
type place struct {
	file string
	line int
	key  string
}

func (p place) problem(remedy, format string, args ...any) Problem {
	return Problem{p.file, p.line, p.key, fmt.Sprintf(format, args...), remedy}
}

// found describes a value that was not what its key takes. What stands before
// an @ is left out, since in a URL it may be a password, and so is what is too
// long to be a mistyped word.
func found(v any) string {
	switch v := v.(type) {
	case string:
		if i := strings.LastIndexByte(v, '@'); i >= 0 {
			v = "…" + v[i:]
		}
		if utf8.RuneCountInString(v) > 60 {
			v = string([]rune(v)[:20]) + "…"
		}
		return fmt.Sprintf("%q", v)
	case int64, float64, bool:
		return fmt.Sprint(v)
	case map[string]any:
		return "a section"
	case []map[string]any:
		return "a list of sections"
	case []any:
		items := make([]string, 0, len(v))
		for _, item := range v[:min(len(v), 5)] {
			items = append(items, found(item))
		}
		if len(v) > 5 {
			items = append(items, "…")
		}
		return "[" + strings.Join(items, ", ") + "]"
	default:
		return "a date or time"
	}
}
