package gateway

import (
	"errors"
	"fmt"
	"log/slog"
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
	code := op.logFault(op.logger(), "the policy failed, so the request is refused", err)
	e := apierr.Caused(code, err)
	if op.snapshot.Settings.Explain {
		e.Detail, e.Trace = err.Error(), op.trace
	}
	return e
}

// logFault says in the log why there was no decision, and returns its code.
func (op *operation) logFault(log *slog.Logger, what string, err error) apierr.Code {
	code, fuel := apierr.PolicyInvalid, int64(0)
	var f *policy.Fault
	if errors.As(err, &f) {
		code, fuel = apierr.Code(f.Code), f.Fuel
	}
	log.Error(what, "policy", op.policy.Name(), "version", op.policy.Version(),
		"code", code, "fuel", fuel, "duration", op.sinceAsked(), "cause", err)
	return code
}

// sinceAsked is how long ago the policy was asked, with its unit: in a JSON log
// a time.Duration is a bare number.
func (op *operation) sinceAsked() string { return time.Since(op.asked).String() }

// invalid is the fault of a policy that asks for what cannot be.
func (op *operation) invalid(format string, args ...any) error {
	return op.fault(&policy.Fault{
		Code: string(apierr.PolicyInvalid), Policy: op.policy.Name(), Version: op.policy.Version(),
		Detail: fmt.Sprintf(format, args...),
	})
}
