package httpapi

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/metrics"
	"github.com/hapta/hapta/server/seldom"
)

// listener hands out connections that are let in. It may be closed more than
// once, by fasthttp and by who stops it before fasthttp knows of it.
type listener struct {
	net.Listener
	connections *connections
	log         *slog.Logger
	counts      *metrics.Metrics
	closing     sync.Once
	err         error

	telling sync.WaitGroup
	tellers chan struct{} // one for each that is told at the same time

	exhausted, full seldom.Gate
}

const (
	maxTellers = 64
	// acceptPause is how long nobody is let in when the process may open nothing.
	acceptPause = 50 * time.Millisecond
)

func newListener(l net.Listener, all *connections, log *slog.Logger, counts *metrics.Metrics) *listener {
	return &listener{Listener: l, connections: all, log: log, counts: counts, tellers: make(chan struct{}, maxTellers)}
}

func (l *listener) Close() error {
	l.closing.Do(func() { l.err = l.Listener.Close() })
	return l.err
}

func (l *listener) Accept() (net.Conn, error) {
	for {
		accepted, err := l.Listener.Accept()
		switch {
		case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE): // fasthttp would stop for good
			if l.exhausted.Opens(time.Minute) {
				l.log.Error("no more connections can be opened: raise the limit of open files, or lower [admission] max_connections", "cause", err)
			}
			time.Sleep(acceptPause)
			continue
		case err != nil:
			return nil, err
		}
		c := newConn(accepted, l.connections)
		if l.connections.enter(c) {
			return c, nil
		}
		l.turnAway(c)
	}
}

// turnAway closes a connection that is one too many. Its client is told why, if
// that takes no handshake, and not too many are being told.
func (l *listener) turnAway(c *conn) {
	l.counts.ConnectionsRefused.Inc()
	if l.full.Opens(time.Minute) {
		l.log.Warn("connections are turned away: as many are open as [admission] allows, in all or from one address", "client", c.RemoteAddr().String())
	}
	if _, secure := c.Conn.(*tls.Conn); secure {
		c.drop()
		return
	}
	select {
	case l.tellers <- struct{}{}:
		l.telling.Go(func() {
			tell(c)
			<-l.tellers
		})
	default:
		c.drop()
	}
}

func tell(c *conn) {
	var ctx fasthttp.RequestCtx
	refuseUnread(&ctx, apierr.New(apierr.TooManyConnections))
	c.unread.Store(true)
	if c.Conn.SetWriteDeadline(time.Now().Add(lingerTime)) == nil {
		_, _ = ctx.Response.WriteTo(c.Conn) // the client may be gone
	}
	_ = c.Close()
}
