# Each speed is compared with another row's in its own round: what slows a whole round
# slows both.

function ratio(caller, key, kind, base, i) {
	for (i = 1; i <= rounds; i++) {
		sorted[i] = speed[caller, key, kind, i] / speed[caller, base, kind, i]
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
