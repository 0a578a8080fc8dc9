import * as abi from "./abi";
import { codeOf } from "./names";
import { bytesUpTo, fail, size } from "./text";

/** What a handler decides. */
export class Verdict {
  /** For the library's own use: authors call `allow`, `refuse` and `hide`. */
  constructor(
    readonly kind: abi.Verdict,
    readonly code: i32,
    readonly message: string,
    readonly status: i32,
  ) {}
}

const allowed = new Verdict(abi.Verdict.Allow, 0, "", 0);
const hidden = new Verdict(abi.Verdict.Hide, 0, "", 0);

/** Allows the operation; a code, if given, tells which rule did. */
export function allow(code: string = ""): Verdict {
  if (!code.length) return allowed;
  return new Verdict(abi.Verdict.Allow, known(code), "", 0);
}

/**
 * Refuses the operation. The code is one of the manifest's `codes`; clients get
 * it with the message, which is cut after 1,000 bytes. The status is 403, or
 * the one given, from 400 to 499.
 */
export function refuse(code: string, message: string = "", status: i32 = 0): Verdict {
  return new Verdict(abi.Verdict.Refuse, known(code), message, status);
}

/** Answers 404, as if there were no such record. */
export function hide(code: string = ""): Verdict {
  if (!code.length) return hidden;
  return new Verdict(abi.Verdict.Hide, known(code), "", 0);
}

/** Hands a verdict to the server. */
export function decide(verdict: Verdict): void {
  if (!verdict.message.length) return abi.verdict(verdict.kind, verdict.code, verdict.status, 0, 0);
  const message = bytesUpTo(verdict.message, abi.Limit.Message);
  abi.verdict(verdict.kind, verdict.code, verdict.status, message, size);
}

function known(code: string): i32 {
  const id = codeOf(code);
  if (!id) fail("not among the manifest's codes: " + code);
  return id;
}
