# What the ratios should be, and whether they are.

BEGIN { busiest = 10 } # percent that others may use before nothing is decided

function print_targets() {
	print "\ntargets"
	print "  uncached read through Hapta, embedded: at least 0.90 of PocketBase directly, floor 0.75"
	target("^hapta", "record list", "direct", 0.90, 0.75)
	print "  cached read with session, limit and policy: at least nginx from its cache, floor 0.80 of it"
	target("^hit", "record any", "nginx_hit", 1, 0.80)
	print "  and at least 0.80 of fasthttp's bare answer"
	target("^hit", "record", "hello", 0.80, 0.80)
	print "  and at least 10 times PocketBase directly, floor 7"
	target("^hit", "record any", "direct", 10, 7)
	print "  cached list of 30: at least 30 times PocketBase directly, floor 20"
	target("^hit", "list", "direct", 30, 20)
}

# target compares the rows whose keys are like that with another.
function target(pattern, kinds, base, goal, floor, r) {
	for (r = 2; r <= rows; r++) {
		if (keys[r] ~ pattern) {
			verdicts("guest", keys[r], kinds, base, goal, floor)
			verdicts("user", keys[r], kinds, base, goal, floor)
		}
	}
}

function verdicts(caller, key, kinds, base, goal, floor, kind, columns, k) {
	if (!is_measured(caller, key, "record")) {
		return
	}
	printf "    %-50s %-17s", label[key], who[caller]
	columns = split(kinds, kind)
	for (k = 1; k <= columns; k++) {
		if (is_measured(caller, key, kind[k])) {
			printf " %s %-15s", kind[k], verdict(caller, key, kind[k], base, goal, floor)
		}
	}
	print ""
}

# verdict decides nothing where others were in the way.
function verdict(caller, key, kind, base, goal, floor, m) {
	m = ratio(caller, key, kind, base)
	if (busy > busiest || sorted[rounds] > 1.5 * sorted[1]) {
		return sprintf("%.2f unsteady", m)
	}
	return sprintf("%.2f %s", m, m >= goal ? "met" : m >= floor ? "floor" : "below")
}
