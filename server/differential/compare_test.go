package differential

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// incidental are headers that tell of the connection, the moment or the way.
// Content-Length is compared where the bodies are the same.
var incidental = []string{"Connection", "Content-Length", "Date", "Keep-Alive", "Transfer-Encoding", "X-Request-Id"}

// added are headers of Hapta's own, and what they say where PocketBase has none.
var added = map[string]*regexp.Regexp{
	"Access-Control-Expose-Headers": regexp.MustCompile(`^X-Request-Id,RateLimit,RateLimit-Policy,Retry-After,ETag,X-Hapta-Cache$`),
	"Cache-Control":                 regexp.MustCompile(`^private, no-cache$`),
	"Etag":                          regexp.MustCompile(`^"[\w-]{22}"$`),
	"X-Hapta-Cache":                 regexp.MustCompile(`^(hit|miss|stale|bypass)$`),
}

// differences are a line each.
func (p *pairs) differences(want, got answer) (out []string) {
	if want.status != got.status {
		out = append(out, fmt.Sprintf("status %d; want %d", got.status, want.status))
	}
	names := map[string]bool{}
	for _, h := range []map[string][]string{want.header, got.header} {
		for name := range h {
			names[name] = !slices.Contains(incidental, name)
		}
	}
	for name, words := range added {
		names[name] = names[name] && (want.header.Get(name) != "" || !words.MatchString(got.header.Get(name)))
	}
	w, g := want.header.Get("Content-Length"), got.header.Get("Content-Length")
	names["Content-Length"] = want.body == got.body && w != "" && g != ""
	for _, name := range slices.Sorted(maps.Keys(names)) {
		w, g := strings.Join(want.header.Values(name), ", "), strings.Join(got.header.Values(name), ", ")
		if name == "Vary" { // answers about records do by this, too
			g = strings.Replace(g, ", Authorization", "", 1)
		}
		if names[name] && !p.same(w, g) {
			out = append(out, fmt.Sprintf("%s: %q; want %q", name, g, w))
		}
	}
	return append(out, p.bodies(want.body, got.body)...)
}

// bodies compares JSON by its values, and anything else byte by byte.
func (p *pairs) bodies(want, got string) []string {
	w, wantErr := decoded(want)
	g, gotErr := decoded(got)
	if wantErr != nil || gotErr != nil {
		if !p.same(want, got) {
			return []string{fmt.Sprintf("body %.300q; want %.300q", got, want)}
		}
		return nil
	}
	return p.values("body", w, g)
}

func decoded(raw string) (v any, err error) {
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

func (p *pairs) values(at string, want, got any) (out []string) {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			break
		}
		keys := maps.Clone(w)
		maps.Copy(keys, g)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			wv, wanted := w[key]
			gv, given := g[key]
			if wanted != given {
				out = append(out, fmt.Sprintf("%s.%s: given %t; want %t", at, key, given, wanted))
				continue
			}
			out = append(out, p.values(at+"."+key, wv, gv)...)
		}
		return out
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			break
		}
		for i := range w {
			out = append(out, p.values(fmt.Sprintf("%s[%d]", at, i), w[i], g[i])...)
		}
		return out
	case string:
		if g, ok := got.(string); ok && p.same(w, g) {
			return nil
		}
	default:
		if want == got {
			return nil
		}
	}
	return []string{fmt.Sprintf("%s: %.200q; want %.200q", at, fmt.Sprint(got), fmt.Sprint(want))}
}
