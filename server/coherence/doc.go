// Package coherence holds tests alone: by chance, several viewers read through a
// gateway with a cache while records, rules, fields, roles, policies and settings change,
// through it and behind its back. What anyone is shown is held against a gateway without
// a cache, or against the versions that the records carry.
//
// A failure names its seed; HAPTA_SEED=<seed> repeats it, and HAPTA_ROUNDS=<n> tries
// more.
package coherence
