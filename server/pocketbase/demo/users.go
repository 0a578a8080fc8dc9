package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

func addUsers(app core.App) error {
	hash, err := hashPassword(app)
	if err != nil {
		return err
	}
	for n := 1; n <= userCount; n++ {
		record, err := newRecord(app, "users")
		if err != nil {
			return err
		}
		describeUser(record, n)
		record.SetRaw(core.FieldNamePassword, &core.PasswordFieldValue{Hash: hash})
		if n%3 == 1 {
			file, err := picture(fmt.Sprintf("avatar_%02d.png", n), n, 96, 96)
			if err != nil {
				return err
			}
			record.Set("avatar", file)
		}
		if err := save(app, record, userID(n)); err != nil {
			return err
		}
	}
	return nil
}

// hashPassword hashes once what all users share: bcrypt is slow by intent.
func hashPassword(app core.App) (string, error) {
	record, err := newRecord(app, "users")
	if err != nil {
		return "", err
	}
	record.SetPassword(Password)
	return record.GetString(core.FieldNamePassword + ":hash"), nil
}

// isPrivate makes every fourth user private, ten in all.
func isPrivate(n int) bool { return n%4 == 2 }

func describeUser(record *core.Record, n int) {
	name := names[n-1]
	first, last, _ := strings.Cut(name, " ")
	record.SetEmail(fmt.Sprintf("user%02d@example.com", n))
	record.SetEmailVisibility(n%3 == 0)
	record.SetVerified(n%10 != 9)
	record.Set("name", name)
	record.Set("username", strings.ToLower(first+"_"+last[:1])+fmt.Sprintf("%02d", n))
	record.Set("bio", bios[(n-1)%len(bios)])
	record.Set("private", isPrivate(n))
	record.Set("validVerified", n%5 == 0)
	if n%4 == 0 {
		record.Set("postr_plus", true)
		record.Set("postr_subscriber_since", day(-200+n*3))
	}
	if n%13 == 0 {
		record.Set("moderation_note", "Reported twice for advertising; warned, no further action.")
	}
	date(record, day(-300+n*2))
}

// addFollowers has everybody follow some others, and tells it from both sides.
func addFollowers(app core.App) error {
	chance := rand.New(rand.NewPCG(40, 1))
	following, followers := map[int][]string{}, map[int][]string{}
	for n := 1; n <= userCount; n++ {
		for _, other := range chance.Perm(userCount)[:5+chance.IntN(8)] {
			if other++; other != n {
				following[n] = append(following[n], userID(other))
				followers[other] = append(followers[other], userID(n))
			}
		}
	}
	for n := 1; n <= userCount; n++ {
		record, err := app.FindRecordById("users", userID(n))
		if err != nil {
			return fmt.Errorf("user %d: %w", n, err)
		}
		record.Set("following", following[n])
		record.Set("followers", followers[n])
		record.SetRaw("updated", record.GetDateTime("created").Add(1))
		if err := save(app, record, userID(n)); err != nil {
			return err
		}
	}
	return nil
}
