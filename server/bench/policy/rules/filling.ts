// Writes all the memory it has over and over.
import { Verdict, View, allow } from "hapta";

export const manifest = {};

export function view(c: View): Verdict {
  const size = <usize>memory.size() << 16;
  for (let n: u8 = 0; ; n++) memory.fill(1024, n, size - 1024);
  return allow();
}
