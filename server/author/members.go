package author

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/hapta/hapta/server/config"
)

// dateForm is how PocketBase writes dates.
const dateForm = "2006-01-02 15:04:05Z07:00"

func (c *Cases) date(to *time.Time) func([]byte) error {
	return func(value []byte) error {
		var text string
		if err := c.source.into(&text, "a date")(value); err != nil {
			return err
		}
		at, err := time.Parse(dateForm, text)
		if err != nil {
			return c.source.mistake(value, `expected a date like "2024-05-01 12:00:00.000Z", found %.40s`, value)
		}
		*to = at
		return nil
	}
}

// plain takes an object as it is.
func (c *Cases) plain(to *[]byte, what string) func([]byte) error {
	return func(value []byte) error {
		*to = value
		return c.source.fields(value, what, func(string, []byte) error { return nil })
	}
}

// texts takes an object of texts, with these names alone if there are any.
func (c *Cases) texts(to *[]byte, names []string) func([]byte) error {
	return func(value []byte) error {
		*to = value
		return c.source.fields(value, "it", func(name string, text []byte) error {
			if names != nil && !slices.Contains(names, name) {
				return c.source.mistake(text, "policies do not see the header %q; %s", name, config.Meant(name, names))
			}
			var ignored string
			return c.source.into(&ignored, "a text")(text)
		})
	}
}

// caller takes a name of "callers", an object, or null for a guest.
func (c *Cases) caller(to *[]byte) func([]byte) error {
	return func(value []byte) error {
		if string(value) == "null" {
			return nil
		}
		object, err := c.resolve(value, c.callers, "callers")
		if err != nil {
			return err
		}
		var who struct{ ID, CollectionName string }
		if json.Unmarshal(object, &who) != nil || who.ID == "" {
			return c.source.mistake(value, `a caller needs an "id", a text, as whoever is signed in has one`)
		}
		*to = object
		return nil
	}
}
