package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
)

func main() {
	rounds := flag.Int("rounds", 7, "rounds that count, each a tenth of a second for every row")
	flag.Parse()
	if flag.NArg() > 0 || *rounds < 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(context.Background(), *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, rounds int) error {
	runtime.GOMAXPROCS(1)
	all, err := allEngines(ctx)
	if err != nil {
		return err
	}
	for _, e := range all {
		if err := check(e.engine); err != nil {
			return fmt.Errorf("%s: %w", e.label, err)
		}
	}
	updates, pages := updateRows(all), pageRows(all)
	for _, rows := range [][]*row{updates, pages} {
		if err := measure(rows, rounds); err != nil {
			return err
		}
	}
	report(os.Stdout, rounds, updates, pages)
	if err := neighbours(ctx, os.Stdout, rounds); err != nil {
		return err
	}
	versions(os.Stdout, all)
	return nil
}
