/** What a message is sent with: given with it, as properties of its Buffer, or as a socket's defaults. */
import { incompatible } from "../errors.ts";
import { FLAG, type OutboundExtra, POLICY } from "../shim/records.ts";
import { optionalBoolean, optionalInteger, optionalIp, optionalObject, unknownName } from "../validate.ts";

/**
 * What a message is sent with. The same names are read from the Buffer that is sent, and `sctp.send` gives a socket's
 * defaults: what is given with the message counts before what its Buffer has, and that before the defaults.
 */
export interface SendOptions {
  /** The stream to send on, 0 to 65534. Default 0. */
  stream?: number;
  /** The same as `stream`, the name that a received message has for it. */
  sid?: number;
  /** The payload protocol identifier, host order, 0 to 4294967295: see `PPID`. Default 0. */
  ppid?: number;
  /** Whether it may overtake other messages of its stream (RFC 9260 section 6.6). Default false. */
  unordered?: boolean;
  /**
   * Milliseconds after which it is given up, 1 to 2147483647 (RFC 3758). One that expires before the stack has it is
   * never sent: ERR_SCTP_EXPIRED. One of this, `maxRetransmits` and `priority`. Default: it is never given up.
   */
  timeToLive?: number;
  /** How often it is sent again at the most before it is given up, 0 to 65535 (RFC 7496 section 3.1). */
  maxRetransmits?: number;
  /** How important it is, 0 the most, to 4294967295: where there is no room for another message, less important ones
   * are given up (RFC 7496 section 3.2). Kernel's stack only. */
  priority?: number;
  /** Whether the peer is asked to acknowledge it at once (RFC 7053). Default false. */
  sackImmediately?: boolean;
  /** The one of `remoteAddresses` that it goes to. Default: the primary path's. */
  destination?: string;
  /** A number of yours that comes back with it if it is not delivered, 0 to 4294967295. Default 0. */
  context?: number;
  /** The number of the key that authenticates it, 0 to 65535 (RFC 4895). Kernel's stack only. Default: the active one. */
  key?: number;
}

/** What a message is sent with, checked. */
export interface SendPlan {
  readonly stream: number;
  readonly ppid: number;
  /** Of `FLAG`. */
  readonly flags: number;
  readonly extra: OutboundExtra | undefined;
}

/** What a message is sent with that nothing was said of. */
export const PLAIN: SendPlan = Object.freeze({ stream: 0, ppid: 0, flags: 0, extra: undefined });

const MAX_STREAM = 65534;
const MAX_WORD = 0xffffffff;
const MAX_MS = 0x7fffffff;
const MAX_SHORT = 0xffff;

const NAMES: readonly (keyof SendOptions)[] = [
  "stream",
  "sid",
  "ppid",
  "unordered",
  "timeToLive",
  "maxRetransmits",
  "priority",
  "sackImmediately",
  "destination",
  "context",
  "key",
];

/** What an undelivered message has beside: it can be given as the options of its next attempt. */
const OF_UNDELIVERED = ["data", "isSent", "isComplete", "reason"];

/**
 * What was given with a message, over what holds else. Every message that is written comes here, and most have nothing:
 * for them nothing is made.
 *
 * @param path what the names are said to be of
 * @throws ERR_OUT_OF_RANGE, ERR_INVALID_ARG_TYPE, ERR_INVALID_IP_ADDRESS, ERR_INCOMPATIBLE_OPTION_PAIR
 */
export function planSend(given: SendOptions, path: string, base: SendPlan): SendPlan {
  // Each name is looked up once: one that a Buffer does not have costs 10 ns on Node 20.
  const { stream, sid, ppid, unordered, sackImmediately } = given;
  const isBare = stream === undefined && sid === undefined && ppid === undefined && unordered === undefined &&
    sackImmediately === undefined;
  const hasRare = hasRareNames(given);
  if (isBare && !hasRare) return base;
  return {
    stream: streamOf(stream, sid, path) ?? base.stream,
    ppid: integer(ppid, path, "ppid", 0, MAX_WORD) ?? base.ppid,
    flags: flagsOf(unordered, sackImmediately, path, base.flags),
    extra: hasRare ? extraOf(given, path, base.extra) : base.extra,
  };
}

function hasRareNames(
  { timeToLive, maxRetransmits, priority, destination, context, key }: SendOptions,
): boolean {
  return timeToLive !== undefined || maxRetransmits !== undefined || priority !== undefined ||
    destination !== undefined || context !== undefined || key !== undefined;
}

