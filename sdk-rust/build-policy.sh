#!/bin/sh
# Compiles a policy of one file to WebAssembly.
#
#   build-policy.sh posts.rs posts.wasm
#
# HAPTA_RUSTC   the compiler to use
# HAPTA_PINNED  not empty: only with the compiler that committed policies come
#               from, which gives the same bytes wherever the files lie
set -eu
SDK=$(cd "$(dirname "$0")" && pwd)
. "$SDK/compiler.sh"

[ $# = 2 ] || fail "usage: ${0##*/} SOURCE.rs OUT.wasm"
source_file "$1"
wasm_compiler
[ -z "${HAPTA_PINNED:-}" ] || pinned

mkdir -p "$(dirname "$2")"
OUT=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
WORK=$(mktemp -d)
trap 'rm -rf "$WORK" "$OUT.$$"' EXIT

compile() {
	"$RUSTC" --edition 2021 --target wasm32-unknown-unknown \
		-C opt-level=s -C panic=abort -C codegen-units=1 "$@"
}

# Files are named from their own folders, so that no path of this machine gets in.
cd "$SDK"
compile --crate-type rlib --crate-name hapta --cap-lints allow \
	--remap-path-prefix "$SDK=hapta" --remap-path-prefix src=hapta \
	-o "$WORK/libhapta.rlib" src/lib.rs

cd "$DIR"
compile --crate-type cdylib --crate-name "$CRATE" --extern "hapta=$WORK/libhapta.rlib" \
	--remap-path-prefix "$DIR=." \
	-C lto=fat -C strip=symbols -C overflow-checks=on -C link-arg=-zstack-size=16384 \
	-o "$OUT.$$" "$FILE"
chmod 644 "$OUT.$$"
mv "$OUT.$$" "$OUT" # whole or not at all, for a server that watches the folder
