package pocketbase

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// ReadSchema reads the collections in the data directory of an embedded
// PocketBase. It opens the database read only, so that it may be called beside
// a server that runs on it: starting a PocketBase would clean up after one.
func ReadSchema(ctx context.Context, dataDir string) (schema *Schema, err error) {
	path, err := filepath.Abs(filepath.Join(dataDir, "data.db"))
	if err != nil {
		return nil, err
	}
	source := url.URL{Scheme: "file", Path: path, RawQuery: "mode=ro&_pragma=busy_timeout(10000)"}
	db, err := dbx.Open("sqlite", source.String())
	if err != nil {
		return nil, fmt.Errorf("the database %s cannot be opened: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var stored []*core.Collection
	table := (&core.Collection{}).TableName()
	if err := db.Select().WithContext(ctx).From(table).OrderBy("rowid ASC").All(&stored); err != nil {
		return nil, fmt.Errorf("the collections in %s cannot be read: %w", path, err)
	}
	collections, err := wrapCollections(stored)
	if err != nil {
		return nil, err
	}
	return newSchema(collections), nil
}
