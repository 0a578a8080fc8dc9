package policy

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/hapta/hapta/abi"
)

// refusedInterfaces are modules that import what there is not, or that export
// what they may not.
func refusedInterfaces() []hostile {
	imports := func(file, tries, want string, module, name string, more ...byte) hostile {
		list := vec(slices.Concat(text(module), text(name), more))
		memory := vec(append(text("memory"), 2, 0))
		return refused("import_"+file, tries, want, with(map[byte][]byte{2: list, 3: nil, 7: memory, 10: nil}))
	}
	exports := func(file, tries, want string, list ...[]byte) hostile {
		list = append(list, append(text("memory"), 2, 0))
		return refused("export_"+file, tries, want, with(map[byte][]byte{7: vec(list...)}))
	}
	function := func(name string, n int) []byte {
		return slices.Concat(text(name), []byte{0}, uleb(len(abi.Functions)+1+n))
	}
	record := function("hapta_record", 1)
	return []hostile{
		imports("seed", "importing chance", "imports env.seed, which is not offered; policies have no random numbers", "env", "seed", 0, 0),
		imports("clock", "importing a clock", "imports env.Date.now, which is not offered; use the SDK's now, which is frozen for the call", "env", "Date.now", 0, 0),
		imports("wasi", "importing the system", "imports wasi_snapshot_preview1.fd_write, which is not offered; policies have no system to talk to", "wasi_snapshot_preview1", "fd_write", 0, 0),
		imports("module", "importing from anywhere", "imports evil.get, which is not offered; only functions of hapta_v1 and env.abort are", "evil", "get", 0, 0),
		imports("function", "importing a function that there is not", "imports hapta_v1.shell, which is not offered; the SDK that built the policy is newer than this server", abi.Module, "shell", 0, 0),
		imports("version", "importing from a later ABI", "imports hapta_v2.get, which is not offered; this server speaks hapta_v1", "hapta_v2", "get", 0, 0),
		imports("type", "importing a function as one of another type", "imports hapta_v1.verdict with the type (i32, i32) -> i32, which is not its type", abi.Module, "verdict", 0, 0),
		imports("type_outside", "importing a function of a type that there is not", "there is no type 4000000", abi.Module, "get", append([]byte{0}, uleb(4_000_000)...)...),
		imports("memory", "importing memory", `imports "env"."memory", which is a memory`, "env", "memory", 2, 0, 1),
		imports("table", "importing a table", `imports "env"."table", which is a table`, "env", "table", 1, 0x70, 0, 1),
		imports("global", "importing a global", `imports "env"."global", which is a global`, "env", "global", 3, 0x7f, 1),
		imports("name_not_utf8", "importing by a name that is not UTF-8", "a name is not valid UTF-8", "env", "\xff\xfe", 0, 0),

		exports("twice", "two exports of one name", `two exports are named "hapta_record"`, record, record),
		exports("reserved", "exporting what the host reads the fuel by", `the module exports "hapta.fuel"; names that begin with "hapta." are reserved`, record, function("hapta.fuel", 0)),
		exports("misspelt", "a judging function that is not called", "exports hapta_recrod, which hapta_v1 does not know", record, function("hapta_recrod", 0)),
		exports("left_out", "handling views without judging them", "names the operation view, but it does not export hapta_record", function("record", 1)),
		exports("type", "a judging function that takes nothing", "its export hapta_record is not a function with 2 parameters i32 and no result", function("hapta_record", 0)),
		exports("of_host_function", "judging by a function of the host", "its export hapta_record is not a function with 2 parameters i32 and no result", append(text("hapta_record"), 0, 0)),
		exports("of_memory", "judging by memory", "its export hapta_record is not a function with 2 parameters i32 and no result", append(text("hapta_record"), 2, 0)),
		exports("outside", "exporting a function that there is not", "which does not exist", append(text("hapta_record"), append([]byte{0}, uleb(most)...)...)),
		refused("export_no_memory", "keeping memory to itself", "it does not export its memory as memory", with(map[byte][]byte{7: vec(record)})),
		refused("start", "running before there is any fuel", "the module has a start function, which policies may not have", with(map[byte][]byte{8: uleb(len(abi.Functions) + 1)})),
		refused("tags", "exceptions of its own", "the module declares exception tags", with(map[byte][]byte{13: {1, 0, 0}})),
	}
}

