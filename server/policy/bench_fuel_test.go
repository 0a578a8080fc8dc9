package policy

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hapta/hapta/abi"
)

// BenchmarkFuel spends a million units of fuel on one host call over and over, in
// the shape in which it does the most for its fuel, in turns with a plain loop.
// Each line gives the shortest time that this took, and as "spins" how many times
// the loop's shortest that is: charges are meant to keep it below five.
func BenchmarkFuel(b *testing.B) {
	loop := recording(func(*program) ops { return forever() })
	for _, d := range dearest() {
		b.Run(d.name, func(b *testing.B) {
			spin, spend := spender(b, loop), spender(b, d.program)
			least, leastSpin := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
			for b.Loop() {
				leastSpin = min(leastSpin, spin())
				least = min(least, spend())
			}
			b.ReportMetric(float64(least)/1e6, "ms/Mfuel")
			b.ReportMetric(float64(least)/float64(leastSpin), "spins")
			b.ReportMetric(0, "ns/op") // would add both
		})
	}
}

// spender returns a function that makes a call until its fuel is spent, and tells
// how long a million units lasted.
func spender(b *testing.B, program *program) func() time.Duration {
	e := anew()
	e.limits.MemoryBytes = 4 << 20
	p := load(b, e, program)
	in := view(b, dearRecord())
	in.Operation = p.Manifest().Operations[0]
	in.Incoming = slices.Repeat([]Field{{Name: "other", Value: in.Stored.Value}}, 200)
	return func() time.Duration {
		start := time.Now()
		d, _ := attack(b.Context(), p, in)
		took := time.Since(start)
		if d.Code != abi.FaultOutOfFuel {
			b.Fatalf("it came to %+v", d)
		}
		return time.Duration(float64(took) * 1e6 / float64(d.Fuel))
	}
}

// dear is a program that does much for its fuel.
type dear struct {
	name    string
	program *program
}

func dearest() []dear {
	// asks makes a host call on a field over and over; the call's other
	// parameters come from more.
	asks := func(name, field, function string, more func(p *program) ops) dear {
		return dear{name, recording(func(p *program) ops {
			rest := more(p)
			return seq(p.field(abi.RootStored, field), setLocal(2), p.field(abi.RootStored, "other_"+field), setLocal(1),
				forever(local(2), rest, host(function), drop()))
		})}
	}
	none := func(*program) ops { return nil }
	other := func(*program) ops { return local(1) }
	text := func(s string) func(p *program) ops { return func(p *program) ops { return p.text(s) } }
	fieldOf := func(s string) func(p *program) ops { return func(p *program) ops { return p.name(s) } }
	writes := func(name string, body func(p *program) ops) dear {
		return dear{name, writing(func(p *program) ops { return seq(p.field(abi.RootIncoming, "other"), setLocal(2), body(p)) })}
	}
	list := []dear{
		{"set_null last of many", amongMany("update", "writes", "set_null", 1<<20)},
		{"root", recording(func(*program) ops { return forever(i32(int(abi.RootStored)), host("root"), drop()) })},
		{"get root", recording(func(p *program) ops { return forever(p.field(abi.RootStored, "one"), drop()) })},
		{"modifier", writing(func(p *program) ops {
			return seq(i32(int(abi.RootIncoming)), host("root"), setLocal(2), forever(local(2), p.name("title"), host("modifier"), drop()))
		})},
		{"get incoming", writing(func(p *program) ops {
			return seq(i32(int(abi.RootIncoming)), host("root"), setLocal(2), forever(local(2), p.name("nones"), host("get"), drop()))
		})},
		{"at incoming", writing(func(p *program) ops {
			return seq(i32(int(abi.RootIncoming)), host("root"), setLocal(2), forever(local(2), i32(199), host("at"), drop()))
		})},
		{"grow", recording(func(*program) ops { return forever(grow(1), drop()) })},
		{"set_null", writing(func(p *program) ops { return forever(p.name("title"), host("set_null")) })},
		{"set_number", writing(func(p *program) ops {
			return forever(p.name("title"), f64(1.2345678901234567e-300), host("set_number"))
		})},
		{"set_text short", writing(func(p *program) ops { return forever(p.name("title"), p.text("\x01"), host("set_text")) })},
		{"set_text long", writing(func(p *program) ops {
			return forever(p.name("title"), p.text(strings.Repeat("a", 4096)), host("set_text"))
		})},
		{"set_text swelling", writing(func(p *program) ops {
			return forever(p.name("title"), p.text(strings.Repeat("\x01", 4096)), host("set_text"))
		})},
		{"mask", recording(func(p *program) ops { return forever(p.name("bio"), host("mask")) })},
		{"select", judgingPages(func(*program) ops { return forever(i32(1), host("select")) })},
	}
	for _, field := range []string{"short", "bio", "number", "digits", "items", "wide", "three"} {
		list = append(list, writes("set_value "+field, func(p *program) ops {
			return seq(local(2), p.name(field), host("get"), setLocal(2), forever(p.name("title"), local(2), host("set_value")))
		}))
	}
	for _, field := range []string{"short", "bio", "number", "digits", "numbers", "items", "nested", "three", "wide", "long", "bytes"} {
		list = append(list, asks("equals "+field, field, "equals", other), asks("blank "+field, field, "blank", none))
	}
	for _, field := range []string{"items", "numbers", "nested", "lists"} {
		list = append(list, asks("equals itself "+field, field, "equals", func(*program) ops { return local(2) }))
	}
	list = append(list, asks("size signs", "signs", "size", none), asks("blank spaces", "spaces", "blank", none),
		asks("equals_text signs", "short", "equals_text", text(strings.Repeat("é", 1<<14))))
	for _, field := range []string{"short", "bio"} {
		list = append(list, asks("compare "+field, field, "compare", other), asks("size "+field, field, "size", none),
			asks("equals_text "+field, field, "equals_text", text("a")), asks("equals_name "+field, field, "equals_name", fieldOf("a")))
	}
	for _, field := range []string{"items", "numbers", "nested", "lists"} {
		list = append(list, asks("contains "+field, field, "contains", other))
	}
	return append(list,
		asks("contains bio", "bio", "contains", other),
		asks("contains_text items", "items", "contains_text", text("zz")),
		asks("contains_text hard", "bio", "contains_text", text(strings.Repeat("a", 600)+"b")),
		asks("contains_text alike", "bio", "contains_text", text("ab"+strings.Repeat("a", 60))),
		asks("glob stars", "bio", "glob", text(strings.Repeat("*a", 40)+"b")),
		asks("glob wide", "signs", "glob", text("*"+strings.Repeat("?", 40)+"b")),
		asks("glob literal", "bio", "glob", text(strings.Repeat("a", 4096)+"b")),
		asks("kind", "short", "kind", none),
		asks("number", "number", "number", none), asks("number digits", "digits", "number", none),
		asks("integer", "short_number", "integer", none),
		asks("read", "bio", "read", func(*program) ops { return seq(i32(0), i32(65536)) }),
		asks("read short", "short", "read", func(*program) ops { return seq(i32(0), i32(65536)) }),
		asks("at items", "items", "at", func(*program) ops { return i32(1499) }),
		asks("at wide", "wide", "at", func(*program) ops { return i32(1499) }),
		asks("at three", "three", "at", func(*program) ops { return i32(2) }),
		asks("key wide", "wide", "key", func(*program) ops { return i32(1499) }),
		asks("key three", "three", "key", func(*program) ops { return i32(2) }),
		asks("get wide", "wide", "get", fieldOf("nones")),
		asks("get found", "wide", "get", fieldOf("k1499")),
		asks("get three", "three", "get", fieldOf("k0002")),
		asks("get_text wide", "wide", "get_text", text("nones")),
		asks("get_text long", "long", "get_text", text(strings.Repeat("k", 1000)+"none")),
		asks("first_in wide", "wide", "first_in", func(p *program) ops { return p.set("nones") }),
		asks("first_in long", "long", "first_in", func(p *program) ops { return p.set("nones") }),
		asks("first_in byte", "bytes", "first_in", func(p *program) ops { return p.set(strings.Repeat("m", 254)) }),
		asks("first_not_in wide", "three", "first_not_in", func(p *program) ops { return p.set("k0000") }),
	)
}

