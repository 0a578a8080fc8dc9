package policy

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sdks say the vectors, each at least so many.
var sdks = []struct {
	sdk
	least int
}{{typeScript{}, 85}, {rust{}, 81}}

const saidFolder = "testdata/vectors"

// said are the policies that say the vectors, those of each SDK.
func said(t *testing.T, by sdk) (list []*source) {
	t.Helper()
	for _, f := range vectorFiles(t) {
		list = append(list, sourceOf(f, by))
	}
	return list
}

// The modules belong to these sources; build.sh sees to that. What an SDK cannot
// say is listed beside them.
func TestVectorsAreSaid(t *testing.T) {
	var left []string
	for _, by := range sdks {
		count := 0
		for _, p := range said(t, by.sdk) {
			text, err := p.text()
			if err != nil {
				t.Fatal(err)
			}
			sameAsFile(t, p.name()+by.words().extension, text)
			left = append(left, p.left...)
			count += len(p.Said)
		}
		if count < by.least {
			t.Errorf("%s says %d vectors; it used to say %d", by.words().name, count, by.least)
		}
	}
	slices.Sort(left)
	sameAsFile(t, "unsaid.txt", strings.Join(left, "\n")+"\n")
}

func sameAsFile(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(saidFolder, name)
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if committed, err := os.ReadFile(path); err != nil || string(committed) != text {
		t.Errorf("%s is not what the vectors give (%v): go test ./server/policy -run TestVectorsAreSaid -update, then build the policies", path, err)
	}
}

// Vectors come out the same when policies say them, written with either SDK.
func TestConformanceOfSDKs(t *testing.T) {
	for _, by := range sdks {
		t.Run(by.words().name, func(t *testing.T) {
			policies := said(t, by.sdk)
			f := func(t *testing.T, e *Engine) {
				e.limits.Fuel *= 8 // for a text that is too long, which policies make
				for _, p := range policies {
					p.run(t, e)
				}
			}
			onBoth(t, f)
			t.Run("remembering", func(t *testing.T) { f(t, NewEngine(testLimits)) })
		})
	}
}

// run loads the policy anew before a question, which the clock is, has more answers
// than are remembered.
func (p *source) run(t *testing.T, e *Engine) {
	module, err := os.ReadFile(filepath.Join(saidFolder, p.name()+".wasm"))
	if err != nil {
		t.Fatal(err)
	}
	number := 0
	for some := range slices.Chunk(p.Said, maxAnswers) {
		policy := loadModule(t, e, module)
		for _, s := range some {
			s.number = number
			number++
			t.Run(s.Name, func(t *testing.T) { s.checkAgain(t, policy, s.want) })
		}
	}
}