/**
 * The same, of an argument or an option, whose names are checked; those of a Buffer are not.
 *
 * @throws ERR_INVALID_ARG_VALUE for a name that there is not, and as {@linkcode planSend}
 */
export function planSendOptions(value: unknown, path: string, base: SendPlan): SendPlan {
  const given = optionalObject(value, path);
  if (given === undefined) return base;
  for (const name of ArrayBuffer.isView(given) ? [] : Object.keys(given)) {
    if ((NAMES as readonly string[]).includes(name) || OF_UNDELIVERED.includes(name)) continue;
    throw unknownName(path, name, NAMES);
  }
  return planSend(given, path, base);
}

/** What `sctp` says of messages; undefined where it says nothing. */
export interface MessagePlan {
  readonly send: SendPlan | undefined;
  readonly receiveInfo: boolean | undefined;
}

/** What `sctp`, whose name is `path`, says of messages. */
export function planMessages(sctp: unknown, path: string): MessagePlan {
  const { send, receiveInfo } = optionalObject(sctp, path) ?? {};
  return {
    send: (send ?? undefined) === undefined ? undefined : planSendOptions(send, `${path}.send`, PLAIN),
    receiveInfo: optionalBoolean(receiveInfo, `${path}.receiveInfo`),
  };
}

/** As optionalInteger(), which is the slow way to a message that is wrong. */
function integer(
  value: unknown,
  path: string,
  name: string,
  least: number,
  most: number,
): number | undefined {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) {
    return value as number;
  }
  return value === undefined ? undefined : optionalInteger(value, `${path}.${name}`, least, most);
}

/** As optionalBoolean(), in the same way. */
function boolean(value: unknown, path: string, name: string): boolean | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  return optionalBoolean(value, `${path}.${name}`);
}

function streamOf(one: unknown, other: unknown, path: string): number | undefined {
  const stream = integer(one, path, "stream", 0, MAX_STREAM);
  const sid = integer(other, path, "sid", 0, MAX_STREAM);
  if (stream !== undefined && sid !== undefined && stream !== sid) {
    throw incompatible(`${path}.stream`, `${path}.sid`);
  }
  return stream ?? sid;
}

function flagsOf(unordered: unknown, sackImmediately: unknown, path: string, base: number): number {
  const flags = withFlag(base, FLAG.UNORDERED, boolean(unordered, path, "unordered"));
  return withFlag(flags, FLAG.SACK_IMMEDIATELY, boolean(sackImmediately, path, "sackImmediately"));
}

function withFlag(flags: number, flag: number, isOn: boolean | undefined): number {
  if (isOn === undefined) return flags;
  return isOn ? flags | flag : flags & ~flag;
}

function extraOf(
  given: SendOptions,
  path: string,
  base: OutboundExtra | undefined,
): OutboundExtra | undefined {
  const { timeToLive, maxRetransmits, priority, destination, context, key } = given;
  const any = timeToLive ?? maxRetransmits ?? priority ?? destination ?? context ?? key ?? undefined;
  if (any === undefined) return base;
  const { policy, policyValue } = policyOf(given, path) ?? base ?? NO_POLICY;
  return {
    policy,
    policyValue,
    context: integer(context, path, "context", 0, MAX_WORD) ?? base?.context ?? 0,
    keyNumber: integer(key, path, "key", 0, MAX_SHORT) ?? base?.keyNumber,
    destination: optionalIp(destination) ?? base?.destination,
  };
}

/** Of which a message has one at the most. */
const POLICIES = [
  { name: "timeToLive", policy: POLICY.TIME_TO_LIVE, least: 1, most: MAX_MS },
  { name: "maxRetransmits", policy: POLICY.RETRANSMISSIONS, least: 0, most: MAX_SHORT },
  { name: "priority", policy: POLICY.PRIORITY, least: 0, most: MAX_WORD },
] as const;

const NO_POLICY: { policy: number; policyValue: number } = { policy: POLICY.NONE, policyValue: 0 };

/** When a message is given up, if that was said. */
function policyOf(given: SendOptions, path: string): typeof NO_POLICY | undefined {
  let found: (typeof POLICIES)[number] | undefined;
  let policyValue = 0;
  for (const one of POLICIES) {
    const { name, least, most } = one;
    const value = integer(given[name], path, name, least, most);
    if (value === undefined) continue;
    if (found !== undefined) throw incompatible(`${path}.${found.name}`, `${path}.${name}`);
    found = one;
    policyValue = value;
  }
  return found && { policy: found.policy, policyValue };
}
