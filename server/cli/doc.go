// Package cli is the command line: commands and their flags, help, signals,
// the log's form and the exit status. It decides nothing else; what a command
// does is given to it as Commands. It must not import the packages that do the
// work, so that main alone ties the two together.
package cli
