package session

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// lines is a log in memory.
type lines struct{ bytes.Buffer }

func (l *lines) logger() *slog.Logger { return slog.New(slog.NewTextHandler(&l.Buffer, nil)) }

// model is the contract of rolling keys in as few words as it can be said.
type model struct {
	newest, confirmed int
	rolled            time.Time
	revoked           bool
}

type held struct {
	token      string
	generation int
	issued     time.Time // to the second, as tokens say it
}

// use is what the model makes of a token that is shown.
func (m *model) use(h held, grace time.Duration) error {
	switch {
	case m.revoked:
		return ErrGone
	case h.generation < m.confirmed:
		m.revoked = true
		return ErrStolen
	case h.generation > m.confirmed && time.Since(h.issued.Add(time.Second)) >= grace:
		m.confirmed = h.generation
	}
	return nil
}

// refresh is the generation of the token that a refresh answers.
func (m *model) refresh(h held, after time.Duration) int {
	if h.generation == m.newest && (m.newest == 0 || time.Since(m.rolled) >= after) {
		m.newest++
		m.rolled = time.Now()
	}
	return m.newest
}

// Any interleaving of two who hold copies of a token ends as the model says. What
// neither can find is a thief who refreshes each time between the owner's refresh
// and its confirmation: that looks as one whose answer was lost.
func TestModel(t *testing.T) {
	for seed := range uint64(80) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			lived(t, func(t *testing.T, c *client) { interleave(t, c, rand.New(rand.NewPCG(seed, 1))) })
		})
	}
}

func interleave(t *testing.T, c *client, random *rand.Rand) {
	c.rules.RotateAfter = []time.Duration{0, 0, 10 * time.Second}[random.IntN(3)]
	m := &model{}
	first := held{c.token, 0, time.Now().Truncate(time.Second)}
	parties := []held{first, first}
	for step := range 60 {
		p := &parties[random.IntN(len(parties))]
		want := m.use(*p, c.rules.Grace)
		s, generation, err := c.Identify(t.Context(), c.rules, p.token)
		if !errors.Is(err, want) || err == nil && (int(generation) != p.generation || int(s.Confirmed) != m.confirmed || int(s.Generation) != m.newest) {
			t.Fatalf("step %d: %v, %d of %d-%d; the model says %v, %d of %d-%d", step, err, generation, s.Confirmed, s.Generation, want, p.generation, m.confirmed, m.newest)
		}
		if want != nil {
			return
		}
		if random.IntN(2) == 0 {
			generation := m.refresh(*p, c.rules.RotateAfter)
			answer := held{c.with(p.token).asks(), generation, time.Now().Truncate(time.Second)}
			if random.IntN(4) > 0 { // or it is lost
				*p = answer
			}
		}
		if random.IntN(8) == 0 { // the file is what counts, not memory
			c.memory.forget(s.ID)
		}
		time.Sleep([]time.Duration{0, time.Second, 7 * time.Second, 20 * time.Second, 31 * time.Second, 5 * time.Minute}[random.IntN(6)])
	}
}

// One owner alone, in two tabs that share what they keep, with answers lost and
// requests overtaken by later ones for as long as half of the grace, is never signed
// out.
func TestHonestClientsStay(t *testing.T) {
	for seed := range uint64(25) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			lived(t, func(t *testing.T, c *client) { honest(t, c, rand.New(rand.NewPCG(seed, 2))) })
		})
	}
}

func honest(t *testing.T, c *client, random *rand.Rand) {
	type arrival struct {
		at    time.Time
		token string
		saves bool // a refresh, whose answer is kept
	}
	var under []arrival
	for range 200 {
		late := time.Duration(random.Int64N(int64(c.rules.Grace / 2)))
		under = append(under, arrival{time.Now().Add(late), c.token, random.IntN(3) == 0})
		slices.SortFunc(under, func(a, b arrival) int { return a.at.Compare(b.at) }) // some overtake others
		time.Sleep(time.Duration(random.Int64N(int64(20 * time.Second))))
		for len(under) > 0 && (random.IntN(2) == 0 || !time.Now().Before(under[0].at)) {
			one := under[0]
			under = under[1:]
			time.Sleep(time.Until(one.at))
			sent := c.with(one.token)
			sent.uses(nil)
			if one.saves {
				if answer := sent.asks(); random.IntN(3) > 0 {
					c.token = answer
				}
			}
		}
	}
}
