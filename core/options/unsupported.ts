/** Options that a stack, or this system's version of it, does not have. */
import { unsupported, type UnsupportedError } from "../errors.ts";
import type { Loop } from "../shim/loop.ts";
import { tableRow } from "./socket_options.ts";

/** `ERR_SCTP_UNSUPPORTED` where the last call failed for an option that is lacking; undefined for all else. */
export function unsupportedOption(loop: Loop): UnsupportedError | undefined {
  const option = loop.calls.lacking_option();
  const path = option === 0 ? "" : tableRow(option).path;
  return path !== "" ? unsupported(path, loop.stack, loop.explain()) : undefined;
}
