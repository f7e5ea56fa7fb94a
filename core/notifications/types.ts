/** What a `notification` event tells. */
import type { Buffer } from "node:buffer";
import type { RfcNotification } from "./rfc_names.gen.ts";
import type { AddressInfo, AssociationState, KeyChange, PathState } from "../shim/records.ts";

/** Which streams a notification about streams is about, and how the request went (RFC 6525 section 6.1). */
export interface ResetOutcome {
  /** It is about the streams that come in. */
  incoming: boolean;
  /** It is about the streams that go out. */
  outgoing: boolean;
  /** The peer has refused it. */
  denied: boolean;
  /** It could not be done. */
  failed: boolean;
}

/** What each type of notification says. */
export type NotificationContent =
  | {
    type: "association-change";
    state: AssociationState | "unknown";
    /** Protocol error cause (RFC 9260 section 3.3.10), 0 for none. */
    error: number;
    outboundStreams: number;
    inboundStreams: number;
  }
  | { type: "path-change"; state: PathState | "unknown"; address: AddressInfo | null; error: number }
  | { type: "remote-error"; error: number }
  | {
    type: "send-failed";
    /** Whether some of it had been sent. */
    isSent: boolean;
    error: number;
    sid: number;
    ppid: number;
    context: number;
  }
  | { type: "shutdown" }
  | { type: "adaptation"; indication: number }
  | { type: "partial-delivery"; isAborted: boolean; sid: number }
  | { type: "authentication"; change: KeyChange | "unknown"; keyNumber: number }
  | { type: "sender-dry" }
  | { type: "stream-reset" } & ResetOutcome
  | { type: "association-reset"; localTsn: number; remoteTsn: number } & ResetOutcome
  | { type: "stream-change"; outboundStreams: number; inboundStreams: number } & ResetOutcome
  | { type: "unknown"; rawType: number };

/** What a notification says, in this package's words and under the names of RFC 6458 with Linux's numbers. */
export type ParsedNotification = NotificationContent & RfcNotification;

/** The argument of a `notification` event. */
export interface Notification {
  /** The stack's own bytes: its structures and numbers. */
  raw: Buffer;
  /** What they say, as an object. */
  parsed: ParsedNotification;
  /** One line for people: `SCTP_ASSOC_CHANGE: SCTP_COMM_UP, MIS 10 / OS 10`. */
  interpreted: string;
}
