package gateway

import (
	"errors"
	"fmt"
	"time"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/policy"
)

// failed is the error of a call that came to no decision, if there is one. That
// it has to be made again is not for the client.
func (op *operation) failed(err error) error {
	if err == nil || errors.Is(err, policy.ErrWithheld) {
		return err
	}
	return op.fault(err)
}

// fault is the refusal for a policy that did not come to a decision. The
// author's details go to the log; the client sees them in development alone.
func (op *operation) fault(err error) error {
	code, fuel := apierr.PolicyInvalid, int64(0)
	var f *policy.Fault
	if errors.As(err, &f) {
		code, fuel = apierr.Code(f.Code), f.Fuel
	}
	op.logger().Error("the policy failed, so the request is refused",
		"policy", op.policy.Name(), "version", op.policy.Version(), "code", code, "fuel", fuel, "duration", time.Since(op.asked), "cause", err)
	e := apierr.Caused(code, err)
	if op.snapshot.Settings.Explain {
		e.Detail, e.Trace = err.Error(), op.trace
	}
	return e
}

// invalid is the fault of a policy that asks for what cannot be.
func (op *operation) invalid(format string, args ...any) error {
	return op.fault(&policy.Fault{
		Code: string(apierr.PolicyInvalid), Policy: op.policy.Name(), Version: op.policy.Version(),
		Detail: fmt.Sprintf(format, args...),
	})
}
