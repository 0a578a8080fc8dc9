//go:build !linux && !darwin

package httpapi

import "net"

func limitUnsent(net.Conn) {}
