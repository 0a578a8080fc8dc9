package policy

import (
	"math"
	"strings"

	"github.com/hapta/hapta/abi"
)

// lies are modules whose verdicts and effects are not what they may be.
func lies() []hostile {
	misuse := func(file, tries, detail string, body func(p *program) ops) hostile {
		return ends(file, tries, abi.FaultInvalid, detail, recording(body))
	}
	says := func(file, tries, detail string, kind, status int, text func(p *program) ops) hostile {
		return misuse("verdict_"+file, tries, detail, func(p *program) ops {
			return seq(i32(kind), p.code("failed"), i32(status), text(p), host("verdict"))
		})
	}
	empty := func(*program) ops { return seq(i32(0), i32(0)) }
	effect := func(file, tries, detail string, body func(p *program) ops) hostile {
		return ends("effect_"+file, tries, abi.FaultInvalid, detail, writing(func(p *program) ops { return seq(body(p), p.allow()) }))
	}
	condition := func(file, tries, detail string, body func(p *program) ops) hostile {
		return ends("filter_"+file, tries, abi.FaultInvalid, detail, narrowing(func(p *program) ops { return seq(body(p), drop(), p.allow()) }))
	}
	return []hostile{
		misuse("verdict_none", "ending without a verdict", "record ended without a verdict", func(*program) ops { return nil }),
		misuse("verdict_twice", "refusing, and allowing after all", "verdict: there is a verdict already: refuse", func(p *program) ops {
			return seq(p.refuse("failed", ""), p.allow())
		}),
		says("unknown", "a verdict that there is not", "verdict: there is no verdict 4242", 4242, 0, empty),
		says("zero", "a verdict of nothing", "verdict: there is no verdict 0", 0, 0, empty),
		misuse("verdict_without_code", "refusing without a code", "verdict: a refusal needs a code", func(*program) ops {
			return seq(i32(2), i32(0), i32(0), i32(0), i32(0), host("verdict"))
		}),
		says("allow_with_status", "allowing with a status", "verdict: 403 is not a status of the verdict allow", 1, 403, empty),
		says("status_200", "refusing with the status of a success", "verdict: 200 is not a status of the verdict refuse", 2, 200, empty),
		says("status_500", "refusing with the status of a failed server", "verdict: 500 is not a status of the verdict refuse", 2, 500, empty),
		says("status_negative", "hiding with a status below zero", "verdict: -404 is not a status of the verdict hide", 3, -404, empty),
		says("message_long", "a message longer than may be sent", "verdict: the message has 1001 bytes; at most 1000 are allowed", 2, 0,
			func(*program) ops { return seq(i32(0), i32(1001)) }),
		says("message_endless", "a message of 4 GiB", "verdict: the message has 4294967295 bytes", 2, 0,
			func(*program) ops { return seq(i32(0), i32(-1)) }),
		says("message_outside", "a message past memory", "verdict: 8 bytes at 4294967292 lie outside memory", 2, 0,
			func(*program) ops { return seq(i32(-4), i32(8)) }),
		says("message_not_utf8", "a message that is not UTF-8", "verdict: the text at 1024 is not UTF-8", 2, 0,
			func(p *program) ops { return seq(i32(p.place([]byte{0xc3, 0x28})), i32(2)) }),
		ends("verdict_of_none_selected", "judging a page without selecting a record", abi.FaultInvalid, "verdict: no record of the page is selected",
			judgingPages(func(p *program) ops { return p.allow() })),
		ends("verdict_twice_on_page", "judging a record of a page twice", abi.FaultInvalid, "verdict: there is a verdict already: allow",
			judgingPages(func(p *program) ops {
				return seq(i32(0), host("select"), p.allow(), i32(1), host("select"), p.allow(), i32(0), host("select"), p.refuse("failed", ""))
			})),
		ends("verdict_left_out_on_page", "judging the last record of a page alone", abi.FaultInvalid, "page ended without a verdict",
			judgingPages(func(p *program) ops { return seq(i32(1), host("select"), p.allow()) })),

		misuse("mask_undeclared", "masking a field that the manifest does not name", `mask: the manifest does not name "email" among what the policy masks`,
			func(p *program) ops { return seq(p.name("email"), host("mask"), p.allow()) }),
		misuse("effect_on_view", "writing where a record is only looked at", "set_null: it may not be called in the phase record",
			func(p *program) ops { return seq(p.name("bio"), host("set_null"), p.allow()) }),
		effect("undeclared", "writing a field that the manifest does not name", `set_text: the manifest does not name "owner" among what the policy writes`,
			func(p *program) ops { return seq(p.name("owner"), p.text("me"), host("set_text")) }),
		effect("on_id", "writing a record's id", `unset: the manifest does not name "id" among what the policy writes`,
			func(p *program) ops { return seq(p.name("id"), host("unset")) }),
		effect("not_a_number", "writing a number that is none", "set_number: NaN cannot be written",
			func(p *program) ops { return seq(p.name("title"), f64(math.NaN()), host("set_number")) }),
		effect("not_a_boolean", "writing a boolean of 2", "set_bool: 2 is not a boolean",
			func(p *program) ops { return seq(p.name("title"), i32(2), host("set_bool")) }),
		effect("absent", "writing a value that is not there", "set_value: an absent value cannot be written",
			func(p *program) ops { return seq(p.name("title"), i32(0), host("set_value")) }),
		effect("masks", "masking a field of what is written", "mask: it may not be called in the phase before",
			func(p *program) ops { return seq(p.name("title"), host("mask")) }),

		condition("on_others", "narrowing by what is no field", `where_null: "@request.auth.id" is not the name of a field`, func(p *program) ops {
			return seq(p.name("@request.auth.id"), i32(1), host("where_null"))
		}),
		condition("injected", "breaking out of a text of the filter", "has a backslash or a control character, which cannot be bound in a filter", func(p *program) ops {
			return seq(p.name("a"), i32(1), p.text(`\' || 1=1 || a='`), host("where_text"))
		}),
		condition("injected_name", "breaking out of a name of the filter", `where_null: "a = 1 || b" is not the name of a field`, func(p *program) ops {
			return seq(p.name("a = 1 || b"), i32(1), host("where_null"))
		}),
		condition("unknown_comparison", "a comparison that there is not", "where_null: there is no comparison 4242", func(p *program) ops {
			return seq(p.name("a"), i32(4242), host("where_null"))
		}),
		condition("infinite", "narrowing by a number that is none", "where_number: a number that is not finite cannot stand in a filter", func(p *program) ops {
			return seq(p.name("a"), i32(1), f64(math.Inf(1)), host("where_number"))
		}),
		condition("giant", "narrowing by a text of which a part cannot be written", "has a backslash or a control character, which cannot be bound in a filter", func(p *program) ops {
			return seq(p.name("a"), i32(1), p.text(strings.Repeat("x", 60000)+"\x00"), host("where_text"))
		}),
	}
}
