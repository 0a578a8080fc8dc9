package config

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// secretFile is where a generated JWT secret is kept, below state_dir.
const secretFile = "jwt_secret"

// PrepareState makes state_dir (mode 0700) and, unless JWT_SECRET was given,
// takes the secret that is kept there, making one the first time. Two processes
// that start at once end up with the same one. The error is a Problem.
func (c *Config) PrepareState() error {
	dir := c.Server.StateDir
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return stateProblem(dir, "cannot be made", err)
	}
	if err := Writable(dir); err != nil {
		return stateProblem(dir, "cannot be written to", err)
	}
	if len(c.Secrets.JWTSecrets) > 0 {
		return nil
	}
	file := filepath.Join(dir, secretFile)
	secret, err := readSecret(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err = createSecret(file); err != nil {
			return stateProblem(dir, "cannot be written to", err)
		}
		secret, err = readSecret(file)
	}
	if err != nil {
		return err
	}
	c.Secrets.JWTSecrets = []Secret{secret}
	return nil
}

func stateProblem(dir, what string, err error) error {
	return Problem{File: dir, Key: "server.state_dir", Message: what + ": " + reason(err),
		Remedy: "make it writable for this user or name another state_dir"}
}

func readSecret(file string) (Secret, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Secret{}, fs.ErrNotExist
	}
	if err != nil {
		return Secret{}, Problem{File: file, Message: "cannot be read: " + reason(err),
			Remedy: "give this user the right to read it"}
	}
	text := strings.TrimSpace(string(data))
	if len(text) < minSecret {
		return Secret{}, Problem{File: file, Message: fmt.Sprintf("expected at least %d bytes, found %d", minSecret, len(text)),
			Remedy: "restore it, or delete it to make a new one, which signs everyone out"}
	}
	return NewSecret(text), nil
}

// createSecret writes a new secret beside the file and then links it there,
// which fails if another process was first: so the file is whole from the
// moment it exists, and is never replaced.
func createSecret(file string) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), secretFile+"-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	random := make([]byte, minSecret)
	_, _ = rand.Read(random) // never fails: it ends the process instead
	_, err = tmp.WriteString(hex.EncodeToString(random) + "\n")
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err = os.Link(tmp.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(file))
}

// syncDir makes a new name in a folder last through a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
