package httpapi

import (
	"net"

	"golang.org/x/sys/unix"
)

// maxUnsent is how much of an answer waits in the kernel, in bytes, until its
// client can take it. Without a bound that is megabytes a client that takes
// nothing, and one that takes little makes no progress for minutes that could be
// seen from here.
const maxUnsent = 64 << 10

func limitUnsent(c net.Conn) {
	if raw, err := rawSocket(c); err == nil {
		_ = raw.Control(func(fd uintptr) { // it only saves memory
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, maxUnsent)
		})
	}
}
