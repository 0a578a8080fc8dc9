# Read by the scripts beside it: which Rust compiler to use, and for what.

fail() {
	echo "${0##*/}: $1" >&2
	exit 2
}

# has_wasm COMPILER: whether it can compile for wasm32-unknown-unknown.
has_wasm() {
	root=$("$1" --print sysroot 2>/dev/null) && [ -d "$root/lib/rustlib/wasm32-unknown-unknown/lib" ]
}

# wasm_compiler: sets RUSTC to HAPTA_RUSTC, else the system's, else the PATH's.
# The system's goes first because committed policies are built with Debian's.
wasm_compiler() {
	for RUSTC in ${HAPTA_RUSTC:-/usr/bin/rustc rustc}; do
		if has_wasm "$RUSTC"; then
			return
		fi
	done
	fail "no Rust compiler here knows wasm32-unknown-unknown: install one with 'apt-get install rustc lld libstd-rust-dev-wasm32' (Debian 12) or add it with 'rustup target add wasm32-unknown-unknown'"
}

# pinned: fails unless RUSTC is the compiler that committed policies come from.
pinned() {
	found=$("$RUSTC" --version)
	[ "$found" = "rustc 1.63.0" ] ||
		fail "committed policies are built with Debian 12's 'rustc 1.63.0', and this is '$found': apt-get install rustc lld libstd-rust-dev-wasm32, or unset HAPTA_PINNED"
}

# source_file FILE: sets DIR, FILE and CRATE, the name of the policy.
source_file() {
	[ -f "$1" ] || fail "there is no file $1"
	DIR=$(cd "$(dirname "$1")" && pwd)
	FILE=$(basename "$1")
	CRATE=$(basename "$1" .rs | tr - _)
	grep -q '^#!\[no_std\]' "$1" || fail "$1 has no standard library to use in WebAssembly: make '#![no_std]' its first line"
}
