/**
 * Notifications (RFC 6458 section 6.1): the stack's own bytes, what they say as
 * an object, and the same as a line for people. One that nobody here knows is
 * `unknown` and keeps its bytes; it is never an error.
 */
import type { Buffer } from "node:buffer";
import { shownCause } from "./causes.ts";
import { RFC_MEMBERS } from "./rfc_names.gen.ts";
import {
  addressOf,
  ASSOC,
  ASSOC_NAMES,
  ASSOC_WORDS,
  KEY,
  KEY_NAMES,
  KEY_WORDS,
  NOTIFICATION,
  NOTIFICATION_NAMES,
  PATH_NAMES,
  PATH_WORDS,
  type RawNotification,
  RESET,
} from "../shim/records.ts";
import type { Notification, NotificationContent, ParsedNotification, ResetOutcome } from "./types.ts";

/** A notification that is not put into words before somebody wants them: hardly anybody listens to them. */
export class DecodedNotification implements Notification {
  readonly #record: RawNotification;
  readonly content: NotificationContent;

  constructor(record: RawNotification) {
    this.#record = record;
    this.content = READERS[record.type]?.content(record) ?? { type: "unknown", rawType: record.rawType };
  }

  /** Of "send-failed": the flags of the fragment, as in its DATA chunk (RFC 9260 section 3.3.1). */
  get sendFlags(): number {
    return this.#record.sendFlags;
  }

  get raw(): Buffer {
    return this.#record.raw;
  }

  get parsed(): ParsedNotification {
    const { type, rawFlags, rawLength } = this.#record;
    const head = { sn_type: type, sn_flags: rawFlags, sn_length: rawLength };
    return { ...this.content, ...head, ...RFC_MEMBERS[type]?.(this.#record) };
  }

  get interpreted(): string {
    const { type, rawType, rawLength } = this.#record;
    const name = NOTIFICATION_NAMES[type];
    if (name === undefined) return `unknown notification 0x${rawType.toString(16)}, ${rawLength} bytes`;
    const detail = READERS[type]?.detail?.(this.#record);
    return detail === undefined ? name : `${name}: ${detail}`;
  }
}

interface Reader {
  content(record: RawNotification): NotificationContent;
  /** What the line says behind the name of the type. That of the first three types is as node-lksctp writes it. */
  detail?(record: RawNotification): string;
}

const READERS: Readonly<Record<number, Reader>> = {
  [NOTIFICATION.ASSOC_CHANGE]: {
    content: ({ state, error, outboundStreams, inboundStreams }) => ({
      type: "association-change",
      state: ASSOC_WORDS[state] ?? "unknown",
      error,
      outboundStreams,
      inboundStreams,
    }),
    detail: (record) => {
      const hasStreams = record.state === ASSOC.UP || record.state === ASSOC.RESTART;
      const streams = hasStreams ? `, ${streamsOf(record)}` : "";
      return `${ASSOC_NAMES[record.state] ?? "???"}${streams}${because(record)}`;
    },
  },
  [NOTIFICATION.PEER_ADDR_CHANGE]: {
    content: ({ state, address, error }) => ({
      type: "path-change",
      state: PATH_WORDS[state] ?? "unknown",
      address: addressOf(address),
      error,
    }),
    detail: ({ state, address: { text } }) => `${PATH_NAMES[state] ?? "???"} ${text || "???"}`,
  },
  [NOTIFICATION.AUTHENTICATION]: {
    content: ({ indication, keyNumber }) => ({
      type: "authentication",
      change: KEY_WORDS[indication] ?? "unknown",
      keyNumber,
    }),
    detail: ({ indication, keyNumber }) => {
      const key = indication === KEY.NO_AUTHENTICATION ? "" : `, key id ${keyNumber}`;
      return `${KEY_NAMES[indication] ?? "???"}${key}`;
    },
  },
  [NOTIFICATION.REMOTE_ERROR]: {
    content: ({ error }) => ({ type: "remote-error", error }),
    detail: ({ error }) => shownCause(error),
  },
  [NOTIFICATION.SEND_FAILED]: {
    content: ({ flags, error, sid, ppid, context }) => ({
      type: "send-failed",
      isSent: flags !== 0,
      error,
      sid,
      ppid,
      context,
    }),
    detail: (record) => {
      const how = record.flags !== 0 ? "SCTP_DATA_SENT" : "SCTP_DATA_UNSENT";
      return `${how}, stream ${record.sid}, ppid ${record.ppid}${because(record)}`;
    },
  },
  [NOTIFICATION.SHUTDOWN]: { content: () => ({ type: "shutdown" }) },
  [NOTIFICATION.ADAPTATION]: {
    content: ({ indication }) => ({ type: "adaptation", indication }),
    detail: ({ indication }) => `0x${indication.toString(16)}`,
  },
  [NOTIFICATION.PARTIAL_DELIVERY]: {
    content: ({ indication, sid }) => ({ type: "partial-delivery", isAborted: indication === 1, sid }),
    detail: ({ indication, sid }) => {
      const how = indication === 1 ? "SCTP_PARTIAL_DELIVERY_ABORTED" : "???";
      return `${how}, stream ${sid}`;
    },
  },
  [NOTIFICATION.SENDER_DRY]: { content: () => ({ type: "sender-dry" }) },
  [NOTIFICATION.STREAM_RESET]: {
    content: ({ flags }) => ({ type: "stream-reset", ...outcomeOf(flags) }),
    detail: outcome,
  },
  [NOTIFICATION.ASSOC_RESET]: {
    content: ({ localTsn, remoteTsn, flags }) => ({
      type: "association-reset",
      localTsn,
      remoteTsn,
      ...outcomeOf(flags),
    }),
    detail: outcome,
  },
  [NOTIFICATION.STREAM_CHANGE]: {
    content: ({ outboundStreams, inboundStreams, flags }) => ({
      type: "stream-change",
      outboundStreams,
      inboundStreams,
      ...outcomeOf(flags),
    }),
    detail: (record) => `${outcome(record)}, ${streamsOf(record)}`,
  },
};

function streamsOf({ inboundStreams, outboundStreams }: RawNotification): string {
  return `MIS ${inboundStreams} / OS ${outboundStreams}`;
}

function because({ error }: RawNotification): string {
  return error === 0 ? "" : `, ${shownCause(error)}`;
}

function outcomeOf(flags: number): ResetOutcome {
  return {
    incoming: (flags & RESET.INCOMING) !== 0,
    outgoing: (flags & RESET.OUTGOING) !== 0,
    denied: (flags & RESET.DENIED) !== 0,
    failed: (flags & RESET.FAILED) !== 0,
  };
}

function outcome({ flags }: RawNotification): string {
  const words = Object.entries(outcomeOf(flags)).flatMap(([word, isSo]) => isSo ? [word] : []);
  return words.join(" ") || "done";
}
