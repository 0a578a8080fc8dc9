package scaffold

import (
	"context"
	"io"
	"path/filepath"
)

// compileRust leaves it to the SDK's script to find a compiler: it is what
// committed policies come from as well.
func compileRust(ctx context.Context, sdk *sdk, s source, module string, out io.Writer) error {
	return compile(ctx, s, out, "sh", filepath.Join(sdk.dir, "build-policy.sh"), s.path, module)
}
