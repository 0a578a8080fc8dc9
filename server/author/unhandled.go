package author

import "github.com/hapta/hapta/server/policy"

// unhandled says what becomes of a question that the policy has no handler for;
// "" is one that it decides.
func unhandled(one *Case, p *policy.Policy) string {
	if p.Handles(one.operation) {
		return ""
	}
	return one.operation.String() + ` is not handled: left to PocketBase's rules, or refused with authority = "policy"`
}
