package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
)

// part is an upload on its way to the database, under its form key.
type part struct {
	key  string
	file *multipart.FileHeader
}

func (w *write) parts() (parts []part) {
	for _, f := range w.fields {
		parts = append(parts, f.uploads...)
	}
	return parts
}

// setBody gives a request its body: JSON, or a form when files go with it. The
// form chains the part headers with the spooled files, so that no upload is held
// in memory for it; opened are those files, for the caller to close.
func setBody(req *pocketbase.Request, fields []byte, parts []part) (opened []io.Closer, err error) {
	req.Header.Del("Content-Encoding") // it was the client's body that it spoke of
	if len(parts) == 0 {
		req.Header.Set("Content-Type", "application/json")
		req.Body, req.ContentLength = bytes.NewReader(fields), int64(len(fields))
		return nil, nil
	}
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	if err := form.WriteField(jsonPayload, string(fields)); err != nil {
		return nil, apierr.From(err)
	}
	var readers []io.Reader
	var size int64
	flush := func() {
		size += int64(head.Len())
		readers = append(readers, bytes.NewReader(bytes.Clone(head.Bytes())))
		head.Reset()
	}
	for _, p := range parts {
		content, err := p.file.Open()
		if err != nil {
			return opened, apierr.From(fmt.Errorf("opening a spooled upload: %w", err))
		}
		opened = append(opened, content)
		if _, err := form.CreateFormFile(p.key, p.file.Filename); err != nil {
			return opened, apierr.From(err)
		}
		flush()
		readers, size = append(readers, content), size+p.file.Size
	}
	if err := form.Close(); err != nil {
		return opened, apierr.From(err)
	}
	flush()
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Body, req.ContentLength = io.MultiReader(readers...), size
	return opened, nil
}

// setFields gives a request a body of nothing but fields.
func setFields(req *pocketbase.Request, values map[string]any) error {
	raw, err := json.Marshal(values)
	if err != nil {
		return apierr.From(err)
	}
	_, err = setBody(req, raw, nil)
	return err
}
