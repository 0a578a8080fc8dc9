//! A sample with what policies do: text, maps, sorting, dispatch, recursion.
use std::collections::BTreeMap;

trait Rule { fn judge(&self, n: u32) -> u32; }
struct Odd(u32);
struct Even(u32);
impl Rule for Odd { fn judge(&self, n: u32) -> u32 { n.wrapping_mul(self.0) | 1 } }
impl Rule for Even { fn judge(&self, n: u32) -> u32 { n.wrapping_add(self.0) & !1 } }

fn ackermann(m: u32, n: u32) -> u32 {
    match (m, n) { (0, n) => n + 1, (m, 0) => ackermann(m - 1, 1), (m, n) => ackermann(m - 1, ackermann(m, n - 1)) }
}

#[no_mangle]
pub extern "C" fn words(n: u32) -> u32 {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for i in 0..n { *counts.entry(format!("word-{}", i * 7 % 13)).or_default() += i; }
    let mut text = String::new();
    for (k, v) in &counts { text.push_str(k); text.push_str(&v.to_string()); }
    text.bytes().fold(0u32, |h, b| h.wrapping_mul(31).wrapping_add(b as u32))
}

#[no_mangle]
pub extern "C" fn sorted(n: u32) -> u32 {
    let mut v: Vec<u64> = (0..n as u64).map(|i| i.wrapping_mul(0x9E3779B97F4A7C15) >> 7).collect();
    v.sort();
    v.iter().enumerate().fold(0u64, |h, (i, x)| h.wrapping_mul(31).wrapping_add(x ^ i as u64)) as u32
}

#[no_mangle]
pub extern "C" fn dispatch(n: u32) -> u32 {
    let rules: Vec<Box<dyn Rule>> = vec![Box::new(Odd(n)), Box::new(Even(n)), Box::new(Odd(3))];
    (0..n).fold(0u32, |h, i| h.wrapping_mul(31).wrapping_add(rules[(i % 3) as usize].judge(i)))
}

#[no_mangle]
pub extern "C" fn recurse(n: u32) -> u32 { ackermann(2, n) }

#[no_mangle]
pub extern "C" fn parse(n: u32) -> u32 {
    let text = format!("{}.25e1", n);
    text.parse::<f64>().map(|f| f as u32).unwrap_or(0)
}

#[no_mangle]
pub extern "C" fn hash(n: u32) -> u32 {
    let mut h = 2166136261u32;
    for i in 0..n { h = (h ^ (i & 0xff)).wrapping_mul(16777619); if h & 15 == 0 { h = h.rotate_left(3); } }
    h
}
