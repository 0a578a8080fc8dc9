package sharing

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
)

// told counts what was seen; alone are views that depend on no other row of their
// collection.
type told struct{ everyone, identity, nobody, differ, vary, alone int }

// What PocketBase answers to requests by chance, under rules by chance, is shared
// by no more callers than have the same answer, and depends on no more records
// than is said. HAPTA_RULES=1000 go test ./server/sharing -run AnswersAre tries more.
func TestAnswersAreSharedAsSaid(t *testing.T) {
	w := newWorld(t, generator{rand.New(rand.NewPCG(2, 3))})
	rounds := 60
	if underRace {
		rounds = 10
	}
	if more, err := strconv.Atoi(os.Getenv("HAPTA_RULES")); err == nil {
		rounds = more
	}
	var seen told
	for range rounds {
		r := w.rule()
		for range 5 {
			a := w.request()
			a.said = r.Of(a.request)
			w.ask(a, &seen)
			if a.said.Reach != Nobody {
				w.disturb(a)
			}
			if t.Failed() {
				return
			}
		}
	}
	t.Logf("%+v", seen)
	if underRace { // too few to expect anything of
		return
	}
	if seen.everyone < rounds/2 || seen.identity < rounds/2 || seen.differ < rounds/4 || seen.alone < rounds/2 || seen.vary == 0 {
		t.Errorf("the requests by chance show too little: %+v", seen)
	}
}

func (w *world) ask(a *asked, seen *told) {
	w.Helper()
	differ, vary := false, false
	for _, by := range a.callers {
		once, twice := w.answer(a.path, a.query, by, false), w.answer(a.path, a.query, by, true)
		a.answers = append(a.answers, once)
		differ, vary = differ || once != a.answers[0], vary || once != twice
	}
	if vary && a.said.Reach != Nobody || differ && a.said.Reach == Everyone {
		w.Errorf("%s is said to be shared by %s", a, a.said.Reach)
	}
	seen.count(a, differ, vary)
}

func (seen *told) count(a *asked, differ, vary bool) {
	reach := a.said.Reach
	for what, is := range map[*int]bool{
		&seen.everyone: reach == Everyone, &seen.identity: reach == Identity, &seen.nobody: reach == Nobody,
		&seen.differ: differ, &seen.vary: vary,
		&seen.alone: a.request.View && !slices.Contains(a.said.Collections, a.request.Collection.Id),
	} {
		if is {
			*what++
		}
	}
}

// disturb changes or adds a record in each collection of which no row may count, one
// beside the viewed record in its own. The answer stays as it was, but for the caller
// whose own record that is.
func (w *world) disturb(a *asked) {
	w.Helper()
	for _, name := range writable {
		record := pick(w.generator, w.record(name), w.other(name, a.viewed))
		if slices.Contains(a.said.Collections, record.Collection().Id) {
			continue
		}
		isNew := record.IsNew()
		w.change(record)
		for i, by := range a.callers {
			was := a.answers[i]
			a.answers[i] = w.answer(a.path, a.query, by, false)
			if was != a.answers[i] && !(a.said.Reach == Identity && by.is(record)) {
				w.Errorf("%s has changed with a record of %s, and was:\n%s", a, name, was)
			}
		}
		if isNew {
			if err := app.Delete(record); err != nil {
				w.Fatal(err)
			}
		}
	}
}
