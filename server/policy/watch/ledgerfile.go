package watch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
)

const ledgerVersion = 1

type ledgerJSON struct {
	Version     int                   `json:"version"`
	Collections map[string]remembered `json:"collections"`
}

// decode takes nothing but what encode writes: a file cut short, or one of
// another kind, must not pass for a ledger that remembers little.
func decode(raw []byte) (map[string]remembered, error) {
	var l ledgerJSON
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows its end")
	}
	if l.Version != ledgerVersion {
		return nil, fmt.Errorf("its version is %d, not %d", l.Version, ledgerVersion)
	}
	if l.Collections == nil {
		return nil, errors.New("it has no collections")
	}
	return l.Collections, nil
}

func encode(collections map[string]remembered) ([]byte, error) {
	raw, err := json.MarshalIndent(ledgerJSON{ledgerVersion, collections}, "", "  ")
	return append(raw, '\n'), err
}

// change makes a change to the file as it is now, while nobody else does.
func (l *Ledger) change(edit func(map[string]remembered) error) error {
	unlock, err := lock(l.path + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	p, err := l.read()
	if err != nil {
		return err
	}
	next := maps.Clone(p.collections)
	if next == nil {
		next = map[string]remembered{}
	}
	if err := edit(next); err != nil {
		return err
	}
	if maps.Equal(next, p.collections) {
		return nil
	}
	raw, err := encode(next)
	if err == nil {
		err = replace(l.path, raw)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", l.path, err)
	}
	l.mu.Lock()
	l.last = page{raw: raw, collections: next}
	l.mu.Unlock()
	return nil
}

// replace writes a file whole or not at all, also when the power fails.
func replace(path string, content []byte) error {
	dir := filepath.Dir(path)
	temp, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	_, err = temp.Write(content)
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = handOver(temp.Name(), dir)
	}
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
