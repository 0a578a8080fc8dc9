# Rows of the table, and how they are measured: every row once a round, so that
# whatever else the machine does meets all of them.

connections=64
record_path=records/post00000000001
list_path='records?perPage=30&sort=-created'
write_path=records/post00000000100 # neither the one record nor on the list
writes=bench_write.lua # changes the title of one post after the other
rows=()

# row KEY LABEL ADDRESS COLLECTION CALLERS
row() {
	printf '%s\t%s\n' "$1" "$2" >>"$dir/rows"
	local caller kind path
	for caller in $5; do
		for kind in record list write; do
			case "$caller $kind" in
			*record) path=$record_path ;;
			*list) path=$list_path ;;
			"user write") path=$write_path ;;
			*) continue ;;
			esac
			rows+=("$caller $1 $kind $3/api/collections/$4/$path")
		done
	done
}

# header CALLER ADDRESS: what the caller sends along.
header() {
	case "$1 $2" in
	"guest "*) echo "X-Caller: guest" ;;
	*"$gateway"*) echo "Authorization: $hapta_token" ;;
	*) echo "Authorization: $direct_token" ;;
	esac
}

# write_script makes what wrk runs for a write. Its requests go round the records,
# for writes to one take turns.
write_script() {
	cat >"$dir/$writes" <<-'END'
		local n = 0
		wrk.method = "PATCH"
		wrk.headers["Content-Type"] = "application/json"
		function request()
			n = n % 100 + 1
			local path = wrk.path:gsub("%d+$", function(digits) return string.format("%0" .. #digits .. "d", n) end)
			return wrk.format(nil, path, nil, '{"title":"Measured ' .. n .. '"}')
		end
	END
}

# check_answers proves that all rows answer alike: status 200, and the same
# bytes but for the names of the collections.
check_answers() {
	local entry caller key kind url answer change
	local -A expected=()
	for entry in "${rows[@]}"; do
		read -r caller key kind url <<<"$entry"
		[ $kind = write ] && change=(-X PATCH -H 'Content-Type: application/json' -d '{"title":"Checked"}') || change=()
		answer="$(curl -sf --max-time 10 "${change[@]}" -H "$(header "$caller" "$url")" "$url")" || die "no 200 from $url for a $caller"
		answer="$(sed -E 's/"collection(Id|Name)":"[^"]*"/"collection\1":""/g' <<<"$answer")"
		answer="$(sed -E 's/"updated":"[^"]*"/"updated":""/g' <<<"$answer")"
		[ $kind != list ] || [ "$(grep -o '"collectionId"' <<<"$answer" | wc -l)" = 30 ] || die "not 30 records from $url for a $caller"
		: "${expected[$caller $kind]:=$answer}"
		[ "$answer" = "${expected[$caller $kind]}" ] || die "another answer from $url for a $caller than from PocketBase"
		[ "$key" != nginx_hit ] || curl -sD- -o /dev/null "$url" | grep -qi '^X-Cache: HIT' || die "nginx does not cache $url"
	done
}

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
	[ "$4" != write ] || script=(-s "$dir/$writes")
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
