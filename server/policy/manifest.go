package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hapta/hapta/abi"
)

// Manifest is what a policy declares of itself (abi/SPEC.md, section 4).
type Manifest struct {
	Name         string
	Operations   []abi.Operation
	Codes        []string // every code that a verdict may carry
	Writes       []string // fields that effects may set
	Masks        []string // fields that a call may mask
	AlwaysMasked []string // fields that are masked with no call
	Public       []string // fields that everyone may see
	Relations    []string // relations to fetch before a call
	Caller       []string // fields of the caller that the policy reads
	Drops        bool     // it leaves records out of lists
	Fuel         int64    // the most that a call is to have; 0: what the engine gives
	Memory       int64    // the most bytes that an instance is to have; 0: what the engine gives
}

// Bounds of a manifest. Lists of names share the ABI's bound for codes.
const (
	maxManifest = 64 << 10 // bytes
	maxNames    = abi.MaxCodes
)

var (
	policyName = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)
	fieldName  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	codeName   = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
)

// nature are the fields that every record has and no policy changes.
var nature = []string{"id", "collectionId", "collectionName"}

func parseManifest(section []byte) (*Manifest, error) {
	if len(section) > maxManifest {
		return nil, fmt.Errorf("it has %d bytes; at most %d are allowed", len(section), maxManifest)
	}
	if !utf8.Valid(section) {
		return nil, errors.New("it is not UTF-8")
	}
	if err := refuseRepeatedKeys(section); err != nil {
		return nil, err
	}
	var raw struct {
		Name         string   `json:"name"`
		Operations   []string `json:"operations"`
		Codes        []string `json:"codes"`
		Writes       []string `json:"writes"`
		Masks        []string `json:"masks"`
		AlwaysMasked []string `json:"always_masked"`
		Public       []string `json:"public"`
		Relations    []string `json:"relations"`
		Caller       []string `json:"caller"`
		Drops        bool     `json:"drops"`
		Fuel         *int64   `json:"fuel"`
		Memory       *int64   `json:"memory"`
	}
	d := json.NewDecoder(bytes.NewReader(section))
	d.DisallowUnknownFields()
	err := d.Decode(&raw)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return nil, fmt.Errorf("it is not the JSON object that is expected: %s is a %s", wrong.Field, wrong.Value)
	}
	if err != nil {
		return nil, fmt.Errorf("it is not the JSON object that is expected: %w", err)
	}
	m := &Manifest{
		Name: raw.Name, Codes: raw.Codes, Writes: raw.Writes, Masks: raw.Masks, AlwaysMasked: raw.AlwaysMasked,
		Public: raw.Public, Relations: raw.Relations, Caller: raw.Caller, Drops: raw.Drops,
	}
	if err := errors.Join(atLeast(1, "fuel", raw.Fuel, &m.Fuel), atLeast(pageSize, "memory", raw.Memory, &m.Memory)); err != nil {
		return nil, err
	}
	for _, name := range raw.Operations {
		o, known := abi.OperationNamed(name)
		if !known {
			return nil, fmt.Errorf("there is no operation %q", name)
		}
		if slices.Contains(m.Operations, o) {
			return nil, fmt.Errorf("the operation %q is named twice", name)
		}
		m.Operations = append(m.Operations, o)
	}
	return m, m.validate()
}

func atLeast(least int64, key string, asked, limit *int64) error {
	if asked == nil {
		return nil
	}
	if *asked < least {
		return fmt.Errorf("%s: %d is less than %d", key, *asked, least)
	}
	*limit = *asked
	return nil
}

// within are the limits that hold: the lower ones of both.
func (m *Manifest) within(l Limits) Limits {
	if m.Fuel > 0 {
		l.Fuel = min(l.Fuel, m.Fuel)
	}
	if m.Memory > 0 {
		l.MemoryBytes = uint32(min(int64(l.MemoryBytes), m.Memory))
	}
	return l
}

func (m *Manifest) validate() error {
	if !policyName.MatchString(m.Name) {
		return fmt.Errorf("the name %q is not 1 to 64 letters, digits, _, . or -", m.Name)
	}
	if len(m.Operations) == 0 {
		return errors.New("it names no operation, so the policy would never be asked")
	}
	for _, l := range []struct {
		key   string
		names []string
		form  *regexp.Regexp
	}{
		{"codes", m.Codes, codeName}, {"writes", m.Writes, fieldName}, {"masks", m.Masks, fieldName},
		{"always_masked", m.AlwaysMasked, fieldName}, {"public", m.Public, fieldName},
		{"relations", m.Relations, fieldName}, {"caller", m.Caller, fieldName},
	} {
		if err := validNames(l.names, l.form); err != nil {
			return fmt.Errorf("%s: %w", l.key, err)
		}
	}
	for _, code := range m.Codes {
		if strings.HasPrefix(code, "policy_") {
			return fmt.Errorf("codes: %q: codes that begin with policy_ are the host's own", code)
		}
	}
	masked := slices.Concat(m.Masks, m.AlwaysMasked)
	for _, name := range nature {
		if slices.Contains(m.Writes, name) || slices.Contains(masked, name) {
			return fmt.Errorf("%q can be neither written nor masked", name)
		}
	}
	for _, name := range m.Public {
		if slices.Contains(masked, name) {
			return fmt.Errorf("%q cannot be both public and masked", name)
		}
	}
	return nil
}

func validNames(names []string, form *regexp.Regexp) error {
	if len(names) > maxNames {
		return fmt.Errorf("there are %d; at most %d are allowed", len(names), maxNames)
	}
	for i, name := range names {
		if len(name) > abi.MaxNameLength || !form.MatchString(name) {
			return fmt.Errorf("%q does not have the form of a name (%s)", name, form)
		}
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("%q is named twice", name)
		}
	}
	return nil
}

// refuseRepeatedKeys reads the section token by token: encoding/json keeps the
// last of repeated keys and takes keys in any case, and other readers of a
// manifest may not.
func refuseRepeatedKeys(section []byte) error {
	d := json.NewDecoder(bytes.NewReader(section))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.New("it is not a JSON object")
	}
	var seen []string
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return fmt.Errorf("it is not JSON: %w", err)
		}
		key, _ := t.(string)
		if key != strings.ToLower(key) {
			return fmt.Errorf("unknown key %q", key)
		}
		if slices.Contains(seen, key) {
			return fmt.Errorf("the key %q is there twice", key)
		}
		seen = append(seen, key)
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			return fmt.Errorf("it is not JSON: %w", err)
		}
		if string(skipped) == "null" {
			return fmt.Errorf("%s is null; leave it out", key)
		}
	}
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("it is not JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is something after the JSON object")
	}
	return nil
}
