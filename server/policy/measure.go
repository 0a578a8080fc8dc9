package policy

// Forget has every call run by the guest, also when what it would come to is
// known. Its only use is to measure and to test. It is to be called before the
// first Load.
func (e *Engine) Forget() { e.forgets = true }

// Unbound leaves out what bounds a call's work. Its only use is to measure what
// that costs; a server must not run such policies. It is to be called before the
// first Load.
func (e *Engine) Unbound() { e.unbound = true }
