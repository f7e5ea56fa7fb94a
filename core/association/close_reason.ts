/** Why an association has ended: one answer, whether it ended in order, was aborted or failed. */
import type { Buffer } from "node:buffer";
import { BY, BY_WORDS, type RawCloseReason } from "../shim/records.ts";

/** Why an association has ended, or did not begin. */
export interface CloseReason {
  /** The end that began the SHUTDOWN or sent the ABORT; the network where nothing came back, or a router said why. */
  readonly by: "local" | "peer" | "network";
  /** 0 where it ended in order. */
  readonly errno: number;
  /** The code of the error cause (RFC 9260 section 3.3.10), 0 for none. */
  readonly causeCode: number;
  /** The information of that cause, as the peer sent it. */
  readonly causeData: Buffer;
  /** The peer's UDP port that no process has, if ICMP said so and that was the end. */
  readonly refusedUdpPort: number | undefined;
}

/** The reason that an END or ERROR of the shim's gives. */
export function closeReasonOf({ by, error, cause, causeData, refusedUdpPort }: RawCloseReason): CloseReason {
  return {
    by: BY_WORDS[by] ?? BY_WORDS[BY.NETWORK]!,
    errno: error,
    causeCode: cause,
    causeData,
    refusedUdpPort: refusedUdpPort || undefined,
  };
}
