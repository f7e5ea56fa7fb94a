/**
 * Notifications (RFC 6458 section 6.1) as a tagged union. One that nobody here
 * knows is `unknown` and keeps its bytes; it is never an error.
 */
import type { Buffer } from "node:buffer";
import { type AddressInfo, ASSOC, NOTIFICATION, type NotificationRecord, PATH } from "./records.ts";

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

/** A notification; `raw` holds the stack's own bytes. */
export type Notification =
  & { raw: Buffer }
  & (
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
    | { type: "send-failed"; error: number; sid: number; ppid: number; context: number }
    | { type: "shutdown" }
    | { type: "adaptation"; indication: number }
    | { type: "partial-delivery"; sid: number; indication: number }
    | { type: "authentication" | "stream-reset" | "association-reset" | "stream-change"; flags: number }
    | { type: "sender-dry" }
    | { type: "unknown"; rawType: number }
  );

const ASSOCIATION_STATES: Record<number, AssociationState> = {
  [ASSOC.UP]: "up",
  [ASSOC.LOST]: "lost",
  [ASSOC.RESTART]: "restart",
  [ASSOC.SHUTDOWN_COMPLETE]: "shutdown-complete",
  [ASSOC.CANNOT_START]: "cannot-start",
};

const PATH_STATES: Record<number, PathState> = {
  [PATH.AVAILABLE]: "available",
  [PATH.UNREACHABLE]: "unreachable",
  [PATH.REMOVED]: "removed",
  [PATH.ADDED]: "added",
  [PATH.MADE_PRIMARY]: "made-primary",
  [PATH.CONFIRMED]: "confirmed",
  [PATH.POTENTIALLY_FAILED]: "potentially-failed",
};

export function decodeNotification(record: NotificationRecord): Notification {
  const { raw, error, flags, sid, ppid, context, indication } = record;
  switch (record.type) {
    case NOTIFICATION.ASSOC_CHANGE: {
      const { outboundStreams, inboundStreams } = record;
      const state = ASSOCIATION_STATES[record.state] ?? "unknown";
      return { type: "association-change", state, error, outboundStreams, inboundStreams, raw };
    }
    case NOTIFICATION.PEER_ADDR_CHANGE: {
      const state = PATH_STATES[record.state] ?? "unknown";
      return { type: "path-change", state, address: record.address, error, raw };
    }
    case NOTIFICATION.REMOTE_ERROR:
      return { type: "remote-error", error, raw };
    case NOTIFICATION.SEND_FAILED:
      return { type: "send-failed", error, sid, ppid, context, raw };
    case NOTIFICATION.SHUTDOWN:
      return { type: "shutdown", raw };
    case NOTIFICATION.ADAPTATION:
      return { type: "adaptation", indication, raw };
    case NOTIFICATION.PARTIAL_DELIVERY:
      return { type: "partial-delivery", sid, indication, raw };
    case NOTIFICATION.AUTHENTICATION:
      return { type: "authentication", flags, raw };
    case NOTIFICATION.SENDER_DRY:
      return { type: "sender-dry", raw };
    case NOTIFICATION.STREAM_RESET:
      return { type: "stream-reset", flags, raw };
    case NOTIFICATION.ASSOC_RESET:
      return { type: "association-reset", flags, raw };
    case NOTIFICATION.STREAM_CHANGE:
      return { type: "stream-change", flags, raw };
    default:
      return { type: "unknown", rawType: record.rawType, raw };
  }
}
