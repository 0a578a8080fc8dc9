package main

import (
	"fmt"
	"io"
)

func report(w io.Writer, rounds int, updates, pages []*row) {
	fmt.Fprintf(w, "Processor time of a call, as ratios within the same round: median of %d, lowest and highest\n", rounds)
	fmt.Fprintln(w, "in brackets. What a call leaves to the garbage collector counts. Times are for orientation.")
	fmt.Fprintln(w, "Hapta bounds time and memory and begins every call afresh; of the others that is not asked.")
	fmt.Fprintln(w, "It also remembers what calls that were answered alike came to, without running them again.")
	table(w, "an update: two texts parsed, judged", updates)
	table(w, fmt.Sprintf("a page of %d decoded records", pageSize), pages)
	targets(w, updates, pages)
}

func table(w io.Writer, title string, rows []*row) {
	line := func(label, time, hand, rust, assemblyScript, allocations string) {
		fmt.Fprintf(w, "%-36s  %9s  %-20s  %-20s  %-20s  %s\n", label, time, hand, rust, assemblyScript, allocations)
	}
	fmt.Fprintln(w)
	line(title, "time", "to Go by hand", "to Rust", "to AssemblyScript", "allocations")
	for i, r := range rows {
		var rust, assemblyScript string
		if i >= cedarRow {
			rust, assemblyScript = ratioOf(r, rows[rustRow]).String(), ratioOf(r, rows[assemblyScriptRow]).String()
		}
		line(r.label, fmt.Sprintf("%.2f µs", r.time()), ratioOf(r, rows[byHandRow]).String(),
			rust, assemblyScript, fmt.Sprintf("%11.0f", r.allocations))
	}
}
