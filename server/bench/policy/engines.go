package main

import (
	"context"
	_ "embed"
	"fmt"
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

// The engines in the table's order. Of the peers there are two each: one is handed
// all values, as its documentation shows; the other takes them as it asks, by the
// fastest way that its interface has for that. Hapta's policies always ask.
const (
	byHandRow = iota
	rustRow
	assemblyScriptRow
	cedarRow
	cedarAskingRow
	opaRow
	opaAskingRow
	gojaRow
	gojaAskingRow
)

func allEngines(ctx context.Context) ([]labelled, error) {
	var all []labelled
	for _, each := range []struct {
		label string
		make  func() (engine, error)
	}{
		byHandRow:         {"Go by hand over fastjson", func() (engine, error) { return &byHand{}, nil }},
		rustRow:           {"Hapta, rule in Rust", func() (engine, error) { return newHapta(ctx, "users_rust", rustRule) }},
		assemblyScriptRow: {"Hapta, rule in AssemblyScript", func() (engine, error) { return newHapta(ctx, "users_assemblyscript", assemblyScriptRule) }},
		cedarRow:          {"cedar-go, both entities made", func() (engine, error) { return newCedar(false) }},
		cedarAskingRow:    {"cedar-go, entities as it asks", func() (engine, error) { return newCedar(true) }},
		opaRow:            {"OPA, prepared query, EvalInput", func() (engine, error) { return newOPA(ctx, false) }},
		opaAskingRow:      {"OPA, prepared query, LazyObject", func() (engine, error) { return newOPA(ctx, true) }},
		gojaRow:           {"goja, JSON.parse", func() (engine, error) { return newGoja(false) }},
		gojaAskingRow:     {"goja, DynamicObject over fastjson", func() (engine, error) { return newGoja(true) }},
	} {
		e, err := each.make()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", each.label, err)
		}
		all = append(all, labelled{each.label, e})
	}
	return all, nil
}
