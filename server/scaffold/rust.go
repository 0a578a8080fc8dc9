package scaffold

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// compileRust leaves it to the SDK's script to find a compiler: it is what
// committed policies come from as well.
func compileRust(ctx context.Context, sdk *sdk, s source, module string, out io.Writer) error {
	command := exec.CommandContext(ctx, "sh", filepath.Join(sdk.dir, "build-policy.sh"), s.path, module)
	command.Env = append(os.Environ(), "CARGO_TARGET_DIR="+filepath.Join(filepath.Dir(module), "target")) // and not among the policies
	if err := compile(s, out, command); err != nil {
		return err
	}
	return s.checkSpelling(out)
}
