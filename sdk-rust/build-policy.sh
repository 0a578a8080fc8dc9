#!/bin/sh
# Compiles a policy to WebAssembly: a file, or a folder with src/lib.rs. Where the
# folder has a Cargo.toml, cargo compiles it, so that it may use other crates.
#
#   build-policy.sh posts.rs posts.wasm
#
# HAPTA_RUSTC   the compiler to use
# HAPTA_PINNED  not empty: only with the compiler that committed policies come
#               from, which gives the same bytes wherever the files lie
set -eu
SDK=$(cd "$(dirname "$0")" && pwd)
. "$SDK/compiler.sh"

[ $# = 2 ] || fail "usage: ${0##*/} SOURCE OUT.wasm"
source_file "$1"
wasm_compiler
[ -z "${HAPTA_PINNED:-}" ] || pinned

mkdir -p "$(dirname "$2")"
OUT=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
WORK=$(mktemp -d)
trap 'rm -rf "$WORK" "$OUT.$$"' EXIT

WASM="--target wasm32-unknown-unknown -C opt-level=s -C panic=abort -C codegen-units=1"

# Files are named from their own folders, so that no path of this machine gets in.
by_rustc() {
	cd "$SDK"
	"$RUSTC" --edition 2021 $WASM --crate-type rlib --crate-name hapta --cap-lints allow \
		--remap-path-prefix "$SDK=hapta" --remap-path-prefix src=hapta \
		-o "$WORK/libhapta.rlib" src/lib.rs
	policy_rustc $WASM --crate-type cdylib --remap-path-prefix "$DIR=." \
		-C lto=fat -C strip=symbols -C overflow-checks=on -C link-arg=-zstack-size=16384 \
		-o "$OUT.$$" || exit 2
}

by_cargo() {
	CARGO=$(dirname "$RUSTC")/cargo # a cargo that goes with the compiler
	[ -x "$CARGO" ] || CARGO=cargo
	command -v "$CARGO" >/dev/null || fail "cargo is missing: 'apt-get install cargo', or see rustup.rs" 1
	MADE=target/wasm32-unknown-unknown/release

	cd "$DIR"
	rm -f "$MADE"/*.wasm
	as_called env RUSTC="$RUSTC" CARGO_ENCODED_RUSTFLAGS="$(flags "--remap-path-prefix=$DIR=." "--remap-path-prefix=$SDK/src=hapta" -Clink-arg=-zstack-size=16384 -Dunused_must_use)" \
		CARGO_PROFILE_RELEASE_OPT_LEVEL=s CARGO_PROFILE_RELEASE_PANIC=abort CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1 \
		CARGO_PROFILE_RELEASE_LTO=fat CARGO_PROFILE_RELEASE_STRIP=symbols CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=true \
		"$CARGO" build --color "$(color)" --quiet --lib --release --target wasm32-unknown-unknown --target-dir target \
		--config profile.release.package.hapta.overflow-checks=false || exit 2
	set -- "$1" "$MADE"/*.wasm
	[ -f "$2" ] || fail "$1/Cargo.toml makes no .wasm: it needs crate-type = [\"cdylib\"] under [lib]"
	cp "$2" "$OUT.$$"
}

# Cargo takes flags with this character between them, so that they may hold blanks.
flags() {
	IFS=$(printf '\037')
	echo "$*"
	unset IFS
}

if [ -f "$DIR/Cargo.toml" ] && [ -d "$1" ]; then
	by_cargo "$1"
else
	by_rustc
fi
chmod 644 "$OUT.$$"
mv "$OUT.$$" "$OUT" # whole or not at all, for a server that watches the folder
