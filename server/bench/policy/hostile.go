package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/policy"
)

// hostileFolder holds modules made to do harm; its README says what each tries.
const hostileFolder = "../../policy/testdata/hostile"

// hostile is one of them.
type hostile struct {
	name   string
	module []byte
	policy *policy.Policy // nil: it is refused
}

// bomb tells that the module is one that takes the compiler longer than it may.
func (h *hostile) bomb() bool { return strings.HasPrefix(h.name, "compile_") }

// readHostile loads those that load.
func readHostile(ctx context.Context, e *policy.Engine) (all []*hostile, err error) {
	files, err := filepath.Glob(filepath.Join(hostileFolder, "*.wasm"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there are no hostile modules in %s: this is to be run in its own folder", hostileFolder)
	}
	for _, file := range files {
		h := &hostile{name: strings.TrimSuffix(filepath.Base(file), ".wasm")}
		if h.module, err = os.ReadFile(file); err != nil {
			return nil, err
		}
		if !h.bomb() {
			h.policy, err = e.Load(ctx, h.name, h.module)
		}
		var refused *policy.LoadError
		if err != nil && !errors.As(err, &refused) {
			return nil, err
		}
		all = append(all, h)
	}
	return all, nil
}

// attack has the policy called over and over.
func (h *hostile) attack(ctx context.Context) {
	in := toAttack(h.policy.Manifest().Operations[0])
	pages := slices.Contains(h.policy.Exports(), "hapta_page")
	for ctx.Err() == nil {
		switch { // what comes of it is tested elsewhere
		case in.Operation == abi.OperationList:
			_, _, _ = h.policy.Filter(context.Background(), in)
		case in.Operation != abi.OperationView:
			_, _ = h.policy.Before(context.Background(), in)
		case pages:
			_, _ = h.policy.Page(context.Background(), in, []policy.Record{*in.Stored})
		default:
			_, _ = h.policy.Record(context.Background(), in)
		}
	}
}

// toAttack asks about a record with much for a policy to work on.
func toAttack(o abi.Operation) *policy.Input {
	record := fmt.Sprintf(`{"id":"u1","bio":%q,"wide":%s,"list":[%s1],"digits":0.%s,"keys":%s,"same":%[5]s}`,
		strings.Repeat("a", 1<<16), object(3000, "k"), strings.Repeat("1,", 3000), strings.Repeat("7", 1<<16), object(40, strings.Repeat("k", 1000)))
	return &policy.Input{
		Operation: o, Reason: abi.ReasonAsked, Caller: callerOf(ann),
		Stored:   &policy.Record{Value: fastjson.MustParse(record)},
		Incoming: []policy.Field{{Name: "title", Value: fastjson.MustParse(`"T"`)}},
	}
}

func object(size int, prefix string) string {
	members := make([]string, size)
	for n := range members {
		members[n] = fmt.Sprintf(`"%s%04d":1`, prefix, n)
	}
	return "{" + strings.Join(members, ",") + "}"
}
