# The servers under measurement. Hapta's embedded PocketBase also has a port of
# its own, which is PocketBase directly, and nginx stands in front of that one. A bare
# fasthttp server stands for itself.

admin=bench@example.com
password="bench-$RANDOM$RANDOM$RANDOM"
admin_key="$(od -An -tx1 -N16 /dev/urandom | tr -d " \n")"
children=()

# free_port prints a port that nobody listens on, below those that the kernel
# hands out to clients.
free_port() {
	local port
	while :; do
		port=$((20000 + RANDOM % 12000))
		(: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo "$port"
}

# await COMMAND...: for at most 30 seconds, as long as the newest child lives.
await() {
	local tries=300
	until "$@" >/dev/null 2>&1; do
		kill -0 "${children[-1]}" 2>/dev/null || return 1
		[ $((tries -= 1)) -gt 0 ] || return 1
		sleep 0.1
	done
}

start_hello() {
	hello="http://127.0.0.1:$(free_port)"
	"$bare" "${hello#http://}" &
	children+=($!)
	await curl -sf "$hello" || die "the bare fasthttp server did not start"
}

start_hapta() {
	pocketbase="http://127.0.0.1:$(free_port)"
	mkdir "$dir/policies"
	cp "$here"/../../policies/*.wasm "$here"/policies/*.wasm "$dir/policies/"
	# The guarded copies of posts are judged by the policy of posts.
	local name
	for name in "${judged[@]}"; do
		cp "$dir/policies/posts.wasm" "$dir/policies/$name.wasm"
	done
	cp "$here/hapta.toml" "$dir/"
	(
		cd "$dir"
		exec env -i PATH="$PATH" HOME="$dir" ADMIN_EMAIL="$admin" ADMIN_PASSWORD="$password" \
			HAPTA_ADMIN_KEY="$admin_key" HAPTA_UPSTREAM_DASHBOARD="${pocketbase#http://}" "$hapta" serve --demo >/dev/null 2>"$dir/hapta.log"
	) &
	children+=($!)
	await grep -q '"msg":"listening"' "$dir/hapta.log" || { cat "$dir/hapta.log" >&2; die "Hapta did not start"; }
	gateway="$(sed -n 's/.*"msg":"listening","url":"\([^"]*\)".*/\1/p' "$dir/hapta.log")"
	await curl -sf "$gateway/api/hapta/health/ready" || { cat "$dir/hapta.log" >&2; die "Hapta did not become ready"; }
}

start_nginx() {
	proxy="http://127.0.0.1:$(free_port)" cache="http://127.0.0.1:$(free_port)"
	mkdir "$dir/nginx"
	sed -e "s|@POCKETBASE@|${pocketbase#http://}|" -e "s|@PROXY@|${proxy#http://}|" -e "s|@CACHE@|${cache#http://}|" \
		"$here/nginx.conf" >"$dir/nginx/nginx.conf"
	local globals="daemon off;"
	[ "$(id -u)" != 0 ] || globals+=" user root;" # its workers have to reach the folder
	nginx -p "$dir/nginx" -c "$dir/nginx/nginx.conf" -e error.log -g "$globals" 2>"$dir/nginx/start.log" &
	children+=($!)
	await curl -sf "$proxy/api/health" || { cat "$dir/nginx"/*.log >&2; die "nginx did not start"; }
}

stop_servers() {
	local status=$? child
	for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
	for child in "${children[@]}"; do wait "$child" 2>/dev/null || true; done
	rm -rf "$dir"
	exit "$status"
}
