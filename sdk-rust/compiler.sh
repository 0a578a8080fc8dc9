# Read by the scripts beside it: which Rust compiler to use, and for what.

fail() { # MESSAGE [STATUS]: 2 is for what whoever calls did wrong, 1 for the rest
	echo "${0##*/}: $1" >&2
	exit "${2:-2}"
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
	fail "no Rust compiler here knows wasm32-unknown-unknown: install one with 'apt-get install rustc lld libstd-rust-dev-wasm32' (Debian 12), or get Rust from rustup.rs and run 'rustup target add wasm32-unknown-unknown'" 1
}

# pinned: fails unless RUSTC is the compiler that committed policies come from.
pinned() {
	found=$("$RUSTC" --version)
	[ "$found" = "rustc 1.63.0" ] ||
		fail "committed policies are built with Debian 12's 'rustc 1.63.0', and this is '$found': apt-get install rustc lld libstd-rust-dev-wasm32, or unset HAPTA_PINNED" 1
}

# source_file NAME: sets SOURCE, or DIR and FILE, for a file or for a folder with
# src/lib.rs in it; BEFORE, what the caller writes before a path from DIR; and
# HAPTA_POLICY, the policy's name, which policy! reads.
source_file() {
	SOURCE=$1
	[ ! -d "$1" ] || SOURCE=$1/src/lib.rs
	[ -f "$SOURCE" ] || fail "there is no file $SOURCE"
	grep -q '^#!\[no_std\]' "$SOURCE" || fail "$SOURCE has no standard library to use in WebAssembly: make '#![no_std]' its first line"
	if [ -d "$1" ]; then
		DIR=$(cd "$1" && pwd)
		FILE=src/lib.rs
		BEFORE=${1%/}/
		HAPTA_POLICY=$(basename "$DIR")
	else
		DIR=$(cd "$(dirname "$1")" && pwd)
		FILE=$(basename "$1")
		BEFORE=${1%"$FILE"}
		HAPTA_POLICY=${FILE%.rs}
	fi
	case $HAPTA_POLICY in
	*[!A-Za-z0-9_.-]*) fail "a policy's name is of A-Z, a-z, 0-9, _, . and -, as its collection's is: rename $1" ;;
	esac
	export HAPTA_POLICY
}

# policy_rustc ARGUMENTS: compiles the policy. The crate has one name whatever the
# policy's is, which may be a keyword, or hapta. A verdict that is made and dropped
# is a mistake.
policy_rustc() {
	cd "$DIR"
	as_called "$RUSTC" --edition 2021 --crate-name policy --extern "hapta=$WORK/libhapta.rlib" \
		-D unused_must_use --color "$(color)" "$@" "$FILE"
}

color() {
	if [ -t 2 ]; then echo always; else echo never; fi
}

# as_called COMMAND ARGUMENTS: runs a compiler in DIR, and has its complaints name
# files as whoever calls would. The SDK's own are called hapta/….
as_called() {
	status=0
	"$@" 2>"$WORK/said" || status=$?
	escape=$(printf '\033')
	arrow="^\\([ $escape[0-9;m]*[-:][-:][>:] \\($escape\\[[0-9;]*m\\)*\\)"
	before=$(printf %s "$BEFORE" | sed 's/[\\&|]/\\&/g')
	sed -e "/${arrow}hapta\\//b" -e "s|$arrow\\([^/]\\)|\\1$before\\3|" "$WORK/said" >&2
	return "$status"
}
