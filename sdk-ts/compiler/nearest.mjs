/** The name that a mistyped one was most likely meant to be, or "". */
export function nearest(typed, names) {
  let best = "";
  let least = typed.length < 5 ? 1 : 2; // of a short word little is left after two changes
  for (const name of names) {
    const changes = distance(typed.toLowerCase(), name.toLowerCase());
    if (changes < least || (changes === least && !best)) [best, least] = [name, changes];
  }
  return best;
}

// Letters to insert, delete, replace or swap with their neighbour.
function distance(a, b) {
  let [before, last] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length];
}
