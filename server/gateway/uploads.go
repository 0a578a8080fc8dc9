package gateway

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/pocketbase/pocketbase/core"
	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
)

// forgetModifiers drops what PocketBase drops: a file field with uploads under
// its plain name is set to those and to what the body lists under that name,
// whatever modifiers came (recordDataFromRequest in apis/record_crud.go).
func (op *operation) forgetModifiers() {
	maps.DeleteFunc(op.write.values, func(key string, _ any) bool {
		name, modifier := op.collection.FieldOf(key)
		return modifier != pocketbase.ModifierNone && len(op.write.files[name]) > 0
	})
}

// addUploads gives each file field the value that its uploads result in: the
// names the files were sent with, beside the stored ones that stay.
func (op *operation) addUploads() error {
	for key := range op.write.files {
		name, modifier := op.collection.FieldOf(key)
		if !isFile(op.collection, name) || modifier == pocketbase.ModifierRemove {
			return apierr.Detailed(apierr.UploadNotJudged, "%q is not a file field of this collection.", key)
		}
	}
	for _, field := range op.collection.Fields {
		op.addUploadsOf(field)
	}
	return nil
}

// addUploadsOf puts the field's uploads where PocketBase does: those under the
// plain name behind the files that stay, and the others around all of them.
func (op *operation) addUploadsOf(field core.Field) {
	w, name := op.write, field.GetName()
	prepended, plain, appended := w.partsOf("+"+name), w.partsOf(name), w.partsOf(name+"+")
	out := writtenField{ResolvedField: pocketbase.ResolvedField{Name: name}}
	if out.uploads = slices.Concat(prepended, plain, appended); len(out.uploads) == 0 {
		return
	}
	i := slices.IndexFunc(w.fields, func(f writtenField) bool { return f.Name == name })
	switch {
	case i >= 0: // what the body leaves of the stored files; none is to be said as well
		out.kept = append([]string{}, textList(w.fields[i].Value)...)
		w.fields = slices.Delete(w.fields, i, i+1)
	case len(plain) == 0 && op.target != nil:
		out.kept = texts(op.target.Value.Get(name))
	}
	if first, last := out.uploads[0].key, out.uploads[len(out.uploads)-1].key; i < 0 && first == last {
		_, out.Modifier = op.collection.FieldOf(first)
	}
	out.Value = fileValue(field, slices.Concat(names(prepended), out.kept, names(plain), names(appended)))
	w.insert(op.collection, out)
}

// partsOf are the uploads under a form key.
func (w *write) partsOf(key string) (parts []part) {
	for _, file := range w.files[key] {
		parts = append(parts, part{key, file})
	}
	return parts
}

func names(parts []part) (out []string) {
	for _, p := range parts {
		out = append(out, p.file.Filename)
	}
	return out
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
