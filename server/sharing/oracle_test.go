package sharing

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/hapta/hapta/server/pocketbase"
)

var (
	silent = regexp.MustCompile(`"[^"]*"|'[^']*'|//[^\n]*`) // what stands in texts and remarks
	marked = regexp.MustCompile(`@[\w.:]*`)
)

// atMost is whom a rule may let share at most, by its bare text.
func atMost(rule string) Reach {
	most := Everyone
	for _, name := range marked.FindAllString(silent.ReplaceAllString(rule, "''"), -1) {
		switch {
		case strings.HasPrefix(name, "@collection."):
		case strings.HasPrefix(name, "@request.auth."):
			most = min(most, Identity)
		default:
			return Nobody
		}
	}
	return most
}

func holds(t *testing.T, r *Rules, c *pocketbase.Collection, rule string) (got Sharing, most Reach) {
	t.Helper()
	got, most = r.rule(c, &rule), atMost(rule)
	if got.Reach > most {
		t.Errorf("%s is shared by %s; names allow for %s", rule, got.Reach, most)
	}
	return got, most
}

// Rules by chance are never shared by more than their text allows, and hardly ever
// by less.
func TestNoRuleReachesFurtherThanItsText(t *testing.T) {
	g, r := generator{rand.New(rand.NewPCG(1, 1))}, New(db.Schema())
	const all = 5000
	less := map[Reach]int{}
	for range all {
		c := g.collection()
		rule := g.filter(c, false)
		if got, most := holds(t, r, c, rule); got.Reach < most && !strings.Contains(rule, "strftime") {
			less[most]++
			t.Logf("%s: %s", c.Name, rule)
		}
		if t.Failed() {
			return
		}
	}
	if len(less) > 0 {
		t.Errorf("too few share: %v of %d", less, all)
	}
}

func FuzzRule(f *testing.F) {
	for _, rule := range []string{
		`a = 1`, `(author.name = '@now' && @request.auth.id != "")`, `geoDistance(place.lon, @request.query.x, 1, 2) < 3`,
		`@collection.teams:x.name ?= title // '`, `strftime('%Y', published) > @year`,
	} {
		f.Add(rule)
	}
	r, posts := New(db.Schema()), db.Schema().Find("posts")
	f.Fuzz(func(t *testing.T, rule string) {
		if rule != "" {
			holds(t, r, posts, rule)
		}
	})
}
