#!/usr/bin/env bash
# Builds, runs, tests and packs Hapta. Run it without a command for the binary,
# or with "help" for the list.
set -euo pipefail
cd "$(dirname "$0")"

export GOFLAGS="${GOFLAGS:-} -trimpath"
VERSION="$(git describe --tags --always --dirty 2>/dev/null || echo dev)"
STATICCHECK=honnef.co/go/tools/cmd/staticcheck@v0.8.2

usage() {
	cat <<-'END'
		./build.sh            build bin/hapta-server for this machine
		./build.sh run        build it and start the demo (needs Go only)
		./build.sh policies   compile every policy source in policies/ to .wasm
		./build.sh test       everything that CI runs
		./build.sh bench      measure against nginx, PocketBase and others, print ratios
		./build.sh release    archives for linux and darwin on amd64 and arm64, in dist/
	END
}

say() { printf '\n== %s\n' "$*" >&2; }

need() { # COMMAND, HOW TO GET IT
	command -v "$1" >/dev/null || { echo "build.sh: $1 is missing; $2" >&2; exit 1; }
}

build() { # OUTPUT
	need go "install Go 1.26 or newer from go.dev/dl or your package manager"
	CGO_ENABLED=0 go build -ldflags "-s -w -X main.version=$VERSION" -o "${1:-bin/hapta-server}" ./server
}

# What the TypeScript SDK needs besides Go.
typescript() {
	need node "install Node.js 20 or newer"
	need npm "it comes with Node.js 20 or newer"
	node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || {
		echo "build.sh: Node.js is $(node --version); install version 20 or newer" >&2
		exit 1
	}
	[ -d sdk-ts/node_modules/assemblyscript ] || npm ci --prefix sdk-ts --no-audit --no-fund --silent
}

# Committed policies are compared with what HAPTA_PINNED=1 gives: only the
# toolchains that abi/SPEC.md names.
reproduced() { # SOURCES
	local fresh wasm
	fresh="$(mktemp -d bin/reproduced.XXXXXX)"
	find "$1" -maxdepth 1 '(' -name '*.ts' -o -name '*.rs' ')' -exec cp {} "$fresh" ';'
	HAPTA_PINNED=1 HAPTA_POLICIES_DIR="$fresh" bin/hapta-server policy build
	for wasm in "$1"/*.wasm; do
		cmp "$wasm" "$fresh/$(basename "$wasm")"
	done
	[ "$(cd "$fresh" && ls -- *.wasm)" = "$(cd "$1" && ls -- *.wasm)" ]
	rm -r "$fresh"
}

test_go() {
	say "Go: format, vet, staticcheck, tests with the race detector"
	local unformatted
	unformatted="$(git ls-files '*.go' | xargs gofmt -l)"
	[ -z "$unformatted" ] || { echo "gofmt would change: $unformatted" >&2; exit 1; }
	go vet ./...
	go run "$STATICCHECK" ./...
	go test -race ./...
	CGO_ENABLED=0 go test -run 'Told' ./server/gateway # all of it; with the detector, a part
	CGO_ENABLED=0 go test -run 'AnswersAreThoseOfNow' ./server/coherence # likewise
	(cd server/bench/policy && go vet ./... && go run "$STATICCHECK" ./... && go test ./...)
}

# What a fuzzer finds is left in testdata/fuzz, to be kept as a test.
test_fuzz() {
	say "fuzzers, for a while"
	go test -run '^$' -fuzz '^FuzzInspect$' -fuzztime 20000x ./server/policy/wasm
	go test -run '^$' -fuzz '^FuzzInstrument$' -fuzztime 500x ./server/policy/wasm
	go test -run '^$' -fuzz '^FuzzHostFunctions$' -fuzztime 2000x ./server/policy
	go test -run '^$' -fuzz '^FuzzClientCannotChoose$' -fuzztime 20000x ./server/clientip
	go test -run '^$' -fuzz '^FuzzHeaderIsReadAlike$' -fuzztime 20000x ./server/httpapi/plain
}

test_sdks() {
	say "TypeScript SDK"
	npm test --prefix sdk-ts --silent
	say "Rust SDK"
	(cd sdk-rust && cargo test --quiet && { ! cargo fmt --version >/dev/null 2>&1 || cargo fmt --check; })
	say "both SDKs can be published"
	(cd sdk-ts && npm pack --dry-run --silent >/dev/null)
	(cd sdk-rust && cargo package --quiet --offline --allow-dirty --no-verify)
	say "policies come out of their sources byte for byte"
	build
	reproduced policies
	reproduced server/gateway/testdata/policies
	reproduced server/bench/policies
	reproduced server/bench/policy/rules
	reproduced server/policy/testdata/vectors
}

test_end_to_end() {
	say "end to end, with the official client against real PocketBases"
	build
	npm ci --prefix server/e2e --no-audit --no-fund --silent
	npm test --prefix server/e2e --silent
}

run_tests() {
	typescript
	need cargo "install Rust; on Debian: apt-get install cargo lld libstd-rust-dev-wasm32"
	need curl "install curl"
	need git "install git"
	local before
	before="$(git status --porcelain 2>/dev/null || true)"
	test_go
	test_fuzz
	test_sdks
	test_end_to_end
	[ "$before" = "$(git status --porcelain 2>/dev/null || true)" ] || {
		echo "build.sh: the tests changed files of the tree:" >&2
		git status --porcelain >&2
		exit 1
	}
	say "everything passed"
}

release() {
	local os arch dir
	rm -rf dist && mkdir dist
	for os in linux darwin; do
		for arch in amd64 arm64; do
			dir="hapta-server-$VERSION-$os-$arch"
			mkdir "dist/$dir"
			GOOS=$os GOARCH=$arch build "dist/$dir/hapta-server"
			cp -r README.md LICENSE hapta.toml policies "dist/$dir/"
			tar -C dist -czf "dist/$dir.tar.gz" "$dir"
			rm -r "dist/$dir"
		done
	done
	(cd dist && sha256sum ./*.tar.gz >SHA256SUMS)
	ls dist
}

case "${1:-build}" in
build) build ;;
run)
	build
	exec bin/hapta-server serve --demo
	;;
policies)
	build
	bin/hapta-server policy build
	;;
test) run_tests ;;
bench)
	build
	(cd server/bench/policy && go run .)
	go test -run '^$' -bench . ./server/session ./server/ratelimit
	go run ./server/bench/limits
	server/bench/start.sh
	CGO_ENABLED=0 go build -o bin/bench-hello ./server/bench/hello
	exec server/bench/run.sh
	;;
release) release ;;
help | -h | --help) usage ;;
*)
	usage >&2
	exit 2
	;;
esac
