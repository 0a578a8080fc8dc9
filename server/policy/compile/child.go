package compile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"time"
)

// Command is the argument with which this program starts itself as the child.
const Command = "compile-module"

// What one module may take to compile. Policies take some tens of milliseconds
// and a few MiB.
const (
	maxTime   = 10 * time.Second
	maxMemory = 512 << 20 // bytes
)

// Exit statuses of the child that mean a bound was met; 1 is any other failure,
// with a sentence on standard error.
const (
	tooSlow  = 3
	tooLarge = 4
)

var (
	errTooSlow  = fmt.Errorf("it takes more than %s to compile: split its large functions", maxTime)
	errTooLarge = fmt.Errorf("it takes more than %d MiB of memory to compile: split its large functions", maxMemory>>20)
)

// executable is this very program, also when another version has taken its
// place on disk.
func executable() (string, error) {
	if runtime.GOOS == "linux" {
		return "/proc/self/exe", nil
	}
	return os.Executable()
}

// run starts the child in the folder that it is to fill, with an empty
// environment and the module on standard input.
func run(ctx context.Context, command []string, dir string, module []byte) error {
	limited, cancel := context.WithTimeout(ctx, 2*maxTime) // it keeps its time itself
	defer cancel()
	child := exec.CommandContext(limited, command[0], command[1:]...)
	var said bytes.Buffer
	child.Dir, child.Env = dir, []string{}
	child.Stdin, child.Stderr = bytes.NewReader(module), &said
	err := child.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case limited.Err() != nil, errors.As(err, &exit) && exit.ExitCode() == tooSlow:
		return errTooSlow
	case exit != nil && exit.ExitCode() == tooLarge:
		return errTooLarge
	case exit != nil && exit.ExitCode() == 1 && said.Len() > 0:
		return errors.New(strings.TrimSpace(said.String()))
	}
	return fmt.Errorf("compiling it in a process of its own failed: %w", err)
}

// Child is the child: it reads a module and compiles it into the working
// directory. It ends the process itself, with status 3 after ten seconds and 4
// at 512 MiB.
func Child(in io.Reader) error {
	runtime.GOMAXPROCS(1) // requests need the other processors
	debug.SetMemoryLimit(maxMemory / 2)
	time.AfterFunc(maxTime, func() { os.Exit(tooSlow) })
	go watchMemory()
	module, err := io.ReadAll(in)
	if err != nil {
		return fmt.Errorf("reading the module: %w", err)
	}
	return into(context.Background(), ".", module)
}

// watchMemory ends the process when it has taken too much.
func watchMemory() {
	total := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	for range time.Tick(5 * time.Millisecond) {
		metrics.Read(total)
		if total[0].Value.Uint64()-total[1].Value.Uint64() > maxMemory {
			os.Exit(tooLarge)
		}
	}
}
