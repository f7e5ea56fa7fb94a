/** Notifications as lines for people, in the words of RFC 6458; the first three types as node-lksctp writes them. */
import { causeName } from "./causes.ts";
import type { NotificationContent, ResetOutcome } from "./decode.ts";

const ASSOCIATION = {
  "up": "SCTP_COMM_UP",
  "lost": "SCTP_COMM_LOST",
  "restart": "SCTP_RESTART",
  "shutdown-complete": "SCTP_SHUTDOWN_COMP",
  "cannot-start": "SCTP_CANT_STR_ASSOC",
  "unknown": "???",
} as const;

const PATH = {
  "available": "SCTP_ADDR_AVAILABLE",
  "unreachable": "SCTP_ADDR_UNREACHABLE",
  "removed": "SCTP_ADDR_REMOVED",
  "added": "SCTP_ADDR_ADDED",
  "made-primary": "SCTP_ADDR_MADE_PRIM",
  "confirmed": "SCTP_ADDR_CONFIRMED",
  "potentially-failed": "SCTP_ADDR_POTENTIALLY_FAILED",
  "unknown": "???",
} as const;

const KEY = {
  "new-key": "SCTP_AUTH_NEW_KEY",
  "free-key": "SCTP_AUTH_FREE_KEY",
  "no-authentication": "SCTP_AUTH_NO_AUTH",
  "unknown": "???",
} as const;

/** @param size of the raw notification, in bytes: all that can be said of an unknown one */
export function interpret(content: NotificationContent, size: number): string {
  switch (content.type) {
    case "association-change": {
      const hasStreams = content.state === "up" || content.state === "restart";
      const streams = hasStreams ? `, ${streamsOf(content)}` : "";
      return `SCTP_ASSOC_CHANGE: ${ASSOCIATION[content.state]}${streams}${because(content.error)}`;
    }
    case "path-change":
      return `SCTP_PEER_ADDR_CHANGE: ${PATH[content.state]} ${content.address?.address ?? "???"}`;
    case "authentication": {
      const key = content.change === "no-authentication" ? "" : `, key id ${content.keyNumber}`;
      return `SCTP_AUTHENTICATION_EVENT: ${KEY[content.change]}${key}`;
    }
    case "remote-error":
      return `SCTP_REMOTE_ERROR: ${causeName(content.error)}`;
    case "send-failed": {
      const { isSent, sid, ppid, error } = content;
      const how = isSent ? "SCTP_DATA_SENT" : "SCTP_DATA_UNSENT";
      return `SCTP_SEND_FAILED_EVENT: ${how}, stream ${sid}, ppid ${ppid}${because(error)}`;
    }
    case "shutdown":
      return "SCTP_SHUTDOWN_EVENT";
    case "adaptation":
      return `SCTP_ADAPTATION_INDICATION: 0x${content.indication.toString(16)}`;
    case "partial-delivery": {
      const how = content.isAborted ? "SCTP_PARTIAL_DELIVERY_ABORTED" : "???";
      return `SCTP_PARTIAL_DELIVERY_EVENT: ${how}, stream ${content.sid}`;
    }
    case "sender-dry":
      return "SCTP_SENDER_DRY_EVENT";
    case "stream-reset":
      return `SCTP_STREAM_RESET_EVENT: ${outcome(content)}`;
    case "association-reset":
      return `SCTP_ASSOC_RESET_EVENT: ${outcome(content)}`;
    case "stream-change":
      return `SCTP_STREAM_CHANGE_EVENT: ${outcome(content)}, ${streamsOf(content)}`;
    case "unknown":
      return `unknown notification 0x${content.rawType.toString(16)}, ${size} bytes`;
  }
}

function streamsOf(
  { inboundStreams, outboundStreams }: { inboundStreams: number; outboundStreams: number },
): string {
  return `MIS ${inboundStreams} / OS ${outboundStreams}`;
}

function because(error: number): string {
  return error === 0 ? "" : `, ${causeName(error)}`;
}

function outcome({ incoming, outgoing, denied, failed }: ResetOutcome): string {
  const words = [incoming && "incoming", outgoing && "outgoing", denied && "denied", failed && "failed"];
  return words.filter(Boolean).join(" ") || "done";
}
