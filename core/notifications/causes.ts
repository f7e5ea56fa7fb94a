import type { Buffer } from "node:buffer";

/** The names of error causes (RFC 9260 section 3.3.10, RFC 5061 section 4.3, RFC 4895 section 4.2, RFC 6525). */
const CAUSES: Record<number, string> = {
  1: "Invalid Stream Identifier",
  2: "Missing Mandatory Parameter",
  3: "Stale Cookie",
  4: "Out of Resource",
  5: "Unresolvable Address",
  6: "Unrecognized Chunk Type",
  7: "Invalid Mandatory Parameter",
  8: "Unrecognized Parameters",
  9: "No User Data",
  10: "Cookie Received While Shutting Down",
  11: "Restart of an Association with New Addresses",
  12: "User-Initiated Abort",
  13: "Protocol Violation",
  0xa0: "Request to Delete Last Remaining IP Address",
  0xa1: "Operation Refused Due to Resource Shortage",
  0xa2: "Request to Delete Source IP Address",
  0xa3: "Association Aborted Due to Illegal ASCONF-ACK",
  0xa4: "Request Refused - No Authorization",
  0x105: "Unsupported HMAC Identifier",
};

/** What a program gives as a reason of its own (RFC 9260 section 3.3.10.12). */
export const USER_INITIATED_ABORT = 12;

/** A text of a peer's that may be shown: printable, and not long. */
const SHOWABLE = /^[^\p{C}]{1,200}$/u;

/**
 * Why an association failed, beyond its error's code; "" where that says it all.
 *
 * @param known what the shim knows
 * @param cause the error cause of the close reason, 0 for none
 * @param data the information of that cause
 */
export function endDetail(code: string, known: string, cause: number, data: Buffer): string {
  const isAbort = code === "ECONNABORTED" || code === "ECONNRESET";
  const name = isAbort && cause !== 0 ? describe(cause, data) : "";
  const why = known || (
    code === "ECONNABORTED"
      ? "this end aborted the association, since the peer broke the protocol"
      : name && "the peer aborted the association"
  );
  return [why, name].filter(Boolean).join(": ");
}

function describe(cause: number, data: Buffer): string {
  if (cause !== USER_INITIATED_ABORT) return shownCause(cause);
  const text = data.toString();
  return SHOWABLE.test(text) ? JSON.stringify(text) : "";
}

/** The name of a cause, if it has one. */
export function causeName(cause: number): string | undefined {
  return CAUSES[cause];
}

/** `cause 12 (User-Initiated Abort)`. */
export function shownCause(cause: number): string {
  const name = causeName(cause);
  return name === undefined ? `cause ${cause}` : `cause ${cause} (${name})`;
}
