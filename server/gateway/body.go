package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/rawjson"
)

// maxMemory bounds, in bytes, what is held in memory of a multipart body; the rest is
// spooled to disk.
const maxMemory = 4 << 20

// jsonPayload is the form key whose text PocketBase merges into the fields.
const jsonPayload = router.JSONPayloadKey

// body is what a client sent, one entry per key, before it is resolved.
type body struct {
	values map[string]any                     // by key as sent, modifiers included
	keys   map[string]string                  // those keys, by what they fold to
	files  map[string][]*multipart.FileHeader // likewise
	form   *multipart.Form                    // nil: no multipart body
}

// readBody reads a body of at most limit bytes, in the forms that PocketBase
// takes. Every key stands for itself: one that is given twice, in any case and
// in any part, is refused, for two readers could disagree on which one counts.
func readBody(p *Passage, limit int64) (*body, error) {
	if p.Body == nil {
		return &body{}, nil
	}
	kind, params, err := mime.ParseMediaType(p.Header().Get("Content-Type"))
	if err != nil {
		kind = ""
	}
	room := limit
	if kind == "multipart/form-data" {
		room = maxMemory
	}
	counted, err := p.kept(limit, room)
	if err != nil {
		return nil, err
	}
	b, err := readForm(kind, params["boundary"], counted)
	switch {
	case counted.refused() != nil:
		b.discard()
		return nil, counted.refused()
	case err != nil:
		b.discard()
		return nil, err
	}
	return b, nil
}

func readForm(kind, boundary string, r io.Reader) (*body, error) {
	switch kind {
	case "multipart/form-data":
		return readMultipart(r, boundary)
	case "application/x-www-form-urlencoded":
		return readURLEncoded(r)
	case "application/json":
		return readJSON(r)
	}
	raw, err := io.ReadAll(r)
	if err == nil && len(raw) == 0 {
		return &body{}, nil
	}
	return nil, apierr.Detailed(apierr.BadBody, "Send the fields as application/json or multipart/form-data.")
}

func readJSON(r io.Reader) (*body, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, unreadable(err)
	}
	b := &body{}
	if len(bytes.TrimSpace(raw)) == 0 {
		return b, nil
	}
	return b, b.mergeJSON(raw)
}

func readURLEncoded(r io.Reader) (*body, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, unreadable(err)
	}
	form, err := url.ParseQuery(string(raw))
	if err != nil {
		return nil, unreadable(err)
	}
	b := &body{}
	return b, b.mergeForm(form)
}

func readMultipart(r io.Reader, boundary string) (*body, error) {
	form, err := multipart.NewReader(r, boundary).ReadForm(maxMemory)
	if errors.Is(err, multipart.ErrMessageTooLarge) {
		return nil, apierr.Detailed(apierr.BodyTooLarge, "The texts of a form are too long; send them as application/json.")
	}
	if err != nil {
		return nil, unreadable(err)
	}
	b := &body{form: form}
	if err := b.mergeForm(form.Value); err != nil {
		return b, err
	}
	b.files = form.File
	for key := range b.files {
		if same, ok := b.keys[fold(key)]; ok && same != key {
			return b, duplicate(key)
		}
	}
	return b, nil
}

// mergeForm takes form values as PocketBase infers them: text that reads as a
// number or a boolean becomes one.
func (b *body) mergeForm(form map[string][]string) error {
	inferred := map[string]any{}
	for key, texts := range form {
		for _, text := range texts {
			if !utf8.ValidString(text) || !utf8.ValidString(key) {
				return apierr.Detailed(apierr.BadBody, "The body is not valid UTF-8.")
			}
		}
		if key == jsonPayload {
			continue
		}
		if err := router.UnmarshalRequestData(map[string][]string{key: texts}, &inferred, "", ""); err != nil {
			return unreadable(err)
		}
		if err := b.add(key, inferred[key]); err != nil {
			return err
		}
	}
	for _, payload := range form[jsonPayload] {
		if err := b.mergeJSON([]byte(payload)); err != nil {
			return err
		}
	}
	return nil
}

func (b *body) mergeJSON(raw []byte) error {
	if err := checkText(raw); err != nil {
		return err
	}
	if err := checkShape(raw); err != nil {
		return err
	}
	if !json.Valid(raw) {
		return apierr.Detailed(apierr.BadBody, "The body is not valid JSON.")
	}
	err := rawjson.Fields(raw, func(key string, value []byte) error {
		var v any
		if err := json.Unmarshal(value, &v); err != nil { // valid JSON, but a number beyond float64
			return apierr.Detailed(apierr.BadBody, "The value of %q cannot be read: numbers go up to 1.8e308.", key)
		}
		return b.add(key, v)
	})
	if errors.Is(err, rawjson.ErrSyntax) {
		return apierr.Detailed(apierr.BadBody, "The body has to be a JSON object of fields.")
	}
	return err
}

func (b *body) add(key string, value any) error {
	folded := fold(key)
	if _, ok := b.keys[folded]; ok {
		return duplicate(key)
	}
	if b.values == nil {
		b.values, b.keys = map[string]any{}, map[string]string{}
	}
	b.values[key], b.keys[folded] = value, key
	return nil
}

// fold writes all keys alike that equal each other in any case.
func fold(key string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, key)
}

// discard removes what was spooled to disk.
func (b *body) discard() {
	if b != nil && b.form != nil {
		_ = b.form.RemoveAll() // temporary files; the system clears what stays
	}
}

func duplicate(key string) error {
	return apierr.Detailed(apierr.DuplicateField, "The field %q is given more than once.", key)
}

func unreadable(err error) error { return apierr.Caused(apierr.BadBody, err) }
