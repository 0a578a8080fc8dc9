package policy

import (
	"os"
	"testing"

	"github.com/hapta/hapta/abi"
)

const benchRecord = `{"id":"r00000000000001","collectionId":"c1","collectionName":"posts","title":"A title","body":"Some text of a post.","tags":["a","b"],"published":true,"author":"u00000000000001","created":"2024-05-01 12:00:00.000Z"}`

// ownershipRule allows the author alone.
func ownershipRule() *program {
	p := &program{manifest: manifestOf("view")}
	judge := seq(p.field(abi.RootCaller, "id"), p.field(abi.RootStored, "author"), host("equals"), op(0x45),
		when(p.refuse("other", "")))
	allow := seq(p.field(abi.RootCaller, "id"), p.field(abi.RootStored, "author"), host("equals"), when(p.allow()))
	p.exports = map[string]ops{
		"hapta_record": seq(judge, allow),
		"hapta_page": loop(local(3), host("select"), judge, allow,
			local(3), i32(1), add(), setLocal(3), local(3), local(2), op(0x49), againIf()),
	}
	return p
}

func BenchmarkRecord(b *testing.B) {
	p := load(b, anew(), ownershipRule())
	in := view(b, benchRecord)
	in.Caller = parse(b, `{"id":"u00000000000001"}`)
	b.ReportAllocs()
	for b.Loop() {
		if d, err := p.Record(b.Context(), in); err != nil || d.Verdict != abi.VerdictAllow {
			b.Fatal(d, err)
		}
	}
}

func BenchmarkPage100(b *testing.B) {
	p := load(b, anew(), ownershipRule())
	in := view(b, benchRecord)
	in.Caller = parse(b, `{"id":"u00000000000001"}`)
	records := make([]Record, 100)
	for i := range records {
		records[i] = *in.Stored
	}
	b.ReportAllocs()
	for b.Loop() {
		if d, err := p.Page(b.Context(), in, records); err != nil || d[99].Verdict != abi.VerdictAllow {
			b.Fatal(d, err)
		}
	}
}

// BenchmarkTree runs what the SDKs make of a rule of the tree.
func BenchmarkTree(b *testing.B) {
	f := func(name string, in *Input) {
		b.Run(name, func(b *testing.B) {
			module, err := os.ReadFile("../../policies/" + name + ".wasm")
			if err != nil {
				b.Fatal(err)
			}
			p, err := anew().Load(b.Context(), name, module)
			if err != nil {
				b.Fatal(err)
			}
			defer p.Retire()
			in.Caller = parse(b, ann)
			b.ReportAllocs()
			for b.Loop() {
				if in.Operation == abi.OperationView {
					_, err = p.Record(b.Context(), in)
				} else {
					_, err = p.Before(b.Context(), in)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	f("posts", view(b, benchRecord))
	update := view(b, benchRecord)
	update.Operation = abi.OperationUpdate
	f("comments", update)
}
