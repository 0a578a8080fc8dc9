import * as abi from "./abi";
import { bytesUpTo, size } from "./text";

/** Writes a line for the policy's author; seen in development mode alone. It is cut after 1,000 bytes. */
export function log(message: string): void {
  abi.log(bytesUpTo(message, abi.Limit.Message), size);
}
