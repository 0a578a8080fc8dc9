package cache

// Outcome is how an answer came about.
type Outcome uint8

// An answer made of several is what comes last of theirs.
const (
	None   Outcome = iota // nothing was read
	Hit                   // kept from before
	Miss                  // read from the database, for whoever else asks for it now and later too
	Bypass                // read from the database, for nobody else
	Stale                 // kept from before, and the database could not be asked whether it still holds
)

func (o Outcome) String() string { return [...]string{"", "hit", "miss", "bypass", "stale"}[o] }
