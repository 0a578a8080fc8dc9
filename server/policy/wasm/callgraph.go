package wasm

// The call stack is bounded without counting every call. A chain of calls that
// never repeats a function is as long as the module makes it, and known now;
// only calls within a cycle of functions that reach one another can make it
// longer. Those, and no others, are counted: a policy without recursion pays
// nothing. A call through the table may reach any function of that type in it;
// imported functions are taken to call nothing back.

// StackUnits is what the frames of one chain of calls may take together. It
// keeps the chain under 1,024 frames and, at about eight bytes a unit, in the
// order of half a MiB of the engine's stack.
const StackUnits = 1 << 16

// frameUnits estimates a function's part of the stack: what it declares, what
// waits, and a share for values that the compiler spills.
func frameUnits(locals, operands, instructions int) uint32 {
	return uint32(max(64, 16+locals+operands+instructions/4))
}

// callGraph has a node for each defined function, and after those one for each
// type that is called through the table.
type callGraph struct {
	functions int
	calls     [][]uint32
	weight    []uint32 // units of the largest frame that a call of the node adds
	component []uint32 // nodes of equal component reach one another
	deepest   uint32   // units of the longest chain without repetition
	tarjan
}

type tarjan struct {
	order, low []uint32
	open       []bool
	path       []uint32
	clock      uint32
	chain      []uint32 // by component: units of the longest chain from it
}

func (m *Module) callGraph() *callGraph {
	n := len(m.functions)
	g := &callGraph{functions: n, calls: make([][]uint32, n+len(m.types)), weight: make([]uint32, n+len(m.types))}
	for i := range m.functions {
		f := &m.functions[i]
		g.weight[i] = f.frame
		for _, mark := range f.marks {
			if mark.kind == markCall {
				g.calls[i] = append(g.calls[i], mark.arg)
			}
		}
	}
	seen := make(map[uint32]bool, len(m.elements))
	for _, index := range m.elements {
		if i := index - uint32(len(m.imported)); index >= uint32(len(m.imported)) && !seen[i] {
			seen[i] = true
			node := uint32(n) + m.canonical[m.functions[i].typ]
			g.calls[node] = append(g.calls[node], i)
			g.weight[node] = max(g.weight[node], m.functions[i].frame)
		}
	}
	g.findComponents()
	if g.deepest > StackUnits/2 {
		g.countAll()
	}
	return g
}

// counted tells whether a call from one node to another has to be counted.
func (g *callGraph) counted(from, to uint32) bool {
	return g.weight[to] > 0 && g.component[from] == g.component[to]
}

// countAll is for modules whose longest chain is more than the stack holds:
// they may still never go there, so every call is counted.
func (g *callGraph) countAll() {
	clear(g.component)
	g.deepest = 0
	for _, w := range g.weight {
		g.deepest = max(g.deepest, w)
	}
}

// findComponents is Tarjan's algorithm; it completes callees before callers,
// so that the longest chains can be added up on the way.
func (g *callGraph) findComponents() {
	n := len(g.calls)
	g.component = make([]uint32, n)
	g.tarjan = tarjan{order: make([]uint32, n), low: make([]uint32, n), open: make([]bool, n)}
	for node := range g.functions {
		if g.order[node] == 0 {
			g.visit(uint32(node))
		}
	}
}

func (g *callGraph) visit(node uint32) {
	g.clock++
	g.order[node], g.low[node] = g.clock, g.clock
	g.path = append(g.path, node)
	g.open[node] = true
	for _, callee := range g.calls[node] {
		if g.order[callee] == 0 {
			g.visit(callee)
			g.low[node] = min(g.low[node], g.low[callee])
		} else if g.open[callee] {
			g.low[node] = min(g.low[node], g.order[callee])
		}
	}
	if g.low[node] == g.order[node] {
		g.complete(node)
	}
}

func (g *callGraph) complete(root uint32) {
	id := uint32(len(g.chain))
	first := len(g.path) - 1
	for g.path[first] != root {
		first--
	}
	members := g.path[first:]
	g.path = g.path[:first]
	for _, node := range members {
		g.component[node] = id
		g.open[node] = false
	}
	var own, below uint32
	for _, node := range members {
		if int(node) < g.functions {
			own = max(own, g.weight[node])
		}
		for _, callee := range g.calls[node] {
			if g.component[callee] != id {
				below = max(below, g.chain[g.component[callee]])
			}
		}
	}
	g.chain = append(g.chain, own+below)
	g.deepest = max(g.deepest, own+below)
}