// dearRecord has what makes host calls dear: each field has another beside it
// that is the same but, where that is slower, for the order of its keys.
func dearRecord() string {
	list := func(n int, item func(n int) string) string {
		items := make([]string, n)
		for i := range items {
			items[i] = item(i)
		}
		return strings.Join(items, ",")
	}
	object := func(n int, prefix string) (there, back string) {
		member := func(i int) string { return fmt.Sprintf(`"%s%04d":true`, prefix, i) }
		return "{" + list(n, member) + "}", "{" + list(n, func(i int) string { return member(n - 1 - i) }) + "}"
	}
	var members []string
	add := func(name, one, other string) {
		members = append(members, fmt.Sprintf("%q:%s,%q:%s", name, one, "other_"+name, other))
	}
	add("one", "null", "null")
	add("short", `"a"`, `"a"`)
	add("short_number", "1", "1")
	add("bio", `"`+strings.Repeat("a", 1<<16)+`"`, `"`+strings.Repeat("a", 1<<16)+`"`)
	add("signs", `"`+strings.Repeat("€", 1<<12)+`"`, `""`)
	add("spaces", `"`+strings.Repeat("\u3000", 1<<12)+`"`, `""`)
	add("number", "1.2345678901234567e-300", "1.2345678901234567e-300")
	add("digits", "0."+strings.Repeat("7", 1<<12), "0."+strings.Repeat("7", 1<<12))
	add("items", "["+list(1500, func(n int) string { return fmt.Sprintf(`"v%d"`, n) })+"]", `"zz"`)
	add("numbers", "["+list(1500, func(n int) string { return fmt.Sprint(n) })+"]", "-1")
	add("nested", "["+list(1500, func(int) string { return `{"a":1}` })+"]", `{"a":2}`)
	add("lists", "["+list(1500, func(int) string { return `[[]]` })+"]", `[[[]]]`)
	for name, of := range map[string]struct {
		size   int
		prefix string
	}{"three": {3, "k"}, "wide": {1500, "k"}, "long": {40, strings.Repeat("k", 1000)}, "bytes": {1500, strings.Repeat("m", 250)}} {
		there, back := object(of.size, of.prefix)
		add(name, there, back)
	}
	return "{" + strings.Join(members, ",") + "}"
}
