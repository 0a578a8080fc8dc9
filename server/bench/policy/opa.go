package main

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/valyala/fastjson"
)

// opa evaluates a prepared query.
type opa struct {
	query               rego.PreparedEvalQuery
	parsers             parsers
	input, stored, body map[string]any // used again by every request
	options             []rego.EvalOption
	asking              bool
}

func newOPA(ctx context.Context, asking bool) (*opa, error) {
	query, err := rego.New(
		rego.Query("data.users.update"),
		rego.Module("users.rego", regoRule),
		rego.GenerateJSON(asItIs),
	).PrepareForEval(ctx)
	if err != nil {
		return nil, fmt.Errorf("preparing the query: %w", err)
	}
	o := &opa{query: query, asking: asking, stored: map[string]any{}, body: map[string]any{}}
	o.input = map[string]any{"stored": o.stored, "incoming": o.body}
	if asking { // as fast as it goes: without measuring itself, or a goroutine that could cancel it
		o.options = []rego.EvalOption{rego.EvalMetrics(metrics.NoOp()), rego.EvalExternalCancel(topdown.NewCancel())}
	}
	return o, nil
}

// asItIs saves the result's way into Go's values.
func asItIs(t *ast.Term, _ *rego.EvalContext) (any, error) { return t.Value, nil }

func (o *opa) signIn(caller *fastjson.Value) {
	o.input["caller"] = nil
	if caller != nil {
		o.input["caller"] = goValue(caller)
	}
}

func (o *opa) update(stored, body []byte) (answer, error) {
	s, b, err := o.parsers.parse(stored, body)
	if err != nil {
		return answer{}, err
	}
	fill(o.stored, s)
	fill(o.body, b)
	results, err := o.query.Eval(context.Background(), append(o.options, o.given())...)
	if err != nil {
		return answer{}, err
	}
	d := results[0].Expressions[0].Value.(ast.Object)
	return answer{regoText(d, codeKey), regoText(d, messageKey)}, nil
}

func (o *opa) given() rego.EvalOption {
	if o.asking {
		return rego.EvalParsedInput(ast.LazyObject(o.input))
	}
	return rego.EvalInput(o.input)
}

var codeKey, messageKey = ast.StringTerm("code"), ast.StringTerm("message")

func regoText(o ast.Object, key *ast.Term) string { return string(o.Get(key).Value.(ast.String)) }
