package policy

import (
	"time"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
)

// Input is what a policy may read. Its JSON values belong to the call while it
// lasts: fastjson unescapes them in place. Nil values are absent.
type Input struct {
	Operation abi.Operation
	Reason    abi.Reason
	Now       time.Time

	Caller, Session, Request, Query, Headers *fastjson.Value // objects

	Stored   *Record // view, update and delete
	Incoming []Field // create and update, in schema order

	Budget *Budget // of the request that asks; nil when there is none
	// Varies is set once a call asks for what is another for each request: session,
	// request, headers or time; or writes to the log. What was decided without that hangs
	// on caller, query and records alone. Nil: nobody wants to know.
	Varies *bool

	Trace func(line string) // told each host call; nil: none is
}

// Record is a stored record with what its declared relations point at: a
// record, or a list of records.
type Record struct {
	Value     *fastjson.Value
	Relations map[string]*fastjson.Value
	Withheld  []string // fields that Value lacks, though the record may have them
}

// Field is one that is to be written, under its base name, with the value that
// results from its modifier.
type Field struct {
	Name     string
	Modifier abi.Modifier
	Value    *fastjson.Value
}
