package scaffold

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// oldestNode is the oldest version of Node.js that the compiler runs on.
const oldestNode = 20

func compileTypeScript(ctx context.Context, sdk *sdk, s source, module string, out io.Writer) error {
	if err := checkNode(ctx); err != nil {
		return err
	}
	if err := sdk.install(ctx, out); err != nil {
		return err
	}
	return compile(s, out, exec.CommandContext(ctx, "node", filepath.Join(sdk.dir, "bin", "hapta-asc.mjs"), s.path, "-o", module))
}

func checkNode(ctx context.Context) error {
	if _, err := exec.LookPath("node"); err != nil {
		return errors.New("node is missing, which compiles policies in TypeScript: install Node.js 20 or newer, from nodejs.org or with your package manager")
	}
	said, err := run(ctx, "node", "--version")
	if err != nil {
		return fault("node does not run", said, err)
	}
	version := strings.TrimSpace(said)
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if number, err := strconv.Atoi(major); err != nil || number < oldestNode {
		return fmt.Errorf("node is %s; install Node.js %d or newer, from nodejs.org or with your package manager", version, oldestNode)
	}
	return nil
}

// install has npm fetch the AssemblyScript compiler, in the version that the
// SDK's lock names, unless it is there.
func (s *sdk) install(ctx context.Context, out io.Writer) error {
	if _, err := os.Stat(filepath.Join(s.dir, s.kept, "assemblyscript")); err == nil {
		return nil
	}
	if _, err := exec.LookPath("npm"); err != nil {
		return errors.New("npm is missing, which fetches the AssemblyScript compiler: it comes with Node.js, or with your package manager")
	}
	_, _ = fmt.Fprintf(out, "fetching the AssemblyScript compiler, once: npm ci in %s\n", s.dir)
	args := []string{"ci", "--prefix", s.dir, "--no-audit", "--no-fund", "--loglevel=error"}
	if !s.inTree { // whose tests need more
		args = append(args, "--omit=dev")
	}
	if said, err := run(ctx, "npm", args...); err != nil {
		return fault("npm cannot fetch the AssemblyScript compiler", said, err)
	}
	return nil
}
