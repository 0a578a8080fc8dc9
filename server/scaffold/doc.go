// Package scaffold gives authors of policies a place to start and a way to
// compile: sources with the fields of a collection in them, the SDKs that the
// binary carries, and the compilers behind them.
package scaffold
