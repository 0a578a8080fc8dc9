#!/bin/sh
# Runs the tests that stand in a policy that is a file, or a folder with
# src/lib.rs and without other crates; more arguments go to them.
#
#   test-policy.sh posts.rs
set -eu
SDK=$(cd "$(dirname "$0")" && pwd)
. "$SDK/compiler.sh"

[ $# -ge 1 ] || fail "usage: ${0##*/} SOURCE [ARGUMENTS]"
source_file "$1"
shift
RUSTC=${HAPTA_RUSTC:-rustc}
command -v "$RUSTC" >/dev/null || fail "no Rust compiler here: 'apt-get install rustc', or see https://rustup.rs" 1

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
"$RUSTC" --edition 2021 --crate-type rlib --crate-name hapta --cap-lints allow \
	-o "$WORK/libhapta.rlib" "$SDK/src/lib.rs"
policy_rustc --test -o "$WORK/test"
"$WORK/test" "$@"
