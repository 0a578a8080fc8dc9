#!/usr/bin/env bash
# Measures how long a start takes with a hundred policies, compiled before, beside
# one with none: from launch to readiness, median of the rounds. Loopback only.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
export LC_ALL=C
rounds=7 policies=100 port=4790
hapta="$here/../../bin/hapta-server"
dir="$(mktemp -d)"
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$dir"' EXIT

# A hundred modules that differ: each has another text in the same place.
mkdir -p "$dir/none/policies" "$dir/many/policies"
for ((n = 100; n < 100 + policies; n++)); do
	LC_ALL=C sed "s/\x00p\x00o\x00s\x00t\x00/\x00${n:0:1}\x00${n:1:1}\x00${n:2:1}\x00t\x00/g" \
		"$here/../../policies/posts.wasm" >"$dir/many/policies/p$n.wasm"
done
[ "$(sha256sum "$dir"/many/policies/*.wasm | cut -d' ' -f1 | sort -u | wc -l)" = "$policies" ]

start() { # FOLDER: prints milliseconds until it is ready
	local began
	began="$(date +%s%N)"
	(cd "$1" && exec env -i PATH="$PATH" HAPTA_SERVER_PORT=$port HAPTA_UPSTREAM_DASHBOARD= "$hapta" serve 2>"$1/log") &
	server=$!
	until curl -sf -o /dev/null "http://127.0.0.1:$port/api/hapta/health/ready"; do
		kill -0 "$server" || { cat "$1/log" >&2; exit 1; }
	done
	echo $((($(date +%s%N) - began) / 1000000)) >>"$1/times"
	kill "$server"
	wait "$server" || true
	server=
}

for folder in none many; do # makes the database, and compiles
	start "$dir/$folder"
	rm "$dir/$folder/times"
done
[ "$(grep -c '"a policy is in force"' "$dir/many/log")" = "$policies" ] || { echo "bench: not all policies loaded" >&2; exit 1; }
for ((round = 0; round < rounds; round++)); do
	start "$dir/none"
	start "$dir/many"
done
paste "$dir/many/times" "$dir/none/times" | awk -v policies=$policies -v rounds=$rounds '
	{ ratio[NR] = $1 / $2; many[NR] = $1; none[NR] = $2 }
	END {
		sorted(ratio); sorted(many); sorted(none); middle = int((NR + 1) / 2)
		printf "\na start with %d policies that were compiled before, to one with none: %.2f  (%.2f-%.2f), median of %d; %d and %d ms\n",
			policies, ratio[middle], ratio[1], ratio[NR], rounds, many[middle], none[middle]
		printf "  at most 2.00, floor 4.00: %s\n", ratio[middle] <= 2 ? "met" : ratio[middle] <= 4 ? "floor" : "missed"
	}
	function sorted(a, i, j, t) {
		for (i = 2; i <= NR; i++) for (j = i; j > 1 && a[j] < a[j-1]; j--) { t = a[j]; a[j] = a[j-1]; a[j-1] = t }
	}'
