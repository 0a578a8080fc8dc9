package differential

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// difference is an answer of Hapta's own that is meant to differ.
type difference struct {
	cases  []string // names, or how names begin, with a * behind
	answer string   // status and, for an error of Hapta's, its code
	why    string
}

// differences are all there are. The first one that covers a case counts.
var differences = []difference{
	{[]string{"not for clients: GET /_/"}, "200", "the links in mails lead to a page of Hapta's own"},
	{[]string{"not for clients: *"}, "404", "what is superusers' alone is not there for clients"},

	{[]string{"not plain: *"}, "400 bad_path", "a path has to mean the same to every reader before it is decided about"},
	{[]string{"encoded route: *"}, "404", "a route is written plainly; names and ids in it may be encoded"},
	{[]string{"a fragment"}, "400 bad_path", "no client sends a fragment, and PocketBase takes it for a part of the path"},
	{[]string{"HEAD /api/realtime"}, "404", "it would hold a stream open that nobody reads"},

	{[]string{"batch, strictly: with a key twice*"}, "400 duplicate_field", readOneWay},
	{[]string{"batch, strictly: a file for nothing"}, "400 upload_not_judged", "a file has to belong to a member"},
	{[]string{"batch: in _superusers"}, "400", "superusers are not there for clients"},
	{[]string{"batch, strictly: *"}, "400 bad_body", readOneWay},

	{[]string{"unread topics: *"}, "400 bad_body", "topics are a list of texts, in forms too"},
	{[]string{"subscribe with a key twice*"}, "400 duplicate_field", readOneWay},
	{[]string{"subscribe with blank", `subscribe as type 2 "APPLICATION/JSON"`}, "400", "it is read as an empty body and as JSON, which PocketBase gives up on"},
	{[]string{
		"subscribe with NaN", "subscribe with bad *", "subscribe with byte order mark", "subscribe with control character", "subscribe with deep", "subscribe with half *", "subscribe with no quotes",
		"subscribe with only a brace", "subscribe with surrogates swapped", "subscribe with too deep", "subscribe with trailing *", "subscribe with two objects",
		"subscribe as type 3 *", "subscribe as type 4 *", "subscribe as type 5 *", "subscribe as type 6 *", "subscribe as type 7 *", "subscribe as type 8 *", "subscribe as type 9 *",
		"subscribe as type 10 *", "subscribe as type 11 *", "subscribe as type 13 *", "subscribe as type 14 *", "subscribe as type 15 *", "subscribe as type 16 *",
	}, "400 bad_body", readOneWay},

	{[]string{"form with a broken query"}, "200", "what can be read of a query is sent on, where PocketBase takes no form"},
}

const readOneWay = "what it holds is decided about one by one, so it has to be read in one way"

func (d difference) covers(name string) bool {
	return slices.ContainsFunc(d.cases, func(c string) bool {
		start, open := strings.CutSuffix(c, "*")
		return name == c || open && strings.HasPrefix(name, start)
	})
}

func listed(name string) *difference {
	if i := slices.IndexFunc(differences, func(d difference) bool { return d.covers(name) }); i >= 0 {
		return &differences[i]
	}
	return nil
}

// Every difference that is listed is about a case that there is.
func TestDifferencesAreCases(t *testing.T) {
	count := 0
	unused := map[string]bool{}
	for _, d := range differences {
		for _, c := range d.cases {
			unused[c] = true
		}
	}
	for _, requests := range themes {
		for _, r := range requests() {
			count++
			for c := range unused {
				if (difference{cases: []string{c}}).covers(r.name) {
					delete(unused, c)
				}
			}
		}
	}
	for c := range unused {
		t.Errorf("no case is %q", c)
	}
	t.Logf("%d cases", count)
}

// brief is the status, and the code of an error of Hapta's own.
func (a answer) brief() string {
	var shape struct {
		Data struct{ Hapta struct{ Code string } }
	}
	_ = json.Unmarshal([]byte(a.body), &shape) // other answers have no code
	return strings.TrimSpace(fmt.Sprint(a.status, " ", shape.Data.Hapta.Code))
}

// judge compares what differs with what is listed.
func (th *theme) judge(name string, h *side, want, got answer, found []string) {
	th.Helper()
	d := listed(name)
	switch {
	case d == nil && len(found) > 0:
		th.Errorf("%s\n%s differs:\n\t%s", name, h.name, strings.Join(found, "\n\t"))
	case d != nil && len(found) == 0:
		th.Errorf("%s\n%s does not differ any more; it is listed because %s", name, h.name, d.why)
	case d != nil && got.brief() != d.answer:
		th.Errorf("%s\n%s answers %s; it is listed as %s: %s\nwant %d %.300s\ngot %d %.300s", name, h.name, got.brief(), d.answer, d.why,
			want.status, want.body, got.status, got.body)
	}
}
