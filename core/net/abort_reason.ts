/** What `abort()` tells the peer. */
import { Buffer } from "node:buffer";
import { invalidArgType, outOfRange } from "../errors.ts";

/** What the library takes (c/shim/close_reason.h). */
const MOST_BYTES = 1024;

/** The bytes of a reason, which are the caller's no more; undefined for none. */
export function abortReason(reason: unknown): Buffer | undefined {
  if (reason === undefined || reason === null) return undefined;
  if (typeof reason !== "string" && !(reason instanceof Uint8Array)) {
    throw invalidArgType("reason", "of type string or an instance of Uint8Array", reason);
  }
  const bytes = Buffer.from(reason as string);
  if (bytes.length > MOST_BYTES) throw outOfRange("reason.length", `<= ${MOST_BYTES} bytes`, bytes.length);
  return bytes.length === 0 ? undefined : bytes;
}
