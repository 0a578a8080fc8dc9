# Rows of the table: who asks whom for what.

declare -A path=(
	[record]=records/post00000000001
	[any]=records/post00000000001 # where any.lua begins
	[list]='records?perPage=30&sort=-created'
	[write]=records/post00000000100 # neither the one record nor on the list
)
rows=()

# row KEY LABEL ADDRESS COLLECTION CALLERS KINDS
row() {
	printf '%s\t%s\n' "$1" "$2" >>"$dir/rows"
	local caller kind
	for caller in $5; do
		for kind in $6; do
			# Guests may not write, and do not see every record.
			[[ "$caller $kind" != "guest "@(any|write) ]] || continue
			rows+=("$caller $1 $kind $3/api/collections/$4/${path[$kind]}")
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
