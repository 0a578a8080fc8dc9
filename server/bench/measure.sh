# How the rows are measured: every one once a round, so that whatever else the
# machine does meets all of them.

connections=64

# measure ROUNDS. Rows that are compared with each other come right after each
# other; a second of each way warms up and does not count.
measure() {
	local round entry
	mapfile -t rows < <(printf '%s\n' "${rows[@]}" | sort -s -k1,1 -k3,3)
	for entry in "${rows[@]}"; do
		[[ "$entry" != "user "* ]] || measure_row 0 $entry
	done
	ticks_before="$(ticks)"
	for ((round = 1; round <= $1; round++)); do
		echo "bench: round $round of $1" >&2
		for entry in "${rows[@]}"; do
			measure_row $round $entry
		done
	done
	ticks_after="$(ticks)"
}

# measure_row ROUND CALLER KEY KIND URL: adds a line to the results, which ends
# with speed, requests and the servers' processor time. A row that did not answer
# everything has no speed.
measure_row() {
	local out before script=()
	[ ! -f "$here/$4.lua" ] || script=(-s "$here/$4.lua")
	before="$(server_ticks)"
	out="$(wrk -t2 -c"$connections" -d1s --timeout 10s "${script[@]}" -H "$(header "$2" "$5")" "$5")" || die "wrk failed: $out"
	! grep -E 'Socket errors|Non-2xx' <<<"$out" >&2 || die "not every request to $5 was answered"
	grep -q '^ *[1-9][0-9]* requests in' <<<"$out" || die "nothing was answered in a second at $5; the machine is too busy to measure"
	rest
	[ "$1" = 0 ] || awk -v head="$1 $2 $3 $4" -v ticks=$(($(server_ticks) - before)) '
		$2 == "requests" { requests = $1 }
		$1 == "Requests/sec:" { print head, $2, requests, ticks }' <<<"$out" >>"$dir/results"
}

# rest waits, a second at most, until the servers do nothing. PocketBase writes
# its log of requests behind them, which would be charged to the next row.
rest() {
	local tries=10 last now
	now="$(server_ticks)"
	while [ $((tries -= 1)) -ge 0 ]; do
		sleep 0.1
		last=$now now="$(server_ticks)"
		[ $((now - last)) -gt 1 ] || return 0
	done
}
