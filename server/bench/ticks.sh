# Processor time, in the kernel's ticks (see proc(5)). Speeds depend on what else
# the machine does; the time that the servers spend on a request hardly does.

# server_ticks prints what all servers have used, and nginx's workers.
server_ticks() {
	local pid files=()
	for pid in "${children[@]}"; do
		files+=("/proc/$pid/stat")
		for pid in $(cat "/proc/$pid/task/$pid/children" 2>/dev/null); do
			files+=("/proc/$pid/stat")
		done
	done
	# One may have ended meanwhile, as nginx's cache loader does after a minute.
	{ cat "${files[@]}" 2>/dev/null || true; } | awk '{ sum += $14 + $15 } END { print sum }'
}

# ticks prints what the whole machine had to give, what all used of it, and what
# the benchmark did: its servers, itself and the children it waited for. Time in
# interrupts counts as nobody's, for it is the benchmark's own traffic mostly.
ticks() {
	awk -v own="$(server_ticks)" '
		FNR == NR && $1 == "cpu" { all = $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9; idle = $5 + $6 + $7 + $8 }
		FNR != NR { own += $14 + $15 + $16 + $17 }
		END { print all, all - idle, own }' /proc/stat "/proc/$$/stat"
}

# busy prints the share of the machine that others used meanwhile, in percent.
busy() {
	echo "$ticks_before $ticks_after" |
		awk '{ share = 100 * (($5 - $2) - ($6 - $3)) / ($4 - $1); printf "%d", (share > 0 ? share + 0.5 : 0) }'
}
