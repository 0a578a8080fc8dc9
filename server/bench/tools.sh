# What the measurements need besides the server itself.

# need_tools says in one line what is missing, or gets it when asked to.
need_tools() {
	[ -r /proc/stat ] || die "it measures on Linux only, where /proc tells processor time"
	local missing=()
	command -v curl >/dev/null || missing+=(curl)
	command -v wrk >/dev/null || missing+=(wrk)
	command -v nginx >/dev/null || missing+=(nginx-light)
	[ ${#missing[@]} -gt 0 ] || return 0
	if [ "$install" = yes ]; then
		[ "$(id -u)" = 0 ] || die "--install needs root"
		command -v apt-get >/dev/null || die "--install works on Debian only; missing: ${missing[*]}"
		apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
		return
	fi
	die "missing: ${missing[*]}; on Debian: apt-get install ${missing[*]}, or server/bench/run.sh --install"
}

# versions tells what was measured, and where.
versions() {
	local server
	server="$("$hapta" version)"
	echo
	echo "measured with"
	printf '  hapta %s, pocketbase %s, %s\n' \
		"$(awk '$1 == "hapta-server" { print $2 }' <<<"$server")" \
		"$(awk '$1 == "pocketbase" { print $2 }' <<<"$server")" \
		"$(awk '$1 == "go" { print $2, $3 }' <<<"$server")"
	printf '  wrk %s, %s connections; nginx %s; fasthttp %s\n' \
		"$(wrk -v 2>&1 | awk 'NR == 1 { print $2 }')" "$connections" "$(nginx -v 2>&1 | sed 's|.*/||')" \
		"$(awk '$1 == "github.com/valyala/fasthttp" { print $2 }' "$here/../../go.mod")"
	printf '  %s cores, shared by load and servers; others used %s %% of them\n' "$(getconf _NPROCESSORS_ONLN)" "$(busy)"
}
