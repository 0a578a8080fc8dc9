package differential

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Whom the data set has, all with one password.
const (
	userID   = "4q1xlclmfloku33" // users/test@example.com, not verified
	clientID = "gk390qegs4y47wn" // clients/test@example.com, verified
	password = "1234567890"
)

// dataset is the data of PocketBase's own tests, prepared for these. Every
// PocketBase gets a copy, so all have the same records, secrets and files.
type dataset struct {
	dir   string
	known map[string]bool // the ids in it, which no answer may change

	// Tokens of PocketBase's own that both sides get as they are.
	expired, reset, verification, emailChange string
}

// prepare lets PocketBase's helper unpack the data, in a folder of its own. Built
// with -trimpath, the helper does not find the data by itself.
func prepare(mails net.Addr) (*dataset, error) {
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/pocketbase/pocketbase").Output()
	if err != nil {
		return nil, fmt.Errorf("finding PocketBase's module: %w", err)
	}
	app, err := tests.NewTestApp(filepath.Join(strings.TrimSpace(string(module)), "tests", "data"))
	if err != nil {
		return nil, err
	}
	d := &dataset{dir: app.DataDir(), known: map[string]bool{}}
	if err := app.RunInTransaction(func(tx core.App) error { return d.change(tx, mails) }); err != nil {
		return nil, fmt.Errorf("preparing the data set: %w", err)
	}
	return d, app.ResetBootstrapState()
}

func (d *dataset) remove() { _ = os.RemoveAll(d.dir) } // a temporary folder

func (d *dataset) change(app core.App, mails net.Addr) error {
	settings := app.Settings()
	settings.SMTP.Enabled, settings.SMTP.Host = true, "127.0.0.1"
	settings.SMTP.Port = mails.(*net.TCPAddr).Port
	if err := app.Save(settings); err != nil {
		return err
	}
	if err := addMembers(app); err != nil {
		return err
	}
	collections, err := app.FindAllCollections()
	if err != nil {
		return err
	}
	for _, c := range collections {
		if err := d.changeCollection(app, c); err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	return d.mint(app)
}

// changeCollection makes passwords quick to check, and lets users sign in with
// nothing else.
func (d *dataset) changeCollection(app core.App, c *core.Collection) error {
	d.known[c.Id] = true
	if c.IsAuth() {
		c.Fields.GetByName("password").(*core.PasswordField).Cost = 4 // bcrypt's least
		c.MFA.Enabled = c.Name == "members"
		if err := app.Save(c); err != nil {
			return err
		}
	}
	records, err := app.FindAllRecords(c)
	if err != nil {
		return err
	}
	for _, r := range records {
		d.known[r.Id] = true
		if c.IsAuth() {
			r.SetPassword(password)
			if err := app.Save(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// addMembers makes a collection that asks for a second factor, and a protected
// file that a rule shows to users.
func addMembers(app core.App) error {
	members := core.NewAuthCollection("members", "pbc_members")
	members.OTP.Enabled, members.MFA.Enabled = true, true
	members.Fields.Add(&core.FileField{Name: "paper", Protected: true, MaxSize: 1 << 20})
	members.ListRule, members.ViewRule = types.Pointer(""), types.Pointer("@request.auth.id != ''")
	members.CreateRule = types.Pointer("")
	members.UpdateRule = types.Pointer("@request.auth.id = id")
	if err := app.Save(members); err != nil {
		return err
	}
	member := core.NewRecord(members)
	member.Id = "member000000001"
	member.SetEmail("member@example.com")
	member.SetPassword(password)
	return app.Save(member)
}

// mint makes a token of each kind, for a user each: using one up may end the
// others of its user.
func (d *dataset) mint(app core.App) error {
	var users [3]*core.Record
	for i, id := range []string{userID, "oap640cot4yru2s", "bgs820n361vj1qd"} {
		var err error
		if users[i], err = app.FindRecordById("users", id); err != nil {
			return err
		}
	}
	key := users[0].TokenKey() + users[0].Collection().AuthToken.Secret
	claims := map[string]any{"type": "auth", "id": userID, "collectionId": users[0].Collection().Id, "refreshable": true}
	var errs [4]error
	d.expired, errs[0] = security.NewJWT(claims, key, -time.Hour)
	d.verification, errs[1] = users[0].NewVerificationToken()
	d.reset, errs[2] = users[1].NewPasswordResetToken()
	d.emailChange, errs[3] = users[2].NewEmailChangeToken("changed@example.com")
	return errors.Join(errs[:]...)
}

// copyTree copies a folder, with the times that answers tell.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		return copyFile(path, target)
	})
}

func copyFile(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to, raw, 0o600); err != nil {
		return err
	}
	return os.Chtimes(to, time.Time{}, info.ModTime())
}
