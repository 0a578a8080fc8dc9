package policy

import (
	"encoding/json"

	"github.com/hapta/hapta/abi"
)

// Decision is what a policy decided.
type Decision struct {
	Verdict abi.Verdict
	Code    string // of the manifest; "" when an allowing or hiding verdict gave none
	Message string // for the client, at most abi.MaxMessage bytes
	Status  int    // 400 to 499; 0 on allow
	Fuel    int64  // that the call used; of Page, the call that judged the record with others

	Effects []Effect // of Before, when it allows
	Masks   []string // of Record and Page, when it allows
	Err     error    // set when there was no verdict: then the refusal is the host's. Of Page: a *Fault that befell this record alone
}

// Effect is a field that the policy writes, or takes out of what is written.
type Effect struct {
	Name  string
	Unset bool
	Value json.RawMessage // unless Unset
}
