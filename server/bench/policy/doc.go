// Command policy measures what it costs to judge by a policy: one rule in Hapta, in
// other engines and in Go itself, on the same input in one process, printed as
// ratios. Run it in this folder with
//
//	go run . [-rounds N] [-neighbours]
//
// It takes about two minutes, half of it for how a policy fares beside others that
// do harm, which -neighbours measures alone. It is a module of its own so that the engines that
// Hapta is compared with, and all that they need, stay out of the server's go.mod.
package main
