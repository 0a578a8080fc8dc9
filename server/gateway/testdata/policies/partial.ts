// Speaks about creates alone.
import { Create, Verdict, allow } from "hapta";

export const manifest = {};

export function create(c: Create): Verdict {
  return allow();
}
