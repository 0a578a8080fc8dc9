#!/usr/bin/env bash
# Measures reads and writes through Hapta, at PocketBase directly and through nginx,
# from the database and from caches, side by side, and prints them as ratios. Loopback only; what it starts and writes
# is gone when it ends. Takes some minutes.
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
source "$here/rows.sh"
source "$here/check.sh"
source "$here/measure.sh"

need_tools
hapta="$here/../../bin/hapta-server"
bare="$here/../../bin/bench-hello"
[ -x "$hapta" ] && [ -x "$bare" ] || die "bin/hapta-server or bin/bench-hello is missing; run ./build.sh bench"

dir="$(mktemp -d)"
trap stop_servers EXIT
trap 'exit 130' INT TERM
start_hello
start_hapta
start_nginx
make_collections
sign_in

# The first row is what the others are compared with. Every row answers the same
# records, and each collection is a copy of posts with rules that say what its
# policy says; posts itself has none, and its policy decides alone.
row direct "PocketBase directly" "$pocketbase" bench_rules "guest user" "record any list write"
row nginx "nginx in front of PocketBase, nothing cached" "$proxy" bench_rules guest "record list"
row hapta "Hapta, no policy: rules decide" "$gateway" bench_rules "guest user" "record list write"
row hapta_both "Hapta, rules and policy decide" "$gateway" bench_both "guest user" "record list write"
row hapta_hidden "Hapta, both, and a field that is hidden" "$gateway" bench_hidden guest "record list"
row hapta_alone "Hapta, the policy alone decides" "$gateway" bench_alone "guest user" "record list write"
# From here on out of caches. What a policy decided holds for the same caller's next
# request too, unless it looked at the clock, as that of bench_timed does. The answer
# of fasthttp is no record but one word: there is nothing less that it could do.
row hello "fasthttp that answers hello to everything" "$hello" posts "guest user" record
row nginx_hit "nginx from its proxy_cache, PocketBase not asked" "$cache" bench_rules "guest user" "record any list"
row hit "Hapta, everyone's; the policy alone decides" "$gateway" posts "guest user" "record any list"
row hit_timed "Hapta, everyone's; its policy called each time" "$gateway" bench_timed user "record list"
row hit_own "Hapta, each user's; rules and policy decide" "$gateway" bench_own user "record any list"

check_answers
measure "$rounds"
check_hits
awk -v rounds="$rounds" -v busy="$(busy)" -f "$here/targets.awk" -f "$here/ratios.awk" -f "$here/table.awk" "$dir/rows" "$dir/results"
versions
