# Reads the rows (KEY TAB LABEL; the first is the measure of the others) and the
# results (ROUND CALLER KEY KIND SPEED), and prints a table of ratios. Each speed
# is compared with the first row's in its own round: what slows a whole round
# slows both.

BEGIN { busiest = 10 } # percent that others may use before nothing is decided

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
	table("guest", "a guest")
	table("user", "a signed-in user")
	if (busy > busiest) {
		printf "\nOther work took %d %% of this machine, so these ratios are not reliable; repeat when it is quiet.\n", busy
	}
	print "\ntargets"
	print "  uncached read through Hapta, embedded: at least 0.90 of PocketBase directly, floor 0.75"
	for (r = 2; r <= rows; r++) {
		if (keys[r] ~ /^hapta/) {
			target(keys[r], "guest", "guest")
			target(keys[r], "user", "signed in")
		}
	}
}

function table(caller, title, r, writes) {
	writes = (caller, keys[1], "write", 1) in speed
	printf "\n%-54s  %-36s  %-36s  %s\n", title, "one record", "list of 30", writes ? "a write" : ""
	for (r = 1; r <= rows; r++) {
		if ((caller, keys[r], "record", 1) in speed) {
			printf "%-54s  %-36s  %-36s  %s\n", label[keys[r]], cell(caller, keys[r], "record"), cell(caller, keys[r], "list"), writes ? cell(caller, keys[r], "write") : ""
		}
	}
}

function cell(caller, key, kind, text) {
	text = sprintf("%5.2f", ratio(caller, key, kind))
	text = text sprintf("  (%.2f-%.2f)", sorted[1], sorted[rounds])
	text = sprintf("%-21s", text) sprintf("%6d/s", median_speed(caller, key, kind))
	return text sprintf("  cpu %.2f", work(caller, keys[1], kind) / work(caller, key, kind))
}

# work is the processor time of a request.
function work(caller, key, kind) {
	return (ticks[caller, key, kind] + 0.5) / requests[caller, key, kind]
}

function target(key, caller, who) {
	if ((caller, key, "record", 1) in speed) {
		printf "    %-48s %-10s record %-14s list %s\n", label[key], who, verdict(caller, key, "record"), verdict(caller, key, "list")
	}
}

# verdict decides nothing where others were in the way.
function verdict(caller, key, kind, m) {
	m = ratio(caller, key, kind)
	if (busy > busiest || sorted[rounds] > 1.5 * sorted[1]) {
		return sprintf("%.2f unsteady", m)
	}
	return sprintf("%.2f %s", m, m >= 0.90 ? "met" : m >= 0.75 ? "floor" : "below")
}

function ratio(caller, key, kind, i) {
	for (i = 1; i <= rounds; i++) {
		sorted[i] = speed[caller, key, kind, i] / speed[caller, keys[1], kind, i]
	}
	return median()
}

function median_speed(caller, key, kind, i) {
	for (i = 1; i <= rounds; i++) {
		sorted[i] = speed[caller, key, kind, i]
	}
	return median()
}

# median sorts what is in sorted, and returns its middle.
function median(i, j, v) {
	for (i = 2; i <= rounds; i++) {
		v = sorted[i]
		for (j = i - 1; j >= 1 && sorted[j] > v; j--) {
			sorted[j + 1] = sorted[j]
		}
		sorted[j + 1] = v
	}
	return (sorted[int((rounds + 1) / 2)] + sorted[int(rounds / 2) + 1]) / 2
}
