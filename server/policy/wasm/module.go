package wasm

// Module is a module that Inspect found sound. It refers to the bytes given to
// Inspect, which must stay as they are while it is in use; it is never changed
// and may be used by several goroutines.
type Module struct {
	limits    Limits
	raw       [sectionIDs][]byte // payloads, nil where there is none
	customs   []custom
	types     []FuncType
	canonical []uint32 // by type index: the first type that is equal
	imports   []Import
	imported  []uint32   // type indices of the imports
	functions []function // defined ones
	table     *table
	memory    *Memory
	globals   []global
	exports   []Export
	elements  []uint32 // functions that the table holds, repeats included
	dataCount int      // of the data count section, -1 where there is none
	dataSeen  int
}

// Import is a function that the module wants from its host; nothing else may
// be imported.
type Import struct {
	Module, Name string
	Type         FuncType
}

// Export is what the module offers under a name.
type Export struct {
	Name  string
	Kind  Kind
	Index uint32   // among the things of its kind
	Type  FuncType // of a function
}

// Memory is the module's own memory, in pages of 64 KiB.
type Memory struct {
	Min, Max uint32
	HasMax   bool // Max is declared; otherwise it is zero
}

// global is a variable of the module itself.
type global struct {
	Index   uint32
	Type    ValueType
	Mutable bool
}

type custom struct {
	name string
	data []byte
}

type table struct {
	min, max uint32
	hasMax   bool
}

// Imports lists the imported functions in the module's order.
func (m *Module) Imports() []Import { return m.imports }

// Exports lists the exports in the module's order. No two share a name.
func (m *Module) Exports() []Export { return m.exports }

// Memory returns the module's memory, and false if it has none.
func (m *Module) Memory() (Memory, bool) {
	if m.memory == nil {
		return Memory{}, false
	}
	return *m.memory, true
}

// Custom returns the content of the first custom section of that name and how
// many of that name there are.
func (m *Module) Custom(name string) (data []byte, count int) {
	for _, c := range m.customs {
		if c.name != name {
			continue
		}
		if count == 0 {
			data = c.data
		}
		count++
	}
	return data, count
}

// functionType returns the type of a function by its index, imports first.
func (m *Module) functionType(index uint32) FuncType {
	return m.types[m.functionTypeIndex(index)]
}

func (m *Module) functionTypeIndex(index uint32) uint32 {
	if n := uint32(len(m.imported)); index >= n {
		return m.functions[index-n].typ
	}
	return m.imported[index]
}

func (m *Module) functionCount() uint32 {
	return uint32(len(m.imported) + len(m.functions))
}
