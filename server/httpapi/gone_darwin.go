package httpapi

import "golang.org/x/sys/unix"

// hangUps are the events of a socket whose other side has closed.
const hangUps = unix.POLLHUP
