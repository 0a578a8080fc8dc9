package author

import "fmt"

// Mistake is something to be mended before anything can be run.
type Mistake struct{ text string }

func (m *Mistake) Error() string { return m.text }

// ExitCode is the exit status that it ends the process with.
func (*Mistake) ExitCode() int { return 2 }

func mistake(format string, args ...any) error { return &Mistake{fmt.Sprintf(format, args...)} }
