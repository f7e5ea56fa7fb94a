/**
 * Notifications (RFC 6458 section 6.1): the stack's own bytes, what they say as
 * an object, and the same as a line for people. One that nobody here knows is
 * `unknown` and keeps its bytes; it is never an error.
 */
import type { Buffer } from "node:buffer";
import { interpret } from "./interpret.ts";
import {
  type AddressInfo,
  addressOf,
  ASSOC_WORDS,
  KEY_WORDS,
  NOTIFICATION,
  PATH_WORDS,
  type RawNotification,
  RESET,
} from "../shim/records.ts";
import { rfcNames, type RfcNotification } from "./rfc_names.ts";

/** States of an association (RFC 6458 section 6.1.1). */
export type AssociationState = "up" | "lost" | "restart" | "shutdown-complete" | "cannot-start";

/** States of a path (RFC 6458 section 6.1.2). */
export type PathState =
  | "available"
  | "unreachable"
  | "removed"
  | "added"
  | "made-primary"
  | "confirmed"
  | "potentially-failed";

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
  | {
    type: "authentication";
    change: "new-key" | "free-key" | "no-authentication" | "unknown";
    keyNumber: number;
  }
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

/** A notification that is not put into words before somebody wants them: hardly anybody listens to them. */
export class DecodedNotification implements Notification {
  readonly #record: RawNotification;
  readonly content: NotificationContent;

  constructor(record: RawNotification) {
    this.#record = record;
    this.content = contentOf(record);
  }

  get raw(): Buffer {
    return this.#record.raw;
  }

  get parsed(): ParsedNotification {
    return { ...this.content, ...rfcNames(this.#record) };
  }

  get interpreted(): string {
    return interpret(this.content, this.raw.length);
  }
}

export function decodeNotification(record: RawNotification): DecodedNotification {
  return new DecodedNotification(record);
}

function contentOf(record: RawNotification): NotificationContent {
  const { error, flags, sid, ppid, context, indication, outboundStreams, inboundStreams } = record;
  switch (record.type) {
    case NOTIFICATION.ASSOC_CHANGE: {
      const state = ASSOC_WORDS[record.state] ?? "unknown";
      return { type: "association-change", state, error, outboundStreams, inboundStreams };
    }
    case NOTIFICATION.PEER_ADDR_CHANGE:
      return {
        type: "path-change",
        state: PATH_WORDS[record.state] ?? "unknown",
        address: addressOf(record.address),
        error,
      };
    case NOTIFICATION.REMOTE_ERROR:
      return { type: "remote-error", error };
    case NOTIFICATION.SEND_FAILED:
      return { type: "send-failed", isSent: flags !== 0, error, sid, ppid, context };
    case NOTIFICATION.SHUTDOWN:
      return { type: "shutdown" };
    case NOTIFICATION.ADAPTATION:
      return { type: "adaptation", indication };
    case NOTIFICATION.PARTIAL_DELIVERY:
      return { type: "partial-delivery", isAborted: indication === 1, sid };
    case NOTIFICATION.AUTHENTICATION:
      return {
        type: "authentication",
        change: KEY_WORDS[indication] ?? "unknown",
        keyNumber: record.keyNumber,
      };
    case NOTIFICATION.SENDER_DRY:
      return { type: "sender-dry" };
    case NOTIFICATION.STREAM_RESET:
      return { type: "stream-reset", ...outcomeOf(flags) };
    case NOTIFICATION.ASSOC_RESET: {
      const { localTsn, remoteTsn } = record;
      return { type: "association-reset", localTsn, remoteTsn, ...outcomeOf(flags) };
    }
    case NOTIFICATION.STREAM_CHANGE:
      return { type: "stream-change", outboundStreams, inboundStreams, ...outcomeOf(flags) };
    default:
      return { type: "unknown", rawType: record.rawType };
  }
}

function outcomeOf(flags: number): ResetOutcome {
  return {
    incoming: (flags & RESET.INCOMING) !== 0,
    outgoing: (flags & RESET.OUTGOING) !== 0,
    denied: (flags & RESET.DENIED) !== 0,
    failed: (flags & RESET.FAILED) !== 0,
  };
}
