package pocketbase

import (
	"os"
	"path/filepath"
	"testing"
)

func TestReadSchemaReadsAndNothingElse(t *testing.T) {
	var dir string
	d := openEmbedded(t, func(cfg *EmbeddedConfig) { dir = cfg.DataDir })
	asSuperuser(t, d, "POST", "/api/collections", kitchenSink)
	want := d.Schema()
	f := func(when string) {
		t.Helper()
		got, err := ReadSchema(t.Context(), dir)
		if err != nil || got.digest != want.digest {
			t.Errorf("%s: got %v, %v", when, got, err)
		}
	}
	f("while it runs")
	if err := d.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	leftover := filepath.Join(dir, ".pb_temp_to_delete")
	if err := os.Mkdir(leftover, 0o700); err != nil {
		t.Fatal(err)
	}
	f("while it does not")
	if _, err := os.Stat(leftover); err != nil {
		t.Errorf("PocketBase cleaned up: %v", err)
	}
	empty := t.TempDir()
	if _, err := ReadSchema(t.Context(), empty); err == nil {
		t.Error("a database that is not there was read")
	}
	if made, _ := os.ReadDir(empty); len(made) != 0 {
		t.Errorf("made %v", made)
	}
}
