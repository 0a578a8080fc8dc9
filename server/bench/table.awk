# Reads the rows (KEY TAB LABEL; the first is the measure of the others) and the
# results (ROUND CALLER KEY KIND SPEED REQUESTS TICKS), and prints tables of ratios,
# and by targets.awk what they should be.

BEGIN {
	column["record"] = "one record"
	column["any"] = "any of 200 records"
	column["list"] = "list of 30"
	column["write"] = "a write"
	who["guest"] = "a guest"
	who["user"] = "a signed-in user"
}

FNR == NR {
	split($0, part, "\t")
	keys[++rows] = part[1]
	label[part[1]] = part[2]
	next
}

{
	speed[$2, $3, $4, $1] = $5
	requests[$2, $3, $4] += $6
	ticks[$2, $3, $4] += $7
}

END {
	print "Requests a second, as ratios to PocketBase asked directly in the same round: median of"
	printf "%d, lowest and highest in brackets. \"cpu\" is the ratio of requests per second of the\n", rounds
	print "servers' processor time, which a busy machine hardly changes. Speeds are for orientation."
	print "Hapta's limits are on in all of its rows, and never met: 1,000,000 requests a second."
	table("guest", 0, "record list")
	table("user", 0, "record list write")
	table("guest", 1, "record list")
	table("user", 1, "record any list")
	if (busy > busiest) {
		printf "\nOther work took %d %% of this machine, so these ratios are not reliable; repeat when it is quiet.\n", busy
	}
	print_targets()
}

# table prints the rows that answer from a cache, or those that do not, behind the
# first.
function table(caller, cached, kinds, kind, columns, r, k) {
	columns = split(kinds, kind)
	printf "\n%-54s", who[caller] (cached ? ", from a cache" : "")
	for (k = 1; k <= columns; k++) {
		printf "  %-36s", column[kind[k]]
	}
	print ""
	for (r = 1; r <= rows; r++) {
		if ((r == 1 || is_cached(keys[r]) == cached) && is_measured(caller, keys[r], "record")) {
			printf "%-54s", label[keys[r]]
			for (k = 1; k <= columns; k++) {
				printf "  %-36s", cell(caller, keys[r], kind[k])
			}
			print ""
		}
	}
}

function is_cached(key) {
	return key ~ /hit|hello/
}

function is_measured(caller, key, kind) {
	return (caller, key, kind, 1) in speed
}

function cell(caller, key, kind, text) {
	if (!is_measured(caller, key, kind)) {
		return ""
	}
	text = sprintf("%5.2f", ratio(caller, key, kind, keys[1]))
	text = text sprintf("  (%.2f-%.2f)", sorted[1], sorted[rounds])
	text = sprintf("%-21s", text) sprintf("%6d/s", median_speed(caller, key, kind))
	return text sprintf("  cpu %.2f", work(caller, keys[1], kind) / work(caller, key, kind))
}

# work is the processor time of a request.
function work(caller, key, kind) {
	return (ticks[caller, key, kind] + 0.5) / requests[caller, key, kind]
}
