package scaffold

import (
	"regexp"
	"strconv"
	"strings"
)

// rustField is a field that policy! declares or lists.
type rustField struct {
	name      string // or a path; the rules may call it otherwise
	at        int    // where in the source
	own       bool   // of the policy's collection, by the way it is used
	elsewhere bool   // of something else: the caller, another record, the request
}

var (
	aside = regexp.MustCompile(`(?s)//[^\n]*|/\*.*?\*/|r##".*?"##|r#".*?"#|\br"[^"]*"|"(?:\\.|[^"\\])*"|'(?:\\.[^'\n]*|[^\\'\n])'`)
	macro = regexp.MustCompile(`\bpolicy!\s*[{(\[]`)
	line  = regexp.MustCompile(`(\w+)\s*:\s*\[([^\]]*)\]`)
	item  = regexp.MustCompile(`(?:r#)?(\w+)(?:\s*=([^,]*))?`)
)

// rustSource is a source that compiles.
type rustSource struct {
	text  string // without its comments
	code  string // without its texts either
	rules string // without policy! either
	lines [][]int
}

func readRust(source string) *rustSource {
	s := &rustSource{text: blank(source, false), code: blank(source, true)}
	m := macro.FindStringIndex(s.code)
	if m == nil {
		return s
	}
	end := closing(s.code, m[1]-1)
	s.rules = s.code[:m[0]] + s.code[end:]
	for _, l := range line.FindAllStringSubmatchIndex(s.code[:end], -1) {
		if l[0] > m[0] {
			s.lines = append(s.lines, l)
		}
	}
	return s
}

// blank puts blanks where comments are, and where texts are as well.
func blank(source string, texts bool) string {
	return aside.ReplaceAllStringFunc(source, func(part string) string {
		if part[0] != '/' && !texts {
			return part
		}
		blanks := []byte(part)
		for i, b := range blanks {
			if b != '\n' {
				blanks[i] = ' '
			}
		}
		return string(blanks)
	})
}

// closing is where the bracket that opens there is closed.
func closing(code string, open int) int {
	depth := 0
	for i := open; i < len(code); i++ {
		switch {
		case strings.IndexByte("{([", code[i]) >= 0:
			depth++
		case strings.IndexByte("})]", code[i]) >= 0:
			depth--
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(code)
}

// fields are those of policy!, by what the rules call them.
func (s *rustSource) fields() map[string]*rustField {
	fields := map[string]*rustField{}
	for _, l := range s.lines {
		key := s.code[l[2]:l[3]]
		if key == "operations" || key == "codes" {
			continue
		}
		for _, i := range item.FindAllStringSubmatchIndex(s.code[l[4]:l[5]], -1) {
			called := s.code[l[4]+i[2] : l[4]+i[3]]
			f := fields[called]
			if f == nil {
				f = &rustField{name: called, at: l[4] + i[0]}
				fields[called] = f
			}
			if i[4] >= 0 {
				f.name = unquoted(s.text[l[4]+i[4]:l[4]+i[5]], called)
			}
			switch key {
			case "fields":
				f.at = l[4] + i[0]
			case "caller":
				f.elsewhere = true
			default: // a set, or what is done with fields of the collection
				f.own = true
			}
		}
	}
	return fields
}

func unquoted(literal, otherwise string) string {
	if text, err := strconv.Unquote(strings.TrimSpace(literal)); err == nil {
		return text
	}
	return otherwise
}
