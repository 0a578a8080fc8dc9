// A sample with what policies do: text, maps, sorting, dispatch, recursion.
abstract class Rule { constructor(public by: u32) {} abstract judge(n: u32): u32; }
class Odd extends Rule { judge(n: u32): u32 { return (n * this.by) | 1; } }
class Even extends Rule { judge(n: u32): u32 { return (n + this.by) & ~1; } }

const seen = new Map<string, u32>();

export function words(n: u32): u32 {
  seen.clear();
  for (let i: u32 = 0; i < n; i++) {
    const key = `word-${i * 7 % 13}`;
    seen.set(key, (seen.has(key) ? seen.get(key) : 0) + i);
  }
  let text = "";
  const keys = seen.keys();
  for (let i = 0; i < keys.length; i++) text += keys[i] + seen.get(keys[i]).toString();
  let h: u32 = 0;
  for (let i = 0; i < text.length; i++) h = h * 31 + text.charCodeAt(i);
  return h;
}

export function sorted(n: u32): u32 {
  const v = new Array<u64>();
  for (let i: u64 = 0; i < n; i++) v.push((i * 0x9E3779B97F4A7C15) >> 7);
  v.sort((a, b) => a < b ? -1 : a > b ? 1 : 0);
  let h: u64 = 0;
  for (let i = 0; i < v.length; i++) h = h * 31 + (v[i] ^ i);
  return <u32>h;
}

export function dispatch(n: u32): u32 {
  const rules: Rule[] = [new Odd(n), new Even(n), new Odd(3)];
  let h: u32 = 0;
  for (let i: u32 = 0; i < n; i++) h = h * 31 + rules[i % 3].judge(i);
  return h;
}

function ackermann(m: u32, n: u32): u32 {
  if (m == 0) return n + 1;
  if (n == 0) return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}
export function recurse(n: u32): u32 { return ackermann(2, n); }

export function parse(n: u32): u32 { return <u32>parseFloat(n.toString() + ".25e1"); }

export function hash(n: u32): u32 {
  let h: u32 = 2166136261;
  for (let i: u32 = 0; i < n; i++) { h = (h ^ (i & 0xff)) * 16777619; if ((h & 15) == 0) h = rotl(h, 3); }
  return h;
}
