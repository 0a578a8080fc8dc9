package apierr

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Error is an answer that ends a request. Cause is for the log alone.
type Error struct {
	Status  int
	Message string        // PocketBase's own field: one sentence
	Code    Code          // empty for errors that are PocketBase's own
	Detail  string        // what data.hapta.message says; Message when empty
	Trace   []string      // what a policy asked, in development alone
	Wait    time.Duration // how long until it may be tried again; 0: not said
	Cause   error
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s (%d %s): %v", e.Message, e.Status, e.Code, e.Cause)
	}
	return fmt.Sprintf("%s (%d %s)", e.Message, e.Status, e.Code)
}

func (e *Error) Unwrap() error { return e.Cause }

// New is the code's own answer.
func New(code Code) *Error {
	t := table[code]
	return &Error{Status: t.status, Message: t.message, Code: code}
}

// Detailed is the code's answer with a sentence that tells the client more.
func Detailed(code Code, format string, args ...any) *Error {
	e := New(code)
	e.Detail = fmt.Sprintf(format, args...)
	return e
}

// Caused is the code's answer with a cause that only the log sees.
func Caused(code Code, cause error) *Error {
	e := New(code)
	e.Cause = cause
	return e
}

// Wait is the code's answer to who comes too soon.
func Wait(code Code, wait time.Duration) *Error {
	e := New(code)
	e.Wait = wait
	return e
}

// Refused is what a policy decided, with the code and message of its author.
func Refused(status int, code, message string) *Error {
	if code == "" {
		code = string(PolicyRefused)
	}
	return &Error{Status: status, Message: table[PolicyRefused].message, Code: Code(code), Detail: message}
}

// NotFound is PocketBase's own answer for what does not exist, without a code,
// so that hidden and missing things look the same.
func NotFound() *Error {
	return &Error{Status: http.StatusNotFound, Message: "The requested resource wasn't found."}
}

// From finds the *Error in err, or wraps err as an internal one.
func From(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return Caused(Internal, err)
}

// JSON is the error in PocketBase's shape.
func (e *Error) JSON() []byte {
	type hapta struct {
		Code    Code     `json:"code"`
		Message string   `json:"message"`
		Trace   []string `json:"trace,omitempty"`
	}
	body := struct {
		Data    map[string]hapta `json:"data"`
		Message string           `json:"message"`
		Status  int              `json:"status"`
	}{map[string]hapta{}, e.Message, e.Status}
	if e.Code != "" {
		detail := e.Detail
		if detail == "" {
			detail = e.Message
		}
		body.Data["hapta"] = hapta{e.Code, detail, e.Trace}
	}
	out, err := json.Marshal(body)
	if err != nil { // strings and a number always encode
		panic(err)
	}
	return out
}