// forgedManifests are modules that say of themselves what they may not.
func forgedManifests() []hostile {
	says := func(file, tries, want, manifest string) hostile {
		p := allowing()
		p.manifest = manifest
		return refused("manifest_"+file, tries, "its manifest is not valid: "+want, p.build())
	}
	second := func(file, tries, want string, more []byte) hostile {
		p := allowing()
		p.rest = more
		return refused("manifest_"+file, tries, want, p.build())
	}
	member := func(m string) string { return manifestOf("view", m) }
	forged := rawSection(0, append(text(abi.ManifestSection), manifestOf("view", `"writes":["role"]`)...))
	var names []string
	for n := range 257 {
		names = append(names, fmt.Sprintf(`"f%d"`, n))
	}
	spins := func(file, tries, detail string, m string, body ops) hostile {
		p := recording(func(*program) ops { return body })
		p.manifest = member(m)
		code := abi.FaultOutOfFuel
		if strings.Contains(m, "memory") {
			code = abi.FaultOutOfMemory
		}
		return ends("manifest_"+file, tries, code, detail, p)
	}
	return []hostile{
		refused("manifest_missing", "having no manifest", "it is no policy of Hapta's, which have one custom section hapta_manifest; it has 0", with(map[byte][]byte{0: nil})),
		second("two", "a second manifest, which says something else", "it has 2", forged),
		says("empty", "an empty manifest", "it is not a JSON object", ""),
		says("not_json", "a manifest that is no JSON", "it is not JSON", `{"name":`),
		says("list", "a manifest that is a list", "it is not a JSON object", `[]`),
		says("not_utf8", "a manifest that is not UTF-8", "it is not UTF-8", "{\"name\":\"\xff\"}"),
		says("trailing", "another object after the manifest", "there is something after the JSON object", manifestOf("view")+`{}`),
		says("huge", "a manifest of 66,000 bytes", "it has 66064 bytes; at most 65536 are allowed", manifestOf("view")+strings.Repeat(" ", 66_000)),
		says("deep", "lists 20,000 deep", "it is not JSON", `{"codes":`+strings.Repeat("[", 20_000)+strings.Repeat("]", 20_000)+`}`),
		says("unknown_key", "a key that there is not", `it is not the JSON object that is expected: json: unknown field "authority"`, member(`"authority":"policy"`)),
		says("repeated_key", "one key with two meanings", `the key "writes" is there twice`, member(`"writes":[],"writes":["role"]`)),
		says("escaped_key", "the same, spelt differently", `the key "writes" is there twice`, member(`"writes":[],"wr\u0069tes":["role"]`)),
		says("case_of_key", "a key that only some readers take for known", `unknown key "Writes"`, member(`"Writes":["role"]`)),
		says("operation_unknown", "an operation that there is not", `there is no operation "sudo"`, manifestOf("sudo")),
		says("operation_none", "no operation", "it names no operation", `{"name":"test","operations":[]}`),
		refused("manifest_operation_other", "an operation that it has no function for", "names the operation delete, but it does not export hapta_before",
			func() []byte { p := allowing(); p.manifest = manifestOf("view delete"); return p.build() }()),
		says("code_of_host", "a code of the host's own", `codes: "policy_trapped": codes that begin with policy_ are the host's own`, `{"name":"test","operations":["view"],"codes":["policy_trapped"]}`),
		says("writes_id", "writing ids", `"id" can be neither written nor masked`, member(`"writes":["id"]`)),
		says("public_and_masked", "a field that is public and masked", `"email" cannot be both public and masked`, member(`"masks":["email"],"public":["email"]`)),
		says("names_many", "writing 257 fields", "writes: there are 257; at most 256 are allowed", member(`"writes":[`+strings.Join(names, ",")+`]`)),
		says("name_injected", "a name with a line break for the log", `the name "a\nb" is not 1 to 64 letters, digits, _, . or -`, `{"name":"a\nb","operations":["view"]}`),
		says("fuel_negative", "less than no fuel", "fuel: -1 is less than 1", member(`"fuel":-1`)),
		says("fuel_overflow", "more fuel than fits a number", "it is not the JSON object that is expected", member(`"fuel":99999999999999999999`)),
		spins("fuel", "more fuel than there is", "the call did more work than its 300000 units of fuel allow", `"fuel":9000000000000000000`, forever()),
		spins("memory", "more memory than there is", "the call asked for more than 1048576 bytes of memory", `"memory":9000000000000000000`,
			seq(grow(16), i32(-1), same(), when(unreachable()))),
	}
}

