package policy

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hapta/hapta/abi"
)

// Fault is any outcome of a call but a verdict. It refuses what was asked.
type Fault struct {
	Code    string // abi.FaultTrapped, FaultOutOfFuel, FaultOutOfMemory or FaultInvalid
	Policy  string
	Version string
	Detail  string // for the log; never for a client
	Fuel    int64  // that the call used
}

func (f *Fault) Error() string {
	return fmt.Sprintf("policy %s (version %s): %s: %s", f.Policy, f.Version, f.Code, f.Detail)
}

// misuse is what a host function panics with when the guest breaks the ABI.
type misuse struct{ detail string }

func (m *misuse) Error() string { return m.detail }

// surrender is what a host function panics with when the guest gives up by
// itself, by env.abort or panic.
type surrender struct{ detail string }

func (s *surrender) Error() string { return s.detail }

// errSpent is what a host function panics with when its work exceeds the fuel.
var errSpent = errors.New("the call's fuel was spent")

// fault tells what ended a call in err. What was spent or refused counts more
// than what the guest did next.
func (i *instance) fault(err error) *Fault {
	var wrong *misuse
	var given *surrender
	switch {
	case i.outOfFuel():
		return i.policy.fault(abi.FaultOutOfFuel, fmt.Sprintf("the call did more work than its %d units of fuel allow", i.policy.limits.Fuel))
	case errors.As(err, &wrong):
		return i.policy.fault(abi.FaultInvalid, wrong.detail)
	case i.memoryRefused():
		return i.policy.fault(abi.FaultOutOfMemory, fmt.Sprintf("the call asked for more than %d bytes of memory", i.policy.limits.MemoryBytes))
	case i.tooDeep():
		return i.policy.fault(abi.FaultTrapped, "functions call each other too deeply")
	case errors.As(err, &given):
		return i.policy.fault(abi.FaultTrapped, given.detail)
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return i.policy.fault(abi.FaultTrapped, strings.TrimPrefix(first, "wasm error: "))
}

func (p *Policy) fault(code, detail string) *Fault {
	return &Fault{Code: code, Policy: p.name, Version: p.version, Detail: detail}
}
