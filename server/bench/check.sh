# What is proven about the rows.

# check_answers proves that all rows answer alike: status 200, and the same
# bytes but for the names of the collections.
check_answers() {
	local entry caller key kind url answer change
	local -A expected=()
	for entry in "${rows[@]}"; do
		read -r caller key kind url <<<"$entry"
		[ $kind = write ] && change=(-X PATCH -H 'Content-Type: application/json' -d '{"title":"Checked"}') || change=()
		answer="$(curl -sf --max-time 10 "${change[@]}" -H "$(header "$caller" "$url")" "$url")" || die "no 200 from $url for a $caller"
		[ $key != hello ] || continue
		answer="$(sed -E 's/"collection(Id|Name)":"[^"]*"/"collection\1":""/g' <<<"$answer")"
		answer="$(sed -E 's/"updated":"[^"]*"/"updated":""/g' <<<"$answer")"
		[ $kind != list ] || [ "$(grep -o '"collectionId"' <<<"$answer" | wc -l)" = 30 ] || die "not 30 records from $url for a $caller"
		: "${expected[$caller $kind]:=$answer}"
		[ "$answer" = "${expected[$caller $kind]}" ] || die "another answer from $url for a $caller than from PocketBase"
		[ $kind = write ] || check_cache
	done
}

# check_cache proves that an answer comes from a cache if its row says so, and only
# then; at once or soon, for what is new in the database drops what was kept.
check_cache() {
	local expected
	case "$key" in
	nginx_hit) expected='X-Cache: HIT' ;;
	hit*) expected='X-Hapta-Cache: hit' ;;
	hapta*) expected='X-Hapta-Cache: bypass' ;;
	*) return 0 ;;
	esac
	await answers_with "$expected" || die "not $expected from $url for a $caller"
}

answers_with() { # HEADER
	curl -sf --max-time 10 -D- -o /dev/null -H "$(header "$caller" "$url")" "$url" | tr -d '\r' | grep -ix "$1"
}

# check_hits proves by Hapta's own count that what was measured as cached was, but for
# one read in a hundred at most.
check_hits() {
	local counts name
	counts="$(curl -sf "$gateway/api/hapta/admin/cache" -H "X-Hapta-Admin-Key: $admin_key")" || die "Hapta does not tell what came from its cache"
	for name in posts bench_own bench_timed; do
		tr '{' '\n' <<<"$counts" | sed -n "/\"$name\"/s/[^0-9,]//gp" |
			awk -F, '{ exit !($2 > 99 * ($3 + $4 + $5)) }' || die "not all reads of $name were hits: $counts"
	done
}
