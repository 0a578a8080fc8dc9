package policy

import (
	"unsafe"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
)

// value is what a handle speaks of.
type value struct {
	kind     abi.Kind
	incoming bool            // it is the incoming root
	record   *Record         // it is the stored root
	json     *fastjson.Value // nil for the name of a field
	text     string          // of a text
}

// absent is what handle 0 speaks of.
var absent = &value{kind: abi.KindAbsent}

// void reports whether nothing is there to be read: the value is absent or null.
func (v *value) void() bool { return v.kind <= abi.KindNull }

var kinds = [...]abi.Kind{
	fastjson.TypeNull: abi.KindNull, fastjson.TypeObject: abi.KindObject, fastjson.TypeArray: abi.KindList,
	fastjson.TypeString: abi.KindText, fastjson.TypeNumber: abi.KindNumber,
	fastjson.TypeTrue: abi.KindBoolean, fastjson.TypeFalse: abi.KindBoolean,
}

func valueOf(v *fastjson.Value) value {
	w := value{json: v, kind: kinds[v.Type()]}
	if w.kind == abi.KindText {
		w.text = textOf(v)
	}
	return w
}

// textOf is the text of a JSON string. It shares the parser's memory, which
// belongs to the call.
func textOf(v *fastjson.Value) string {
	b, _ := v.StringBytes()
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// keyOf is textOf for the key of an object.
func keyOf(key []byte) string { return unsafe.String(unsafe.SliceData(key), len(key)) }
