package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"

	"github.com/hapta/hapta/server/policy/compile"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == compile.Command {
		if err := compile.Child(os.Stdin); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	rounds := flag.Int("rounds", 7, "rounds that count, each a tenth of a second for every row")
	alone := flag.Bool("neighbours", false, "measure only how a policy fares beside others that do harm")
	flag.Parse()
	if flag.NArg() > 0 || *rounds < 1 {
		flag.Usage()
		os.Exit(2)
	}
	measured := run
	if *alone {
		measured = func(ctx context.Context, rounds int) error { return neighbours(ctx, os.Stdout, rounds) }
	}
	if err := measured(context.Background(), *rounds); err != nil {
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
