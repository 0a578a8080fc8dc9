package differential

import (
	"net"
	"net/textproto"
	"strings"
)

// takeMails is a mail server that takes everything and keeps nothing, so that
// PocketBase's mails are sent and reach nobody.
func takeMails() (net.Listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed
			}
			go takeMail(textproto.NewConn(c))
		}
	}()
	return l, nil
}

// takeMail speaks as much of SMTP (RFC 5321) as its client asks for.
func takeMail(c *textproto.Conn) {
	defer func() { _ = c.Close() }()
	err := c.PrintfLine("220 ready")
	for err == nil {
		var line string
		if line, err = c.ReadLine(); err != nil {
			return
		}
		switch verb, _, _ := strings.Cut(line, " "); strings.ToUpper(verb) {
		case "DATA":
			if err = c.PrintfLine("354 go on"); err == nil {
				_, err = c.ReadDotBytes()
			}
		case "QUIT":
			_ = c.PrintfLine("221 bye")
			return
		}
		if err == nil {
			err = c.PrintfLine("250 ok")
		}
	}
}
