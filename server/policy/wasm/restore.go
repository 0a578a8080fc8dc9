package wasm

// A call may leave its globals with any value, and setting them back one by one
// from outside costs more than the call. So each mutable global gets a twin that
// nothing else can reach, and the module two functions: one lets the twins
// remember, the other puts back what they remember.

// restored are the module's own mutable globals, which have a twin each. The
// twins come behind the host's globals.
func (w *rewriter) restored(do func(g global, twin uint32)) {
	twin := w.to + 1
	for _, g := range w.module.globals {
		if g.Mutable {
			do(g, twin)
			twin++
		}
	}
}

// keep is the body of the function that remembers.
func (w *rewriter) keep() []byte {
	out := []byte{0} // no locals
	w.restored(func(g global, twin uint32) {
		out = withIndex(out, opGlobalGet, g.Index)
		out = withIndex(out, opGlobalSet, twin)
	})
	return append(out, opEnd)
}

// restore is the body of the function that puts back, and begins to note
// writes and refusals anew.
func (w *rewriter) restore() []byte {
	out := []byte{0}
	w.restored(func(g global, twin uint32) {
		out = withIndex(out, opGlobalGet, twin)
		out = withIndex(out, opGlobalSet, g.Index)
	})
	reset := func(global uint32, value int64) {
		out = appendSigned(append(out, opI32Const), value)
		out = withIndex(out, opGlobalSet, global)
	}
	reset(w.refused, 0)
	reset(w.from, -1)
	reset(w.to, 0)
	return append(out, opEnd)
}
