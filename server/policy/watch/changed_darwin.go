package watch

import (
	"io/fs"
	"syscall"
)

// changed is when the file's content or state changed last, by the system's own
// account: unlike the time of modification, nobody can set it back.
func changed(info fs.FileInfo) syscall.Timespec {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Ctimespec
	}
	return syscall.Timespec{}
}
