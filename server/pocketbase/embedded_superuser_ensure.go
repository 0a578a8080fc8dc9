package pocketbase

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// ensure makes the superuser if it is missing.
//
// One that exists is left alone, whatever password is configured: it may have
// been changed in the dashboard since, and setting it back would sign everybody
// out. Only the superuser that Hapta made for itself gets a new password when
// the old one is lost with state_dir.
func (s *localSuperuser) ensure() error {
	if s.email == "" && s.password != "" {
		return &SetupError{Key: "ADMIN_PASSWORD", Err: ErrCredentials,
			Reason: "it is set and ADMIN_EMAIL is not; set both, or none"}
	}
	record, err := s.find()
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return s.create()
	case err != nil:
		return fmt.Errorf("the superuser cannot be read: %w", err)
	case s.email == "":
		return s.recover(record)
	case s.password != "" && !record.ValidatePassword(s.password):
		s.log.Warn("the superuser of ADMIN_EMAIL has another password than ADMIN_PASSWORD; PocketBase keeps its own, change it in the dashboard",
			"email", s.email)
	}
	return nil
}

func (s *localSuperuser) create() error {
	collection, err := s.app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return fmt.Errorf("PocketBase's superusers cannot be read: %w", err)
	}
	record := core.NewRecord(collection)
	record.SetEmail(s.address())
	if s.password == "" {
		return s.setKeptPassword(record)
	}
	record.SetPassword(s.password)
	if err := s.app.Save(record); err != nil {
		return &SetupError{Key: "ADMIN_EMAIL, ADMIN_PASSWORD", Err: errors.Join(ErrCredentials, err),
			Reason: fmt.Sprintf("PocketBase cannot make this superuser (%v); give an e-mail address and a password of 8 characters or more", err)}
	}
	s.log.Info("made the superuser of ADMIN_EMAIL", "email", s.email)
	return nil
}

// recover checks that the kept password is still the record's.
func (s *localSuperuser) recover(record *core.Record) error {
	if kept := s.readKept(); kept != "" && record.ValidatePassword(kept) {
		return nil
	}
	return s.setKeptPassword(record)
}

// setKeptPassword gives the record a random password, kept for people to sign
// in to the dashboard with. The file is written first: a password that nobody
// can read is worse than one that is not in force yet.
func (s *localSuperuser) setKeptPassword(record *core.Record) error {
	password := s.readKept()
	if password == "" {
		password = rand.Text()
		if err := s.writeKept(record.Email(), password); err != nil {
			return err
		}
	}
	record.SetPassword(password)
	if err := s.app.Save(record); err != nil {
		return &SetupError{Key: "ADMIN_EMAIL", Err: errors.Join(ErrCredentials, err),
			Reason: fmt.Sprintf("PocketBase cannot make this superuser (%v); give an e-mail address", err)}
	}
	s.log.Info("made a superuser with a random password", "email", record.Email(), "password_in", s.secretFile)
	return nil
}

const keptPassword = "ADMIN_PASSWORD="

func (s *localSuperuser) readKept() string {
	content, err := os.ReadFile(s.secretFile)
	if err != nil {
		return ""
	}
	email := "ADMIN_EMAIL=" + s.address()
	var ours bool
	var password string
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		ours = ours || line == email
		if rest, ok := strings.CutPrefix(line, keptPassword); ok {
			password = rest
		}
	}
	if !ours {
		return ""
	}
	return password
}

func (s *localSuperuser) writeKept(email, password string) error {
	dir := filepath.Dir(s.secretFile)
	if err := writableDir(dir, "[server] state_dir"); err != nil {
		return err
	}
	// CreateTemp makes files of mode 0600.
	file, err := os.CreateTemp(dir, ".superuser-*")
	if err != nil {
		return fmt.Errorf("the superuser's password cannot be kept: %w", err)
	}
	_, err = fmt.Fprintf(file, "ADMIN_EMAIL=%s\n%s%s\n", email, keptPassword, password)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), s.secretFile)
	}
	if err != nil {
		return fmt.Errorf("the superuser's password cannot be kept: %w", errors.Join(err, os.Remove(file.Name())))
	}
	return nil
}
