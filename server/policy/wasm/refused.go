package wasm

import "fmt"

// refusal says what an instruction is and how to do without it.
type refusal struct{ name, remedy string }

const (
	fixedTable   = "the table has to stay as it is; build without the reference-types feature"
	noReferences = "build without the reference-types and gc features"
	noExceptions = "build without the exception-handling feature"
	noTailCalls  = "build without the tail-call feature"
	fixedData    = "data segments have to stay for the next call; use memory.init without it"
)

var refusedInstructions = map[byte]refusal{
	0x06: {"try", noExceptions},
	0x07: {"catch", noExceptions},
	0x08: {"throw", noExceptions},
	0x09: {"rethrow", noExceptions},
	0x0a: {"throw_ref", noExceptions},
	0x18: {"delegate", noExceptions},
	0x19: {"catch_all", noExceptions},
	0x1f: {"try_table", noExceptions},
	0x12: {"return_call", noTailCalls},
	0x13: {"return_call_indirect", noTailCalls},
	0x14: {"call_ref", noReferences},
	0x15: {"return_call_ref", noTailCalls},
	0x25: {"table.get", fixedTable},
	0x26: {"table.set", fixedTable},
	0xd0: {"ref.null", noReferences},
	0xd1: {"ref.is_null", noReferences},
	0xd2: {"ref.func", noReferences},
	0xd3: {"ref.eq", noReferences},
	0xd4: {"ref.as_non_null", noReferences},
	0xd5: {"br_on_null", noReferences},
	0xd6: {"br_on_non_null", noReferences},
	0xfb: {"garbage-collected references", noReferences},
	0xfd: {"SIMD", "build without the simd128 feature"},
	0xfe: {"atomic operations", "build without the threads feature"},
}

var refusedMisc = map[byte]refusal{
	9:  {"data.drop", fixedData},
	12: {"table.init", fixedTable},
	13: {"elem.drop", fixedTable},
	14: {"table.copy", fixedTable},
	15: {"table.grow", fixedTable},
	16: {"table.size", fixedTable},
	17: {"table.fill", fixedTable},
}

func (f refusal) sentence(function string) error {
	return fmt.Errorf("%s uses %s, which policies may not use: %s", function, f.name, f.remedy)
}
