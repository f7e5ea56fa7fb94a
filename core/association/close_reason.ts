/** Why an association has ended, for users: a word for each kind of end, by whom, and the error cause. */
import type { Buffer } from "node:buffer";
import { causeName, USER_INITIATED_ABORT } from "../notifications/causes.ts";
import type { End } from "./end.ts";

/** Why an association has ended, or why it did not begin: `socket.closeReason`, and `closeReason` of the error. */
export interface CloseReason {
  /**
   * - `"shutdown"`: in order, all messages were delivered (SHUTDOWN, RFC 9260 section 9.2);
   * - `"cut"`: by a SHUTDOWN of the peer in the middle of a message;
   * - `"abort"`: by an ABORT (RFC 9260 section 9.1), of this end's also where `destroy()` was called;
   * - `"timeout"`: nothing came back for too long, or no answer within `connectTimeout`;
   * - `"stalled"`: nothing was acknowledged for `sctp.stallTimeout`;
   * - `"refused"`: nobody listens there;
   * - `"unreachable"`: the network says that there is no way to the peer, or that its process is gone;
   * - `"message-too-large"`: a message larger than `maxMessageSize` came;
   * - `"unresolved"`: the host name has no address;
   * - `"blocked"`: `blockList` has the peer's address;
   * - `"cancelled"`: `destroy()` was called, or the `signal` aborted, before it was up;
   * - `"failed"`: this end could not begin; the error says why.
   */
  readonly reason:
    | "shutdown"
    | "cut"
    | "abort"
    | "timeout"
    | "stalled"
    | "refused"
    | "unreachable"
    | "message-too-large"
    | "unresolved"
    | "blocked"
    | "cancelled"
    | "failed";
  /** Which end it was; "network" where nothing came back, or a router said why. */
  readonly by: "local" | "peer" | "network";
  /** The code of the error cause that the ABORT carried, if it did (RFC 9260 section 3.3.10): 12 is a user's. */
  readonly causeCode?: number;
  /** The name of that cause, if it has one: "User-Initiated Abort". */
  readonly causeName?: string;
  /** The information in that cause: after 12, what the user gave as a reason. At most 1024 bytes. */
  readonly causeData?: Buffer;
}

type Cause = Pick<CloseReason, "causeCode" | "causeName" | "causeData">;

/** An Error that knows. */
export type ErrorWithReason = Error & { code?: string; closeReason?: CloseReason };

/** The words for errors, by their codes. */
const WORDS: Readonly<Record<string, CloseReason["reason"]>> = {
  ECONNABORTED: "abort",
  ECONNREFUSED: "refused",
  ECONNRESET: "abort",
  EHOSTDOWN: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETDOWN: "unreachable",
  ENETUNREACH: "unreachable",
  ERR_IP_BLOCKED: "blocked",
  ERR_SCTP_MESSAGE_TOO_LARGE: "message-too-large",
  ERR_SCTP_PARTIAL_MESSAGE: "cut",
  ERR_SCTP_STALLED: "stalled",
  ETIMEDOUT: "timeout",
};

/**
 * Why an association has ended.
 *
 * @param error of that end, which bears the reason from now on
 */
export function closeReasonOf(end: End, error: ErrorWithReason | undefined): CloseReason {
  const { by, causeCode, causeData } = end;
  const cause = causeCode === 0 ? {} : causeOf(causeCode, causeData);
  if (error === undefined) return Object.freeze<CloseReason>({ reason: "shutdown", by });
  const word = WORDS[error.code!] ?? "failed";
  const isIcmp = by === "network" && word === "abort";
  return bearing(error, { reason: isIcmp ? "unreachable" : word, by, ...cause }, cause);
}

function causeOf(causeCode: number, causeData: Buffer): Cause {
  const name = causeName(causeCode);
  return { causeCode, ...(name !== undefined && { causeName: name }), causeData };
}

/** A lookup function of the program's may give what cannot be altered, or no Error at all. */
function bearing(error: Error, reason: CloseReason, cause: Cause): CloseReason {
  Object.freeze(reason);
  if (Object.isExtensible(error)) Object.assign(error, { closeReason: reason, ...cause });
  return reason;
}

/** Why an attempt has failed: the reason that its error bears, or else what the code says. */
export function failureReasonOf(error: ErrorWithReason): CloseReason {
  if (error.closeReason !== undefined) return error.closeReason;
  const reason = WORDS[error.code!] ?? "failed";
  const by = reason === "timeout" || reason === "unreachable" ? "network" : "local";
  return bearing(error, { reason, by }, {});
}

/** Why there was no attempt: the host name could not be looked up. */
export function unresolvedReasonOf(error: Error): CloseReason {
  return bearing(error, { reason: "unresolved", by: "local" }, {});
}

/** What the program itself has ended: before it was up, or by an ABORT, with what that told the peer. */
export function ownReason(isUp: boolean, told?: Buffer): CloseReason {
  if (!isUp) return Object.freeze<CloseReason>({ reason: "cancelled", by: "local" });
  const cause = told === undefined ? {} : causeOf(USER_INITIATED_ABORT, told);
  return Object.freeze<CloseReason>({ reason: "abort", by: "local", ...cause });
}
