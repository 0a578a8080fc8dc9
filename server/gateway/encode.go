package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"slices"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/rawjson"
)

// encode gives the upstream request a body of Hapta's own making: what was
// judged, and never the client's bytes.
func (w *write) encode(req *pocketbase.Request, asSuperuser bool) error {
	fields, err := w.encodeFields(asSuperuser)
	if err != nil {
		return err
	}
	req.Header.Del("Content-Encoding") // it was the client's body that it spoke of
	if !slices.ContainsFunc(w.fields, func(f writtenField) bool { return f.fileKey != "" }) {
		req.Header.Set("Content-Type", "application/json")
		req.Body, req.ContentLength = bytes.NewReader(fields), int64(len(fields))
		return nil
	}
	return w.encodeMultipart(req, fields)
}

func (w *write) encodeFields(asSuperuser bool) ([]byte, error) {
	out := []byte{'{'}
	add := func(key string, value []byte) {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(rawjson.AppendString(out, key), ':')
		out = append(out, value...)
	}
	for _, f := range w.fields {
		switch {
		case f.ignored:
		case f.fileKey == "":
			add(f.Name, f.Body())
		case f.kept != nil: // stays beside the uploads, which go as parts
			list, err := json.Marshal(f.kept)
			if err != nil {
				return nil, apierr.From(err)
			}
			add(f.Name, list)
		}
	}
	for key, v := range w.extras {
		if asSuperuser && key != "passwordConfirm" && key != "oldPassword" {
			continue // nothing but the policy decides here, and it judged fields
		}
		value, err := json.Marshal(v)
		if err != nil {
			return nil, apierr.From(err)
		}
		add(key, value)
	}
	return append(out, '}'), nil
}

// encodeMultipart chains the part headers with the spooled files, so that no
// upload is held in memory for it.
func (w *write) encodeMultipart(req *pocketbase.Request, fields []byte) error {
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	if err := form.WriteField(jsonPayload, string(fields)); err != nil {
		return apierr.From(err)
	}
	var parts []io.Reader
	var size int64
	flush := func() {
		size += int64(head.Len())
		parts = append(parts, bytes.NewReader(bytes.Clone(head.Bytes())))
		head.Reset()
	}
	for _, f := range w.fields {
		for _, file := range w.uploads(f) {
			content, err := file.Open()
			if err != nil {
				return apierr.From(fmt.Errorf("opening a spooled upload: %w", err))
			}
			w.opened = append(w.opened, content)
			if _, err := form.CreateFormFile(f.fileKey, file.Filename); err != nil {
				return apierr.From(err)
			}
			flush()
			parts, size = append(parts, content), size+file.Size
		}
	}
	if err := form.Close(); err != nil {
		return apierr.From(err)
	}
	flush()
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Body, req.ContentLength = io.MultiReader(parts...), size
	return nil
}
