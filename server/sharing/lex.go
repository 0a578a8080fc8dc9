package sharing

import "strings"

type kind uint8

const (
	sign    kind = iota // one character
	name                // a word, or a name in quotes
	literal             // a text or a number
)

type lexeme struct {
	kind   kind
	quoted bool
	text   string
}

func (l lexeme) is(s string) bool { return l.kind == sign && l.text == s }

// keyword is the word in lower case; empty for all that cannot be a keyword.
func (l lexeme) keyword() string {
	if l.kind != name || l.quoted {
		return ""
	}
	return strings.ToLower(l.text)
}

const (
	digits     = "0123456789"
	letters    = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
	signs      = "()*,+-/%<>=!|&~."
	whitespace = " \t\n\r\f"
)

// lex cuts SQL into what SQLite reads. Braces and double brackets, which
// PocketBase's query builder replaces wherever they stand, are not understood, and
// neither is any character that such a query has no need of.
func lex(sql string) (out []lexeme, ok bool) {
	if strings.ContainsAny(sql, "{}") || strings.Contains(sql, "[[") {
		return nil, false
	}
	for sql != "" {
		l, length := lexeme{}, 1
		switch first := sql[:1]; {
		case strings.Contains(whitespace, first):
			sql = sql[1:]
			continue
		case strings.HasPrefix(sql, "--"):
			_, sql, _ = strings.Cut(sql, "\n")
			continue
		case strings.HasPrefix(sql, "/*"):
			if _, sql, ok = strings.Cut(sql[2:], "*/"); !ok {
				return nil, false
			}
			continue
		case strings.Contains("'\"`[", first):
			if length = quotedLength(sql); length == 0 {
				return nil, false
			}
			l = lexeme{kind: name, quoted: true, text: sql[1 : length-1]}
			if first == "'" {
				l.kind = literal
			}
		case strings.Contains(digits, first):
			length = len(sql) - len(strings.TrimLeft(sql, digits+letters+"."))
			l = lexeme{kind: literal, text: sql[:length]}
		case strings.Contains(letters, first):
			length = len(sql) - len(strings.TrimLeft(sql, digits+letters))
			l = lexeme{kind: name, text: sql[:length]}
		case strings.Contains(signs, first):
			l = lexeme{text: first}
		default:
			return nil, false
		}
		out, sql = append(out, l), sql[length:]
	}
	return out, true
}

// quotedLength is the length of the text or name in quotes that sql begins with;
// 0 if it does not end, or has a quote in it, which is written as two.
func quotedLength(sql string) int {
	closing := sql[:1]
	if closing == "[" {
		closing = "]"
	}
	inside, rest, ok := strings.Cut(sql[1:], closing)
	if !ok || strings.HasPrefix(rest, closing) {
		return 0
	}
	return len(inside) + 2
}
