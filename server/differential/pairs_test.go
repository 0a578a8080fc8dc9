package differential

import (
	"fmt"
	"maps"
	"regexp"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// pairs are the generated values of a PocketBase and those that stand for them
// behind a Hapta: wherever the one comes again, the other has to.
type pairs struct {
	began       time.Time
	known       map[string]bool // values that nobody generated
	forth, back map[string]string
}

func newPairs() *pairs {
	return &pairs{time.Now().Add(-time.Second), maps.Clone(data.known), map[string]string{}, map[string]string{}}
}

var (
	word      = regexp.MustCompile(`[\w-]+`)
	generated = regexp.MustCompile(`^([a-z0-9]{15}|[\w-]{30}|[\w-]{40}|[\w-]{43}|-{0,2}[0-9a-f]{60}-{0,2})$`)
	upload    = regexp.MustCompile(`^(.*?)(_[a-z0-9]{10})+$`)
)

// same tells whether texts are equal but for words that were generated.
func (p *pairs) same(want, got string) bool {
	if want == got || p.justNow(want) && p.justNow(got) || p.sameToken(want, got) {
		return true
	}
	w, g := word.FindAllString(want, -1), word.FindAllString(got, -1)
	if len(w) != len(g) || word.ReplaceAllString(want, "") != word.ReplaceAllString(got, "") {
		return false
	}
	for i := range w {
		if w[i] != g[i] && !p.generated(w[i], g[i]) {
			return false
		}
	}
	return true
}

func (p *pairs) generated(want, got string) bool {
	if p.known[want] || p.known[got] {
		return false
	}
	w, g := upload.FindStringSubmatch(want), upload.FindStringSubmatch(got)
	file := w != nil && g != nil && w[1] == g[1]
	if file || len(want) == len(got) && generated.MatchString(want) && generated.MatchString(got) {
		return p.pair(want, got)
	}
	return false
}

func (p *pairs) pair(want, got string) bool {
	if _, met := p.forth[want]; !met && p.back[got] == "" {
		p.forth[want], p.back[got] = got, want
	}
	return p.forth[want] == got && p.back[got] == want
}

// justNow tells whether a text is a moment since these tests began.
func (p *pairs) justNow(text string) bool {
	for _, layout := range []string{"2006-01-02 15:04:05.000Z", time.RFC1123} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.After(p.began)
		}
	}
	return false
}

// sameToken tells whether both are tokens that say the same of whom they are
// for. Hapta's tokens for files name their session instead.
func (p *pairs) sameToken(want, got string) bool {
	var claims [2]jwt.MapClaims
	for i, token := range []string{want, got} {
		if _, _, err := jwt.NewParser().ParseUnverified(token, &claims[i]); err != nil {
			return false
		}
	}
	for _, name := range []string{"id", "collectionId", "refreshable"} {
		if claims[0]["type"] != "file" && !p.same(fmt.Sprint(claims[0][name]), fmt.Sprint(claims[1][name])) {
			return false
		}
	}
	return claims[0]["type"] == claims[1]["type"]
}
