package gateway

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"
	"time"
)

// logged are the lines of the log with a message, made by what do does.
func (w *world) logged(message string, do func()) (lines []map[string]any) {
	w.Helper()
	var written bytes.Buffer
	before := w.log
	w.log = slog.New(slog.NewJSONHandler(&written, nil))
	defer func() { w.log = before }()
	do()
	for line := range bytes.Lines(written.Bytes()) {
		var l map[string]any
		if err := json.Unmarshal(line, &l); err != nil {
			w.Fatalf("%v in %s", err, line)
		}
		if l["msg"] == message {
			lines = append(lines, l)
		}
	}
	return lines
}

// A record that the policy fails on is named in the log, with what it cost.
func TestFailureOnOneRecordIsLogged(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "script"}, byRules())
	w.record("notes", map[string]any{"title": "fine"})
	poison := w.record("notes", map[string]any{"title": "poison"})
	lines := w.logged("the policy failed on one record, which is left out", func() {
		if titles := w.ask(ask{op: list, collection: "notes"}).is(200, "").titles(); titles != "fine" {
			t.Errorf("shown are %s", titles)
		}
	})
	if len(lines) != 1 {
		t.Fatalf("the log says it %d times", len(lines))
	}
	line := lines[0]
	if line["record"] != poison.Id || line["code"] != "policy_trapped" || line["policy"] != "script" || line["collection"] != "notes" || line["cause"] == nil {
		t.Errorf("the line is %v", line)
	}
	if fuel, ok := line["fuel"].(float64); !ok || fuel <= 0 {
		t.Errorf("fuel is %v", line["fuel"])
	}
	withUnit(t, line)
}

// A page of poisoned records does not fill the log.
func TestFailuresOfOneRequestAreLoggedInFewLines(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "script"}, byRules())
	for range 20 {
		w.record("notes", map[string]any{"title": "poison"})
	}
	for message, want := range map[string]int{"the policy failed on one record, which is left out": 5, "the policy failed on more records of this request, which are left out, too": 1} {
		if lines := w.logged(message, func() { w.ask(ask{op: list, collection: "notes"}).is(200, "") }); len(lines) != want {
			t.Errorf("the log says %q %d times", message, len(lines))
		}
	}
}

func TestRefusalsAreLoggedWithTheirDuration(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "script"}, byRules())
	for message, do := range map[string]string{
		"refused by policy": "list:refuse", "hidden by policy": "list:hide",
		"the policy failed, so the request is refused": "list:trap",
	} {
		lines := w.logged(message, func() { w.ask(ask{op: list, collection: "notes", query: "do=" + do}) })
		if len(lines) != 1 {
			t.Fatalf("%s: the log says it %d times", do, len(lines))
		}
		withUnit(t, lines[0])
	}
}

func withUnit(t *testing.T, line map[string]any) {
	t.Helper()
	text, _ := line["duration"].(string)
	if d, err := time.ParseDuration(text); err != nil || d <= 0 {
		t.Errorf("the duration of %q is %v", line["msg"], line["duration"])
	}
}

// A closed collection has a cause where something is wrong with its policy's
// file, and none where there is no file.
func TestClosedCollectionIsLogged(t *testing.T) {
	w := newWorld(t)
	f := func(policies map[string]string, code string, hasCause bool) {
		t.Helper()
		w.use(policies, byRules(), "notes")
		lines := w.logged("refused: the collection is closed", func() { w.ask(ask{op: list, collection: "notes"}).is(403, code) })
		if len(lines) != 1 || lines[0]["code"] != code {
			t.Fatalf("the log says %v", lines)
		}
		if _, ok := lines[0]["cause"]; ok != hasCause {
			t.Errorf("%s: the cause is %v", code, lines[0]["cause"])
		}
	}
	f(nil, "policy_missing", false)
	f(map[string]string{"notes": ""}, "policy_not_loaded", true)
}
