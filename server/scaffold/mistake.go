package scaffold

import "fmt"

// mistake is one of whoever writes a policy: exit status 2.
type mistake struct{ error }

func (mistake) ExitCode() int   { return 2 }
func (m mistake) Unwrap() error { return m.error }

func mistaken(format string, args ...any) error { return mistake{fmt.Errorf(format, args...)} }
