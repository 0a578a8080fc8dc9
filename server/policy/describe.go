package policy

import "github.com/hapta/hapta/abi"

// Limits are those that bound its calls.
func (p *Policy) Limits() Limits { return p.limits }

// Memory is how many bytes an instance has when a call begins.
func (p *Policy) Memory() int { return len(p.snapshot) }

// Imports are the host functions that the module imports, by name.
func (p *Policy) Imports() []string {
	var names []string
	for _, name := range p.code.imports {
		names = append(names, abi.Module+"."+name)
	}
	if p.code.abort {
		names = append(names, "env.abort")
	}
	return names
}

// Exports are the functions that the host calls, in the order of the ABI.
func (p *Policy) Exports() []string {
	var names []string
	offered := p.compiled.ExportedFunctions()
	for _, e := range abi.Exports {
		if offered[e.Name] != nil {
			names = append(names, e.Name)
		}
	}
	return names
}

// JudgesPages reports whether the module judges many records in one call, and so
// in another function than one record.
func (p *Policy) JudgesPages() bool { return p.code.page }

// Used is the fuel that its calls have used.
func (b *Budget) Used() int64 { return b.used }
