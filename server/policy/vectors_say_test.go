package policy

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/hapta/hapta/abi"
)

// saying is a vector as policies of an SDK say it.
type saying struct {
	*vector
	Lines []string
	want  trap     // that the last line ends in
	left  []string // what the SDK's public API cannot say, and why

	sdk      sdk
	policy   *source
	results  map[string]result // by the names that the vector gives them
	verdict  string            // to be returned at the end
	selected map[int]bool      // records of the page
	indent   string            // of what is said of one of them
}

// result is a variable, and what it holds: value, record, records, caller, incoming or node.
type result struct{ variable, kind string }

// unsaid is why an SDK does not say something.
type unsaid string

func (u unsaid) Error() string { return string(u) }

const (
	unsaidID       unsaid = "handles, conditions and ids are the SDK's own"
	unsaidMemory   unsaid = "addresses and sizes are the SDK's own"
	unsaidUTF8     unsaid = "what the SDK passes is UTF-8"
	unsaidCall     unsaid = "the SDK does this itself"
	unsaidHere     unsaid = "what the handler is given has nothing for it"
	unsaidIncoming unsaid = "only the incoming fields have it, and they are there"
	unsaidTurn     unsaid = "records are judged in their order, each by itself"
	unsaidSecond   unsaid = "a handler returns one verdict"
	unsaidVerdict  unsaid = "no such verdict can be made"
	unsaidMessage  unsaid = "the SDK cuts messages after 1,000 bytes"
	unsaidBoolean  unsaid = "a boolean is true or false"
)

// say says what the SDK can say of a vector: no lines when that shows nothing.
func (p *source) say(v *vector) *saying {
	s := &saying{vector: v, sdk: p.sdk, policy: p, results: map[string]result{}, verdict: "allow()", selected: map[int]bool{}}
	for i, step := range v.Steps {
		err := s.step(i, step)
		if err == nil {
			continue
		}
		if !step.isQuestion() {
			return s.none(err)
		}
		s.left = append(s.left, fmt.Sprintf("%s, step %d (%s): %v", v.Name, i, step.Do, err))
	}
	if len(s.left) > 0 && len(s.left) == len(v.Steps) {
		return s.none(unsaid("nothing is left of it"))
	}
	s.add(fmt.Sprintf(s.sdk.words().last, s.verdict))
	return s
}

func (s *saying) none(why error) *saying {
	s.Lines, s.left = nil, []string{s.Name + ": " + why.Error()}
	return s
}

func (s *saying) add(line string) { s.Lines = append(s.Lines, s.indent+line) }

// isQuestion tells that nothing depends on the step.
func (s step) isQuestion() bool {
	return (s.Is != nil || s.Reads != nil || s.Writes != nil) && s.To == "" && !s.Traps
}

func (s *saying) step(i int, st step) error {
	if st.Traps {
		s.want = trap{abi.FaultInvalid, st.Do + ": "}
	}
	switch {
	case st.Do == "select" && s.Phase == "page":
		return s.turnTo(int(st.Args[0].(float64)))
	case s.Phase == "page" && s.indent == "":
		return unsaidTurn
	case st.Do == "verdict":
		return s.decide(i, st)
	}
	expression, kind, err := s.call(st)
	if err != nil {
		return err
	}
	return s.put(i, st, expression, kind)
}

// put makes lines of a host call.
func (s *saying) put(i int, st step, expression, kind string) error {
	w := s.sdk.words()
	if st.To != "" {
		variable := fmt.Sprintf("v%d", i)
		s.results[st.To] = result{variable, kind}
		s.add(fmt.Sprintf(w.bind, variable, expression))
		return nil
	}
	if !st.isQuestion() {
		statement := w.drop
		if f, _ := abi.FunctionNamed(st.Do); f.Result == abi.None {
			statement = "%s;"
		}
		s.add(fmt.Sprintf(statement, expression))
		return nil
	}
	wrong, err := s.sdk.wrong(st, expression)
	if err != nil {
		return err
	}
	s.add(fmt.Sprintf(w.when, wrong))
	s.add(w.indent + fmt.Sprintf(w.fail, w.text(fmt.Sprintf("step %d (%s)", i, st.Do))))
	s.add("}")
	return nil
}

// turnTo begins with a record of the page, known by its id. SDKs turn to each
// record once, in their order.
func (s *saying) turnTo(index int) error {
	if s.indent != "" || s.selected[index] || index >= len(s.Page) {
		return unsaidTurn
	}
	s.selected[index] = true
	clear(s.results)
	s.add(fmt.Sprintf(s.sdk.words().ofRecord, s.sdk.words().text(idOf(s.Page[index]))))
	s.indent = s.sdk.words().indent
	return nil
}

// decide makes the verdict. Of a record of a page it is returned at once; else what
// comes after it comes before it is returned.
func (s *saying) decide(i int, st step) error {
	verdict, err := s.made(st)
	switch {
	case err != nil:
		return err
	case s.verdict != "allow()":
		return unsaidSecond
	case s.indent != "":
		s.add("return " + verdict + ";")
		s.indent = ""
		s.add("}")
	case i < len(s.Steps)-1:
		s.verdict = "verdict"
		s.add(fmt.Sprintf(s.sdk.words().bind, s.verdict, verdict))
	default:
		s.verdict = verdict
	}
	return nil
}

// made is the verdict of a step.
func (s *saying) made(st step) (string, error) {
	message, err := s.message(st.Args[3:])
	if err != nil {
		return "", err
	}
	code := ""
	switch a := st.Args[1].(type) {
	case map[string]any:
		code = a["code"].(string)
	case float64:
		if a != 0 {
			code = "undeclared"
		}
	}
	return s.sdk.verdict(s, abi.Verdict(st.Args[0].(float64)), code, int(st.Args[2].(float64)), message)
}

// message is a text that a verdict tells.
func (s *saying) message(args []any) (string, error) {
	if len(args) == 2 {
		if args[1].(float64) > abi.MaxMessage {
			return "", unsaidMessage
		}
		return "", nil
	}
	return textOfArgument(args[0].(map[string]any))
}

// Argument is what the handler calls what it is given.
func (s *saying) Argument() string {
	if slices.ContainsFunc(s.Lines, argument.MatchString) {
		return "c"
	}
	return "_"
}

var argument = regexp.MustCompile(`\bc\b`)

func idOf(record json.RawMessage) string {
	var r struct{ ID string }
	if err := json.Unmarshal(record, &r); err != nil {
		panic(err)
	}
	return r.ID
}
