package gateway

import (
	"fmt"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hapta/hapta/server/apierr"
)

// secret is one value that a caller may not learn. It is planted as one of two
// texts, and every answer has to be the same for both.
type secret struct {
	name       string
	plant      func(w *world, value string)
	one, two   string
	ways       []way
	guests     bool                  // ask as a guest as well
	isReadable func(w *world) string // as whoever may read it: proves that planting shows
}

// way is a request that might tell a secret.
type way struct {
	ask
	by func(w *world, p *Passage, q ask) answer // nil: an operation on records
}

func (q way) String() string {
	return fmt.Sprintf("%v %s/%s?%s %v %s %v", q.op, q.collection, q.id, q.query, q.body, q.form, q.header)
}

// setting is who decides about what while the ways are tried.
type setting struct {
	name     string
	policies map[string]string
	Settings
}

var everyPolicy = map[string]string{"letters": "letters", "replies": "replies", "users": "people"}

// settings are those in which letters have their policy.
var settings = []setting{
	{"by rules", everyPolicy, byRules()},
	{"by policy", everyPolicy, alone("letters", "replies", "users")},
	{"letters by policy, the rest open", map[string]string{"letters": "letters"}, alone("letters")},
	{"replies by policy, letters by rules", map[string]string{"letters": "letters", "replies": "replies"}, alone("replies")},
}

// tryAll asks each way with either text planted, as another user and, in the first
// two settings, as a guest where guests are to ask, and wants no difference.
func tryAll(t *testing.T, settings []setting, secrets []secret) {
	ways, asked := map[string]bool{}, 0
	for i, s := range settings {
		t.Run(s.name, func(t *testing.T) {
			w := newWorld(t)
			token := w.correspondence()
			w.use(s.policies, s.Settings)
			for _, secret := range secrets {
				secret.ways = sampled(secret.ways)
				secret.plant(w, secret.one)
				one := secret.isReadable(w)
				secret.plant(w, secret.two)
				if two := secret.isReadable(w); one == two {
					t.Errorf("%s is planted in vain: %s", secret.name, one)
				}
				callers := []string{token}
				if i < 2 && secret.guests {
					callers = append(callers, "")
				}
				for _, caller := range callers {
					w.try(secret, caller)
				}
				for _, q := range secret.ways {
					ways[q.String()] = true
				}
				asked += 2 * len(callers) * len(secret.ways)
			}
		})
	}
	t.Logf("%d ways, %d requests", len(ways), asked)
}

// sampled are all ways, or a quarter under the race detector, which looks for other
// things: build.sh runs the suite without it as well.
func sampled(ways []way) (some []way) {
	for i, q := range ways {
		if !underRace || i%4 == 0 {
			some = append(some, q)
		}
	}
	return some
}

// try looks for a difference that one caller sees.
func (w *world) try(s secret, token string) {
	w.Helper()
	one, two := w.answers(s, s.one, token), w.answers(s, s.two, token)
	for i, q := range s.ways {
		if one[i] != two[i] {
			w.Errorf("%s is told to %.3q by %s\n%s\n%s", s.name, token, q, one[i], two[i])
		}
		if strings.Contains(one[i], marker) && !strings.Contains(q.String(), marker) {
			w.Errorf("%s stands in the answer to %.3q and %s\n%s", s.name, token, q, one[i])
		}
	}
}

// marker is in the texts of secrets that have one.
const marker = "hush"

func (w *world) answers(s secret, value, token string) []string {
	w.Helper()
	out := make([]string, len(s.ways))
	s.plant(w, value)
	for i, q := range s.ways {
		q.token = token
		out[i] = w.put(q)
		if q.op != list && q.op != view {
			w.forgetNew()
			s.plant(w, value)
		}
	}
	return out
}

// put asks, and returns all that the client gets, but for what differs each time.
// PocketBase slows down who filters in vain, by their address.
func (w *world) put(q way) string {
	w.Helper()
	p := w.passage(q.ask)
	p.Client = netip.AddrPortFrom(nextAddress(), 1)
	var a answer
	if q.by != nil {
		a = q.by(w, p, q.ask)
	} else {
		a = w.read(w.Serve(w.Context(), &Request{Passage: *p, Operation: q.op, Collection: q.collection, RecordID: q.id}))
	}
	if a.status >= http.StatusInternalServerError {
		w.Errorf("%s ends with %d %s", q, a.status, a.body)
	}
	var header []string
	for name, values := range a.header {
		header = append(header, fmt.Sprint(name, values))
	}
	slices.Sort(header)
	return fmt.Sprintln(a.status, different.ReplaceAllString(a.body, "…"), header)
}

// different is what no two answers have alike: tokens, and when a user was changed.
var different = regexp.MustCompile(`eyJ[\w.-]+|"updated":"[^"]*"`)

var lastAddress = netip.MustParseAddr("10.0.0.1")

func nextAddress() netip.Addr {
	lastAddress = lastAddress.Next()
	return lastAddress
}

const created = "new000000000000" // id of what the ways create

func (w *world) forgetNew() {
	w.Helper()
	for _, table := range []string{"letters", "replies", "users"} {
		if _, err := app.DB().NewQuery("DELETE FROM " + table + " WHERE id LIKE 'new%'").Execute(); err != nil {
			w.Fatal(err)
		}
	}
}

// batched sends an operation as the one member of a batch.
func batched(w *world, p *Passage, q ask) answer {
	path := q.collection + "/records"
	if q.id != "" {
		path += "/" + q.id
	}
	body, _ := q.body.(map[string]any)
	batch := w.passage(ask{token: q.token, body: requests(storing(methods[q.op], path+"?"+q.query, body))})
	batch.Client = p.Client
	return w.read(w.Batch(w.Context(), batch, false))
}

// stateOf is a whole record as a superuser reads it.
func stateOf(collection, id string) func(w *world) string {
	return func(w *world) string {
		raw, _, err := reader(w.askNow).readStored(w.Context(), collection, id)
		if err != nil && apierr.From(err).Status != http.StatusNotFound {
			w.Fatal(err)
		}
		return string(raw)
	}
}

// What is withheld from nobody is told, so the suite would see it.
func TestTheSuiteSeesWhatIsTold(t *testing.T) {
	w := newWorld(t)
	w.correspondence()
	w.use(nil, byRules())
	s := secret{plant: func(w *world, value string) { w.set("letters", shown, "m_text", value) }}
	s.ways = slices.Concat(named(true, "letters", "m_text", "", `"hush"`), asked("letters", shown, "m_text", `"hush"`), left("letters", shown, "m_text"),
		crossed(true, "m_text", `"hush"`), expandedWith("m_text"), written("m_text"))
	one, two, told := w.answers(s, "hush", ""), w.answers(s, "loud", ""), 0
	for i := range s.ways {
		if one[i] != two[i] {
			told++
		}
	}
	if told < len(s.ways)/3 {
		t.Errorf("%d of %d ways tell what is open; the suite proves little", told, len(s.ways))
	}
}
