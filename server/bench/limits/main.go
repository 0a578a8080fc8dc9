// The limits benchmark: 10,000 callers, of whom 1 % ask as fast as they are answered.
// It tells how the others fare beside them and without them, in one run.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 3, "rounds, of which the medians count")
	window := flag.Duration("window", 5*time.Second, "how long each measurement takes")
	server := flag.String("server", "bin/hapta-server", "the server to measure")
	flag.Parse()
	if err := run(*server, *rounds, *window); err != nil {
		fmt.Fprintln(os.Stderr, "limits:", err)
		os.Exit(1)
	}
}

func run(binary string, rounds int, window time.Duration) (err error) {
	if binary, err = filepath.Abs(binary); err != nil {
		return err
	}
	s, err := start(binary)
	if err != nil {
		return err
	}
	defer s.stop()
	l := newLoad(s.address)
	l.measure(window) // warms up, and counts for nothing
	r := report{}
	for range rounds {
		r.alone = append(r.alone, l.measure(window))
		stop := l.abuse()
		r.begun = append(r.begun, l.measure(window))
		r.abused = append(r.abused, l.measure(window))
		r.refused = append(r.refused, stop())
		time.Sleep(time.Second)
	}
	return r.print()
}
