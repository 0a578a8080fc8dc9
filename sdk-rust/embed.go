// Package sdkrust is the Rust SDK as the server's binary carries it, for authors
// of policies: the crate and its scripts, without the SDK's own tests.
package sdkrust

import "embed"

// Files are the SDK's.
//
//go:embed README.md LICENSE Cargo.toml *.sh src/*.rs src/testing/*.rs src/testing/host/*.rs
var Files embed.FS
