package wasm

import "fmt"

// sectionID is the first byte of a section.
type sectionID byte

const (
	sectionCustom sectionID = iota
	sectionType
	sectionImport
	sectionFunction
	sectionTable
	sectionMemory
	sectionGlobal
	sectionExport
	sectionStart
	sectionElement
	sectionCode
	sectionData
	sectionDataCount
	sectionTag
	sectionIDs
)

// sectionOrder is the order in which sections must come, which is not the
// order of their numbers: tags and the data count were added later.
var sectionOrder = [...]sectionID{
	sectionType, sectionImport, sectionFunction, sectionTable, sectionMemory, sectionTag, sectionGlobal,
	sectionExport, sectionStart, sectionElement, sectionDataCount, sectionCode, sectionData,
}

const header = "\x00asm\x01\x00\x00\x00"

// Inspect reads and validates a whole module. Its errors are sentences for the
// author of the module: they say what is wrong and, where there is one, the
// way out. It takes memory in proportion to len(b) only.
func Inspect(b []byte, lim Limits) (*Module, error) {
	if len(b) > lim.ModuleBytes {
		return nil, fmt.Errorf("the module has %d bytes; policies may have at most %d", len(b), lim.ModuleBytes)
	}
	if len(b) < len(header) || string(b[:4]) != header[:4] {
		return nil, fmt.Errorf("this is not a WebAssembly module: it does not begin with \\0asm")
	}
	if string(b[4:8]) != header[4:] {
		return nil, fmt.Errorf("this is no WebAssembly module of version 1; components have to be built as core modules")
	}
	m := &Module{limits: lim, dataCount: -1}
	r := &reader{data: b, at: len(header), what: "module"}
	rank := -1
	for !r.done() {
		rank = m.section(r, rank)
	}
	if r.err == nil {
		m.whole(r)
	}
	if r.err != nil {
		return nil, r.err
	}
	return m, nil
}

// section reads one section and returns its place in the order.
func (m *Module) section(r *reader, before int) int {
	id := sectionID(r.byte())
	s := r.sub(r.u32(), sectionNames[min(id, sectionIDs)])
	if id == sectionCustom {
		m.readCustom(s)
		r.err = s.err
		return before
	}
	rank := before + 1
	for rank < len(sectionOrder) && sectionOrder[rank] != id {
		rank++
	}
	if rank == len(sectionOrder) {
		s.malformed("the section is unknown, repeated or out of order (id %d)", id)
	}
	if s.err == nil {
		m.raw[id] = s.data
		sectionReaders[id](m, s)
		if s.err == nil && s.at != len(s.data) {
			s.malformed("%d bytes are left over", len(s.data)-s.at)
		}
	}
	r.err = s.err
	return rank
}

var sectionNames = [sectionIDs + 1]string{
	"custom section", "type section", "import section", "function section", "table section", "memory section",
	"global section", "export section", "start section", "element section", "code section", "data section",
	"data count section", "tag section", "unknown section",
}

var sectionReaders = [sectionIDs]func(*Module, *reader){
	sectionType:      (*Module).readTypes,
	sectionImport:    (*Module).readImports,
	sectionFunction:  (*Module).readFunctions,
	sectionTable:     (*Module).readTable,
	sectionMemory:    (*Module).readMemory,
	sectionTag:       (*Module).refuseTags,
	sectionGlobal:    (*Module).readGlobals,
	sectionExport:    (*Module).readExports,
	sectionStart:     (*Module).refuseStart,
	sectionElement:   (*Module).readElements,
	sectionDataCount: (*Module).readDataCount,
	sectionCode:      (*Module).readCode,
	sectionData:      (*Module).readData,
}

// whole checks what only the end of the module can tell.
func (m *Module) whole(r *reader) {
	if m.raw[sectionCode] == nil && len(m.functions) > 0 {
		r.malformed("%d functions are declared and none has a body", len(m.functions))
	}
	if m.dataCount >= 0 && m.dataCount != m.dataSeen {
		r.malformed("%d data segments are announced and %d are there", m.dataCount, m.dataSeen)
	}
}

func (m *Module) readCustom(r *reader) {
	name := r.name()
	if len(m.customs) == m.limits.CustomSections {
		r.refuse("the module has more than %d custom sections", m.limits.CustomSections)
	}
	if r.err == nil {
		m.customs = append(m.customs, custom{name: name, data: r.data[r.at:]})
	}
}

func (m *Module) refuseTags(r *reader) {
	r.refuse("the module declares exception tags, which policies may not use: build it without the exception-handling feature")
}

// refuseStart is there because a start function runs while the module is
// instantiated, before the host could give it fuel; hapta_init does the same
// under a budget.
func (m *Module) refuseStart(r *reader) {
	r.refuse("the module has a start function, which policies may not have: export it as hapta_init instead (AssemblyScript: --exportStart hapta_init)")
}
