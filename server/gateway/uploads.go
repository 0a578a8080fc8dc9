package gateway

import (
	"encoding/json"
	"mime/multipart"
	"slices"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
)

// addUploads gives each file field the value that its uploads result in: the
// names the files were sent with, beside the stored ones that stay.
func (op *operation) addUploads() error {
	w := op.write
	for key, files := range w.files {
		name, modifier := op.collection.FieldOf(key)
		if !isFile(op.collection, name) || modifier == pocketbase.ModifierRemove {
			return apierr.Detailed(apierr.UploadNotJudged, "%q is not a file field of this collection.", key)
		}
		names := make([]string, len(files))
		for i, f := range files {
			names[i] = f.Filename
		}
		i := slices.IndexFunc(w.fields, func(f writtenField) bool { return f.Name == name })
		if i >= 0 && (w.fields[i].Modifier != "" || modifier != "" || w.fields[i].fileKey != "") {
			return duplicate(name)
		}
		field := writtenField{ResolvedField: pocketbase.ResolvedField{Name: name, Modifier: modifier}, fileKey: key}
		var kept []string
		switch {
		case i >= 0: // the stored files that the client lists beside the new ones
			kept = textList(w.fields[i].Value)
			field.kept = kept
			w.fields = slices.Delete(w.fields, i, i+1)
		case modifier != "" && op.target != nil:
			kept = texts(op.target.Value.Get(name))
		}
		if modifier == pocketbase.ModifierPrepend {
			names = append(names, kept...)
		} else {
			names = append(kept, names...)
		}
		field.Value = fileValue(op.collection.Field(name), names)
		w.insert(op.collection, field)
	}
	return nil
}

func (w *write) uploads(f writtenField) []*multipart.FileHeader {
	if f.fileKey == "" {
		return nil
	}
	return w.files[f.fileKey]
}

// textList reads the texts of an encoded text or list of texts.
func textList(raw json.RawMessage) []string {
	v, err := fastjson.ParseBytes(raw)
	if err != nil {
		return nil
	}
	return texts(v)
}

func texts(v *fastjson.Value) []string {
	if v == nil {
		return nil
	}
	if v.Type() == fastjson.TypeString {
		if s := string(v.GetStringBytes()); s != "" {
			return []string{s}
		}
		return nil
	}
	var out []string
	for _, item := range v.GetArray() {
		out = append(out, string(item.GetStringBytes()))
	}
	return out
}
