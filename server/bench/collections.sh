# The collections that are read: copies of the demo's posts that differ only in who
# decides about them, and in whether they are cached (hapta.toml). They exist in the benchmark's own database alone.

# Those that have the policy of posts.
judged=(bench_both bench_hidden bench_alone bench_own)

# What the policy of posts says, as rules of PocketBase.
rule='published = true || author = @request.auth.id'
write_rule='author = @request.auth.id'

# token ADDRESS COLLECTION IDENTITY PASSWORD: signs in there.
token() {
	curl -sf --max-time 10 "$1/api/collections/$2/auth-with-password" -d "identity=$3" -d "password=$4" |
		sed -n 's/.*"token":"\([^"]*\)".*/\1/p'
}

# sign_in gives a demo user a token of PocketBase and one of Hapta.
sign_in() {
	direct_token="$(token "$pocketbase" users user01@example.com hapta-demo)" || die "the demo user cannot sign in at PocketBase"
	hapta_token="$(token "$gateway" users user01@example.com hapta-demo)" || die "the demo user cannot sign in at Hapta"
}

make_collections() {
	superuser="$(token "$pocketbase" _superusers "$admin" "$password")" || die "the superuser cannot sign in"
	# All posts are the user's, so that the user may write to any.
	ask POST sql '{"query":"UPDATE posts SET author = (SELECT id FROM users WHERE email = '"'user01@example.com'"')"}' >/dev/null
	copy_posts bench_rules
	copy_posts bench_both '/"internal_score"/d' # nothing is withheld from anybody
	copy_posts bench_hidden
	copy_posts bench_alone
	copy_posts bench_own '/"internal_score"/d'
	copy_posts bench_timed
	# Hapta has to know them, and to have taken up their policies.
	local name
	for name in bench_rules bench_timed "${judged[@]}"; do
		await curl -sf "$gateway/api/collections/$name/records?perPage=1" || die "Hapta does not serve $name"
	done
}

# copy_posts NAME [SED SCRIPT ON FIELDS, ONE A LINE]
copy_posts() {
	local schema
	schema="$(ask GET collections/posts | sed -E 's/\},\{/},\n{/g' | sed -e "${2:-}" | tr -d '\n' | sed -E \
		-e "s/idx_posts/idx_$1/g" -e "s/\`posts\`/\`$1\`/g" -e "s/\"name\":\"posts\"/\"name\":\"$1\"/" \
		-e 's/^\{"id":"[^"]*",/{/' \
		-e "s/\"updateRule\":null/\"updateRule\":\"$write_rule\"/" \
		-e "s/\"(list|view)Rule\":null/\"\1Rule\":\"$rule\"/g")"
	ask POST collections "$schema" >/dev/null
	local columns="id, title, body, tags, image, published, author, created, updated"
	ask POST sql "{\"query\":\"INSERT INTO $1 ($columns) SELECT $columns FROM posts ORDER BY rowid\"}" >/dev/null
}

# ask METHOD PATH [JSON]: PocketBase's own API, as superuser.
ask() {
	local answer
	answer="$(curl -s --fail-with-body --max-time 10 -X "$1" "$pocketbase/api/$2" -H "Authorization: $superuser" \
		-H 'Content-Type: application/json' ${3:+-d "$3"})" || die "PocketBase refused $1 $2: $answer"
	printf '%s' "$answer"
}
