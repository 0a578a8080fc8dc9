package policy

import (
	"errors"
	"slices"
)

// ErrWithheld is the error of a call that turns on what was withheld of a record:
// it has to be made again with all of it. It is never a policy's fault.
var ErrWithheld = errors.New("the policy asks for what was withheld of the record")

// AsksForWithheld tells whether the policy has asked for what was withheld of a
// record, so that it does better to be given all of it at once.
func (p *Policy) AsksForWithheld() bool { return p.asksForWithheld.Load() }

// needField ends the call when a field that is not there was withheld.
func (v *value) needField(name string) {
	if v.record != nil && slices.Contains(v.record.Withheld, name) {
		panic(ErrWithheld)
	}
}

// needWhole ends the call when anything of the record was withheld.
func (v *value) needWhole() {
	if v.record != nil && len(v.record.Withheld) > 0 {
		panic(ErrWithheld)
	}
}
