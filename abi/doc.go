// Package abi holds the constants and tables of the policy ABI, generated from
// hapta_v1.toml. It is a leaf: it imports nothing of this module, and no
// WebAssembly engine, so that every layer may speak of operations and verdicts.
package abi

//go:generate go run ./internal/generate