// badInits are modules whose init is what does harm.
func badInits() []hostile {
	inits := func(file, tries, want string, body func(p *program) ops) hostile {
		p := allowing()
		p.exports["hapta_init"] = body(p)
		return refused("init_"+file, tries, "its init failed: "+want, p.build())
	}
	return []hostile{
		inits("loop", "an init without end", "policy_out_of_fuel", func(*program) ops { return forever() }),
		inits("trap", "an init that traps", "policy_trapped: unreachable", func(*program) ops { return unreachable() }),
		inits("recursion", "an init that calls itself", "policy_trapped: functions call each other too deeply", func(*program) ops { return ownFunction(0) }),
		inits("memory", "an init that fails for want of memory", "policy_out_of_memory", func(*program) ops { return seq(grow(16), drop(), unreachable()) }),
		inits("asks", "an init that asks for a request's data", "policy_invalid: root: it may not be called in the phase init", func(*program) ops { return seq(i32(1), host("root"), drop()) }),
		inits("decides", "an init that decides", "policy_invalid: verdict: it may not be called in the phase init", func(p *program) ops { return p.allow() }),
		inits("names", "interning names without end", "policy_invalid: name: there are more than 4096 names", func(p *program) ops {
			var text []byte // of which any four bytes differ from any other four
			for n := range 2100 {
				text = append(text, byte('A'+n/26%26), byte('a'+n%26), byte('0'+n/676))
			}
			at := p.place(text)
			return forever(i32(at), local(2), add(), i32(4), host("name"), drop(), local(2), i32(1), add(), setLocal(2))
		}),
		inits("name_empty", "interning an empty name", "policy_invalid: name: a name has 1 to 255 bytes, not 0", func(*program) ops { return seq(i32(0), i32(0), host("name"), drop()) }),
		inits("name_long", "interning a name of 256 bytes", "policy_invalid: name: a name has 1 to 255 bytes, not 256", func(p *program) ops {
			return seq(i32(0), i32(256), host("name"), drop())
		}),
		inits("name_not_utf8", "interning a name that is not UTF-8", "policy_invalid: name: the text at 1024 is not UTF-8", func(p *program) ops {
			return seq(i32(p.place([]byte{0xff})), i32(1), host("name"), drop())
		}),
		inits("set_huge", "a set of 4 billion names", "policy_invalid: name_set: a set has at most 4096 names, not 4294967295", func(*program) ops { return seq(i32(0), i32(-1), host("name_set"), drop()) }),
		inits("set_forged", "a set of names that were not interned", "policy_invalid: name_set: 1 is not the id of a name", func(p *program) ops {
			return seq(i32(p.place([]byte{1, 0, 0, 0})), i32(1), host("name_set"), drop())
		}),
		inits("sets", "sets of names without end", "policy_invalid: name_set: there are more than 256 sets of names", func(p *program) ops {
			for n := range 257 {
				p.set(fmt.Sprint("n", n))
			}
			return nil
		}),
		inits("sets_dear", "sets of 4,096 names, of which each takes memory", "policy_out_of_fuel", func(p *program) ops {
			ids := bytes.Repeat([]byte{1, 0, 0, 0}, 2*4096)
			ids[4*4096] = 2 // so that no two stretches of them are the same set
			at := p.place(ids)
			p.name("a")
			p.name("b")
			return times(12, i32(at), local(3), i32(2), op(0x74), add(), i32(4096), host("name_set"), drop())
		}),
		inits("code", "a code that the manifest does not name", `policy_invalid: code: the manifest does not name the code "unheard"`, func(p *program) ops { return seq(p.text("unheard"), host("code"), drop()) }),
		harmless("init_hoards", "an init that takes all the memory that there is", func() *program {
			p := allowing()
			p.exports["hapta_init"] = seq(grow(15), drop(), times(4, fill(0, 1, 1000)))
			return p
		}()),
		ends("init_dear", "an init that takes nearly all of its fuel, and calls that trap, so that it is run again", abi.FaultTrapped, "unreachable", func() *program {
			p := recording(func(*program) ops { return unreachable() })
			p.exports["hapta_init"] = times(35_000)
			return p
		}()),
	}
}
