package author

import (
	"context"
	"errors"
	"io"

	"github.com/hapta/hapta/server/policy"
)

// Tools are the author's tools for the policies of one folder.
type Tools struct {
	Engine   *policy.Engine // as the server's
	Dir      string
	Out, Err io.Writer
}

// New returns tools that write what can be shown on a terminal.
func New(engine *policy.Engine, dir string, out, err io.Writer) *Tools {
	return &Tools{Engine: engine, Dir: dir, Out: terminal{out}, Err: terminal{err}}
}

// load compiles the policy's module. It has to be retired.
func (t *Tools) load(ctx context.Context, u unit) (*policy.Policy, error) {
	module, err := readFile(u.module())
	if err != nil {
		return nil, mistake("the policy cannot be read: %v; compile its source first", err)
	}
	t.warnOfSource(u)
	p, err := t.Engine.Load(ctx, u.name(), module)
	var wrong *policy.LoadError
	if errors.As(err, &wrong) {
		return nil, mistake("%s: %v", u.module(), wrong.Err)
	}
	return p, err
}

// cases reads what the policy is held to.
func (t *Tools) cases(u unit) (*Cases, error) {
	text, err := readFile(u.cases())
	if err != nil {
		return nil, mistake("the cases cannot be read: %v; what they look like: hapta-server policy test --help", err)
	}
	c, err := parseCases(u.cases(), u.name(), text)
	if err != nil {
		return nil, err
	}
	return c, c.know(u)
}
