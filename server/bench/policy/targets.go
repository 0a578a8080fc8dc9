package main

import (
	"fmt"
	"io"
)

// targets compares with what Hapta's developers have set themselves.
func targets(w io.Writer, updates, pages []*row) {
	fmt.Fprintln(w, "\ntargets")
	hand, rust, assemblyScript := updates[byHandRow], updates[rustRow], updates[assemblyScriptRow]
	atMost(w, "an update in Rust, to Go by hand", ratioOf(rust, hand), 2, 3)
	atMost(w, "an update in AssemblyScript, to Go by hand", ratioOf(assemblyScript, hand), 3, 5)
	anew := []*row{updates[rustAnewRow], updates[assemblyScriptAnewRow]}
	atMost(w, "the same in Rust, nothing remembered", ratioOf(anew[0], hand), 2, 3)
	atMost(w, "the same in AssemblyScript, nothing remembered", ratioOf(anew[1], hand), 3, 5)
	atMost(w, "that in Rust, to itself without the bound", ratioOf(anew[0], updates[rustUnboundRow]), 1.10, 1.15)
	atMost(w, "that in AssemblyScript, to itself without the bound", ratioOf(anew[1], updates[assemblyScriptUnboundRow]), 1.10, 1.15)
	for _, r := range append(anew, rust, assemblyScript) {
		none(w, "allocations: "+r.label, r.allocations)
	}
	for _, r := range pages[rustRow:rustUnboundRow] {
		atMost(w, "a page, to Go by hand: "+r.label, ratioOf(r, pages[byHandRow]), 2.5, 4)
	}

	slower := rust
	if assemblyScript.time() > rust.time() {
		slower = assemblyScript
	}
	fmt.Fprintf(w, "  peers, to the slower of Hapta's two (%s)\n", slower.label)
	for _, peer := range []struct {
		rows       []int
		met, floor float64
	}{
		{[]int{cedarRow, cedarAskingRow}, 4, 2},
		{[]int{opaRow, opaAskingRow}, 30, 15},
		{[]int{gojaRow, gojaAskingRow}, 25, 12},
	} {
		for _, i := range peer.rows {
			atLeast(w, updates[i].label, ratioOf(updates[i], slower), peer.met, peer.floor)
		}
	}
}

func atMost(w io.Writer, what string, r ratio, met, floor float64) {
	target(w, what, "at most", r, met, floor, r.median <= met, r.median <= floor)
}

func atLeast(w io.Writer, what string, r ratio, met, floor float64) {
	target(w, what, "at least", r, met, floor, r.median >= met, r.median >= floor)
}

func target(w io.Writer, what, bound string, r ratio, met, floor float64, isMet, isFloor bool) {
	fmt.Fprintf(w, "  %-56s %8s %5.2f, floor %5.2f: %5.2f %s\n", what, bound, met, floor, r.median, verdict(r.unsteady(), isMet, isFloor))
}

func none(w io.Writer, what string, n float64) {
	fmt.Fprintf(w, "  %-56s %8s %5d,             %5.0f %s\n", what, "at most", 0, n, verdict(false, n == 0, false))
}

// verdict decides nothing where the rounds differ too much.
func verdict(unsteady, met, floor bool) string {
	switch {
	case unsteady:
		return "unsteady"
	case met:
		return "met"
	case floor:
		return "floor"
	}
	return "missed"
}
