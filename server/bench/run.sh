#!/usr/bin/env bash
# Measures reads and writes through Hapta, at PocketBase directly and through nginx
# side by side, and prints them as ratios. Loopback only; what it starts and writes
# is gone when it ends. Takes about three minutes.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
PATH="$PATH:/usr/sbin" # where Debian keeps nginx
export LC_ALL=C        # numbers with a point

usage() {
	cat <<-'END'
		server/bench/run.sh [--rounds N] [--install]
		  --rounds N   rounds that count, each a second per measurement; 5
		  --install    get what is missing from Debian's packages first (as root;
		               where services run, Debian starts nginx's own on port 80)
	END
}

die() { echo "bench: $*" >&2; exit 1; }

rounds=5 install=no
while [ $# -gt 0 ]; do
	case "$1" in
	--rounds) rounds="${2:-}"; shift ;;
	--install) install=yes ;;
	-h | --help) usage; exit ;;
	*) usage >&2; exit 2 ;;
	esac
	shift
done
[[ "$rounds" =~ ^[1-9][0-9]?$ ]] || { echo "bench: --rounds takes a number from 1 to 99" >&2; exit 2; }

source "$here/tools.sh"
source "$here/servers.sh"
source "$here/collections.sh"
source "$here/ticks.sh"
source "$here/measure.sh"

need_tools
hapta="$here/../../bin/hapta-server"
[ -x "$hapta" ] || die "bin/hapta-server is missing; run ./build.sh bench"

dir="$(mktemp -d)"
trap stop_servers EXIT
trap 'exit 130' INT TERM
start_hapta
start_nginx
make_collections
sign_in

# row: KEY LABEL ADDRESS COLLECTION CALLERS
# The first is what the others are compared with. Every row answers the same
# records, and each collection is a copy of posts with rules that say what its
# policy says; posts itself has none.
row direct "PocketBase directly" "$pocketbase" bench_rules "guest user"
row nginx "nginx in front of PocketBase, nothing cached" "$proxy" bench_rules guest
row nginx_hit "nginx from its proxy_cache, PocketBase not asked" "$cache" bench_rules guest
row hapta "Hapta, no policy: rules decide" "$gateway" bench_rules "guest user"
row hapta_both "Hapta, rules and policy decide" "$gateway" bench_both "guest user"
row hapta_hidden "Hapta, both, and a field that is hidden" "$gateway" bench_hidden guest
row hapta_alone "Hapta, the policy alone decides (posts)" "$gateway" posts "guest user"

write_script
check_answers
measure "$rounds"
awk -v rounds="$rounds" -v busy="$(busy)" -f "$here/table.awk" "$dir/rows" "$dir/results"
versions
