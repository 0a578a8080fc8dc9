// Package sdkts is the TypeScript SDK as the server's binary carries it, for
// authors of policies: what runs and what editors read, without tests.
package sdkts

import "embed"

// Files are the SDK's.
//
//go:embed README.md LICENSE package.json package-lock.json tsconfig.json assembly bin compiler
var Files embed.FS
