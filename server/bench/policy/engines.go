package main

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/hapta/hapta/server/policy"
)

var (
	//go:embed rules/users_rust.wasm
	rustRule []byte
	//go:embed rules/users_assemblyscript.wasm
	assemblyScriptRule []byte
	//go:embed rules/users.cedar
	cedarRule []byte
	//go:embed rules/users.rego
	regoRule string
	//go:embed rules/users.js
	jsRule string
)

// labelled is an engine as the table calls it.
type labelled struct {
	label string
	engine
}

// The engines in the table's order. Hapta's are there as a server runs them, with
// every call run by the guest, and without the bound on that. Of the peers there are two each: one is handed
// all values, as its documentation shows; the other takes them as it asks, by the
// fastest way that its interface has for that. Hapta's policies always ask.
const (
	byHandRow = iota
	rustRow
	assemblyScriptRow
	rustAnewRow
	assemblyScriptAnewRow
	rustUnboundRow
	assemblyScriptUnboundRow
	cedarRow
	cedarAskingRow
	opaRow
	opaAskingRow
	gojaRow
	gojaAskingRow
)

func allEngines(ctx context.Context) ([]labelled, error) {
	var all []labelled
	anew, unbound := (*policy.Engine).Forget, (*policy.Engine).Unbound
	rust := func(without ...func(*policy.Engine)) func() (engine, error) {
		return func() (engine, error) { return newHapta(ctx, "users_rust", rustRule, without...) }
	}
	script := func(without ...func(*policy.Engine)) func() (engine, error) {
		return func() (engine, error) { return newHapta(ctx, "users_assemblyscript", assemblyScriptRule, without...) }
	}
	for _, each := range []struct {
		label string
		make  func() (engine, error)
	}{
		byHandRow:                {"Go by hand over fastjson", func() (engine, error) { return &byHand{}, nil }},
		rustRow:                  {"Hapta, rule in Rust", rust()},
		assemblyScriptRow:        {"Hapta, rule in AssemblyScript", script()},
		rustAnewRow:              {"Hapta, Rust, nothing remembered", rust(anew)},
		assemblyScriptAnewRow:    {"Hapta, AssemblyScript, likewise", script(anew)},
		rustUnboundRow:           {"Hapta, Rust, and nothing bounded", rust(anew, unbound)},
		assemblyScriptUnboundRow: {"Hapta, AssemblyScript, likewise", script(anew, unbound)},
		cedarRow:                 {"cedar-go, both entities made", func() (engine, error) { return newCedar(false) }},
		cedarAskingRow:           {"cedar-go, entities as it asks", func() (engine, error) { return newCedar(true) }},
		opaRow:                   {"OPA, prepared query, EvalInput", func() (engine, error) { return newOPA(ctx, false) }},
		opaAskingRow:             {"OPA, prepared query, LazyObject", func() (engine, error) { return newOPA(ctx, true) }},
		gojaRow:                  {"goja, JSON.parse", func() (engine, error) { return newGoja(false) }},
		gojaAskingRow:            {"goja, DynamicObject over fastjson", func() (engine, error) { return newGoja(true) }},
	} {
		e, err := each.make()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", each.label, err)
		}
		all = append(all, labelled{each.label, e})
	}
	return all, nil
}
