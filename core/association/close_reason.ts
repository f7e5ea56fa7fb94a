/** Why an association has ended: one answer, whether it ended in order, was aborted or failed. */
import { Buffer } from "node:buffer";
import { BY, BY_WORDS, type RawCloseReason } from "../shim/records.ts";

/** Why an association has ended, or did not begin. */
export interface CloseReason {
  /**
   * "shutdown": in order, and all messages of the peer have been given. "cut": the same in the middle of a message.
   * "error": an ABORT, a time-out or another failure. "too large": a message above the limit.
   */
  readonly kind: "shutdown" | "cut" | "error" | "too large";
  /** The end that began the SHUTDOWN or sent the ABORT; the network where nothing came back, or a router said why. */
  readonly by: "local" | "peer" | "network";
  /** 0 where it is no error of the stack. */
  readonly errno: number;
  /** The code of the error cause (RFC 9260 section 3.3.10), 0 for none. */
  readonly causeCode: number;
  /** The information of that cause, as the peer sent it. */
  readonly causeData: Buffer;
  /** The peer's UDP port that no process has, if ICMP said so and that was the end. */
  readonly refusedUdpPort: number | undefined;
  /** What the shim knows beyond the errno; "" for nothing. */
  readonly explanation: string;
  /** What had come of a message that was cut, or the limit of one that was too large. */
  readonly bytes: number;
}

const NO_DATA = Buffer.alloc(0);

/** The reason that an END or ERROR of the shim's gives. */
export function closeReasonOf(
  { by, error, cause, causeData, refusedUdpPort }: RawCloseReason,
  cutBytes: number,
  explanation: string,
): CloseReason {
  return {
    kind: error !== 0 ? "error" : cutBytes > 0 ? "cut" : "shutdown",
    by: BY_WORDS[by] ?? BY_WORDS[BY.NETWORK]!,
    errno: error,
    causeCode: cause,
    causeData,
    refusedUdpPort: refusedUdpPort || undefined,
    explanation,
    bytes: cutBytes,
  };
}

/** What all reasons that lie at this end have in common; each adds its kind, and the errno or the limit. */
export const LOCAL_REASON = {
  by: "local",
  errno: 0,
  causeCode: 0,
  causeData: NO_DATA,
  refusedUdpPort: undefined,
  explanation: "",
  bytes: 0,
} as const;
