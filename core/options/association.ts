/**
 * Options of an association, whichever end begins it. Arguments in, complete
 * frozen plans out: whoever gets a plan checks nothing again. Absent means "the
 * stack's own default" all the way down.
 */
import { invalidArgValue } from "../errors.ts";
import { type NumberedOption, OPTION } from "../shim/records.ts";
import type { StackChoice } from "../shim/stacks.ts";
import { OPTIONS } from "./options.gen.ts";
import { planMessages } from "./send_options.ts";
import {
  planNumbers,
  planPreset,
  planStallTimeout,
  type SackOptions,
  type SctpOptions,
  withoutRepeats,
} from "./sctp_options.ts";
import type { Loose } from "./socket_options.ts";
import { number, optionalInteger, optionalString } from "../validate.ts";

/** Options of an association, for both ends. */
export interface AssociationOptions {
  /** Which stack serves: "kernel", "userspace" or "auto". Default: NETSCTP_STACK, else "auto". */
  stack?: StackChoice;
  /** The directory that holds the native libraries: the only place where they are looked for. Read when the first
   * socket of a stack is opened. Default: NETSCTP_LIBRARY, else in the package or beside the
   * program. */
  libraryPath?: string;
  /** Outbound streams to ask for, 1 to 65535. Default 2048, or MIS if that is larger. */
  OS?: number;
  /** The most inbound streams to accept, 1 to 65535. Default: the stack's. */
  MIS?: number;
  /** What only SCTP has. */
  sctp?: SctpOptions;
  /** The same as `sctp.sack`, where newer versions of node-lksctp have it. */
  sack?: SackOptions;
  /** Send small messages at once (SCTP_NODELAY). Default true, unlike `net`. */
  noDelay?: boolean;
  /** Watch idle paths by heartbeats every `keepAliveInitialDelay`. Default: as the stack does, every 30 s. */
  keepAlive?: boolean;
  /** Milliseconds between heartbeats on an idle path, 4 hours at most; 0 for the stack's own interval. Default 0. */
  keepAliveInitialDelay?: number;
  /** Bytes the stack may keep that are sent and not acknowledged (SO_SNDBUF), 1 to 0x3fffffff. Default 1 MB. */
  sendBufferSize?: number;
  /** Bytes the peer may send ahead of what is read: the window (SO_RCVBUF), 1 to 0x3fffffff. Default: 2 MB in the
   * kernel, 1 MB in userspace. */
  recvBufferSize?: number;
  /** Bytes buffered in each direction before back pressure. Default 65536. */
  highWaterMark?: number;
  /** The largest message received, in bytes; a larger one fails the socket. Default 1048576. */
  maxMessageSize?: number;
  /** Must not be true: SCTP has no half-open state. */
  allowHalfOpen?: false;
}

/** What both ends have decided about their associations. */
export type AssociationPlan = ReturnType<typeof planAssociation>;

const MAX_BYTES = 0x7fffffff;
export const MAX_MS = 0x7fffffff;
/** The largest buffer a stack can be asked for. */
export const MAX_BUFFER_BYTES = OPTIONS.SEND_BUFFER.most;

const DEFAULT_HIGH_WATER_MARK = 64 * 1024;
const DEFAULT_MAX_MESSAGE_SIZE = 1024 * 1024;

const IMPOSSIBLE = Object.entries({
  path: "names a Unix socket or pipe, and SCTP has none",
  fd: "cannot be taken over: a socket of this package belongs to its own stack",
  handle: "cannot be taken over: a socket of this package belongs to its own stack",
  _handle: "cannot be taken over: a socket of this package belongs to its own stack",
});

/** Throws for what `net` has and SCTP cannot. */
export function refuseImpossible(options: Loose): void {
  for (const [name, why] of IMPOSSIBLE) {
    const value = options[name];
    if (value === undefined || value === null || (name === "path" && !value)) continue; // as http's agents pass it
    throw invalidArgValue(`options.${name}`, value, why);
  }
  if (options.allowHalfOpen) {
    const why = "must be false: SCTP has no half-open state (RFC 9260 section 9.2)";
    throw invalidArgValue("options.allowHalfOpen", options.allowHalfOpen, why);
  }
}

export function planAssociation(options: Loose) {
  refuseImpossible(options);
  const noDelay = Boolean(options.noDelay ?? true); // by its truth, as net takes switches
  const given = withoutRepeats([
    [OPTION.NO_DELAY, noDelay ? 1 : 0],
    ...planNumbers(options),
    ...planKeepAlive(options),
  ]);
  const socketOptions = [...given, ...planPreset(options.sctp as Loose | undefined, given, "options.sctp")];
  const highWaterMark = optionalInteger(options.highWaterMark, "options.highWaterMark", 0, MAX_BYTES);
  const maxMessageSize = optionalInteger(options.maxMessageSize, "options.maxMessageSize", 1, MAX_BYTES);
  return Object.freeze({
    stack: options.stack as StackChoice | undefined, // Stacks.choose() checks it, with the environment's
    libraryPath: optionalString(options.libraryPath, "options.libraryPath") || undefined,
    highWaterMark: highWaterMark ?? DEFAULT_HIGH_WATER_MARK,
    maxMessageSize: maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE,
    messages: planMessages(options.sctp, "options.sctp"),
    stallTimeout: planStallTimeout(options.sctp, "options.sctp") ?? 0,
    socketOptions: Object.freeze(socketOptions),
  });
}

function planKeepAlive(options: Loose): NumberedOption[] {
  const delay = number(options.keepAliveInitialDelay ?? 0, "options.keepAliveInitialDelay");
  return options.keepAlive ? heartbeats(true, milliseconds(delay)) : [];
}

/** A delay as one that can be set: what is less than 1 or no number is 0, as in `net`, and what is too long the longest. */
export function milliseconds(value: number): number {
  return Math.min(Math.max(Math.trunc(value) || 0, 0), OPTIONS.HEARTBEAT_INTERVAL.most);
}

/** Heartbeats (RFC 9260 section 8.3) as options: on or off, and how far apart; 0 leaves that as it is. */
export function heartbeats(isOn: boolean, intervalMs: number): NumberedOption[] {
  const planned: NumberedOption[] = [[OPTION.HEARTBEAT, isOn ? 1 : 0]];
  if (isOn && intervalMs) planned.push([OPTION.HEARTBEAT_INTERVAL, intervalMs]);
  return planned;
}
