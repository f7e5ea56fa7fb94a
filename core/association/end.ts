/** How an association has ended, in order or not, as it is found out; and the error that it makes. */
import { Buffer } from "node:buffer";
import { sctpError } from "../errors.ts";
import { endDetail } from "../notifications/causes.ts";
import type { Loop } from "../shim/loop.ts";
import { BY, BY_WORDS, type RawCloseReason, type Request } from "../shim/records.ts";

/** How an association has ended, or did not begin. */
export interface End {
  /**
   * "shutdown": in order, and all messages of the peer have been given. "cut": the same in the middle of a message.
   * "error": an ABORT, a time-out or another failure. "too large": a message above the limit. "stalled": nothing was
   * acknowledged for `stallTimeout`.
   */
  readonly kind: "shutdown" | "cut" | "error" | "too large" | "stalled";
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
  /** What had come of a message that was cut, the limit of one that was too large, or the milliseconds of a stall. */
  readonly amount: number;
}

/** What the shim's END or ERROR says. */
export function endOf(
  { by, error, cause, causeData, refusedUdpPort }: RawCloseReason,
  cutBytes: number,
  explanation: string,
): End {
  return {
    kind: error !== 0 ? "error" : cutBytes > 0 ? "cut" : "shutdown",
    by: BY_WORDS[by] ?? BY_WORDS[BY.NETWORK]!,
    errno: error,
    causeCode: cause,
    causeData,
    refusedUdpPort: refusedUdpPort || undefined,
    explanation,
    amount: cutBytes,
  };
}

/** What all ends that lie at this end have in common; each adds its kind, and the errno or the amount. */
export const LOCAL_END = {
  by: "local",
  errno: 0,
  causeCode: 0,
  causeData: Buffer.alloc(0),
  refusedUdpPort: undefined,
  explanation: "",
  amount: 0,
} as const;

/**
 * The error of an end; undefined after a SHUTDOWN.
 *
 * @param request where an attempt that has failed went to
 * @param suspicion what may be behind a time-out; "" for nothing
 */
export function errorOf(
  end: End,
  loop: Loop,
  request: Request | undefined,
  suspicion: string,
): Error | undefined {
  const { amount, errno, explanation, causeCode, causeData, refusedUdpPort: udpPort } = end;
  switch (end.kind) {
    case "shutdown":
      return undefined;
    case "cut":
      return sctpError(
        "ERR_SCTP_PARTIAL_MESSAGE",
        `The peer ended the association in the middle of a message: ${amount} bytes of it had come`,
      );
    case "too large":
      return sctpError(
        "ERR_SCTP_MESSAGE_TOO_LARGE",
        `A message of more than ${amount} bytes came in: maxMessageSize sets the limit`,
      );
    case "stalled":
      return sctpError(
        "ERR_SCTP_STALLED",
        `The peer has acknowledged nothing of what was sent to it for ${amount} ms: sctp.stallTimeout sets the limit` +
          (explanation && `; ${explanation}`),
      );
    case "error": {
      const code = loop.errorName(errno);
      const known = explanation || (code === "ETIMEDOUT" ? suspicion : "");
      const detail = endDetail(code, known, causeCode, causeData);
      const context = { ...request?.remote?.[0], local: request?.local?.[0], detail, udpPort };
      return loop.error(-errno, request ? "connect" : "read", context);
    }
  }
}
