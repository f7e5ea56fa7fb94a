/** `sctp`: what only SCTP has, the same for both ends, before an association and while it is up. */
import { type AuthOptions, planAuth } from "./auth_options.ts";
import { incompatible, invalidArgType, invalidArgValue, wrongState } from "../errors.ts";
import { ALSO_AT_TOP } from "../lksctp_names.ts";
import type { SendOptions } from "./send_options.ts";
import { type Loose, type Names, namesOf, planNames, rowOf, tableRow } from "./socket_options.ts";
import { type NumberedOption, OPTION } from "../shim/records.ts";
import { type Preset, PRESETS } from "./presets.ts";
import {
  isObject,
  number,
  optionalInteger,
  optionalObject,
  optionalOneOf,
  unknownName,
} from "../validate.ts";

/** How an association is begun (SCTP_INITMSG, RFC 6458 section 8.1.3). */
export interface InitOptions {
  /** How often INIT is sent again at the most, 1 to 65535. Default: the stack's, 8. */
  attempts?: number;
  /** Milliseconds to which the wait for an answer to INIT doubles at the most, 1 to 65535; the first wait is
   * `rto.initial`. Default: the stack's, 60000, and in userspace `rto.max` if that is less. */
  timeout?: number;
}

/** How many streams to ask for, and to allow. */
export interface StreamOptions {
  /** Outbound streams to ask for, 1 to 65535. Default 2048, or `inbound` if that is larger. */
  outbound?: number;
  /** The most inbound streams to accept, 1 to 65535. Default: the stack's. */
  inbound?: number;
}

/**
 * How long the stack waits for an acknowledgement before it sends again (SCTP_RTOINFO, RFC 9260 section 6.3):
 * `min <= initial <= max`, or what is set is refused.
 */
export interface RtoOptions {
  /** Milliseconds on a path that has not been measured yet, 1 to 2147483647. Default: the stack's, 3000 in the kernel,
   * 1000 in userspace. */
  initial?: number;
  /** Milliseconds at the least, 1 to 2147483647. Default: the stack's, 1000. */
  min?: number;
  /** Milliseconds at the most, to which the wait doubles, 1 to 2147483647. Default: the stack's, 60000. */
  max?: number;
}

/** How often in a row something is sent again on a path before that is given up. */
export interface PathRetransmissionOptions {
  /** On one path: then it counts as unreachable (Path.Max.Retrans), 1 to 65535. Default: the stack's, 5. */
  path?: number;
  /**
   * On one path: then another one is used while there is one (PotentiallyFailed.Max.Retrans, RFC 7829 section 3), 0 to
   * 65535; 65535: never. Default: the stack's, 0. In userspace a path is potentially failed only while there is another one.
   */
  potentiallyFailed?: number;
  /** On the primary path: then another one becomes the primary (RFC 7829 section 5), 0 to 65535. Kernel's stack only.
   * Default: never. */
  primarySwitchover?: number;
}

/** How often in a row something is sent again before it is given up. */
export interface RetransmissionOptions extends PathRetransmissionOptions {
  /**
   * Over all paths: then the association has failed (Association.Max.Retrans), 1 to 65535. Default: `path`, where that is 3
   * or more, on each of the peer's addresses, also when their number changes; otherwise the stack's, 10. With a smaller one,
   * heartbeats to one path that has failed would end an association that another path still serves.
   */
  association?: number;
}

/** Delayed acknowledgements (SCTP_DELAYED_SACK, RFC 6458 section 8.1.19). */
export interface SackOptions {
  /** Milliseconds until a packet is acknowledged, 1 to 500; 0 leaves the stack's default. */
  delay?: number;
  /** Packets until one is acknowledged at once; 1 turns the delay off, 0 leaves the stack's default. */
  freq?: number;
}

/** Path MTU discovery by probes (RFC 8899). */
export interface PathMtuOptions {
  /** Milliseconds between probes, 5000 or more. Kernel's stack only. */
  probeInterval: number;
}

/** What each path can have of its own. A name that is not here throws. What is not given stays as it is. */
export interface PathOptions {
  /** How often something is sent again. */
  retransmissions?: PathRetransmissionOptions;
  /** Milliseconds between heartbeats on an idle path, 1 to 14400000, or false for none (RFC 9260 section 8.3). Default:
   * the stack's, 30000. The same as `keepAlive` with `keepAliveInitialDelay`. */
  heartbeat?: number | false;
  /** Bytes of an IP packet with all its heads, 576 to 65535, in place of what is discovered; or how to probe for it. Default: discovered. */
  pathMtu?: number | PathMtuOptions;
  /** The DiffServ code point of all packets, 0 to 63 (RFC 2474; RFC 6458 section 8.1.12). Default 0. */
  dscp?: number;
  /** The flow label of IPv6 packets, 0 to 1048575 (RFC 6437). Kernel's stack only. */
  flowLabel?: number;
  /** The UDP port that SCTP goes to on this path, 1 to 65535 (RFC 6951 section 5.3). Default: `udpPort` of `connect()`, or the
   * port that the peer's packets come from. */
  udpPort?: number;
}

/** What only SCTP has. A name that is not here throws. All of it is the stack's own where it is not given. */
export interface SctpOptions extends Omit<PathOptions, "udpPort"> {
  /**
   * A set of options that go together, before an association: "lan-signalling" (within a site), "wan-signalling",
   * "diameter", "ngap", or "stack" for none. What is given beside it wins. docs/tuning.md has its numbers, and how long a
   * failure takes with each. Default "stack".
   */
  preset?: Preset;
  /** How an association is begun. */
  init?: InitOptions;
  /** How many streams: the same as `OS` and `MIS`. */
  streams?: StreamOptions;
  /** The retransmission timeout. */
  rto?: RtoOptions;
  /** How often something is sent again. */
  retransmissions?: RetransmissionOptions;
  /** Delayed acknowledgements. */
  sack?: SackOptions;
  /** Milliseconds that the peer has to come back with its cookie, 1000 to 3600000 (RFC 6458 section 8.1.2). Default: the
   * stack's, 60000. */
  cookieLife?: number;
  /** Packets sent at once at the most, 0 to 65535 (SCTP_MAX_BURST, RFC 6458 section 8.1.24). Default: the stack's, 4. */
  maxBurst?: number;
  /** The most bytes of a message that go into one DATA chunk, 0 for as many as fit (SCTP_MAXSEG, RFC 6458 section
   * 8.1.16), or 44 at the least; the kernel's stack refuses less than about 500. Default 0. */
  maxSegment?: number;
  /** Whether messages may be given up (RFC 3758). Default true. */
  partialReliability?: boolean;
  /** Explicit congestion notification (RFC 9260 appendix A). Kernel's stack only; its default is true. */
  ecn?: boolean;
  /** What messages are sent with where neither `send()` nor their Buffer says it: so that a program which only calls
   * `write()` can be given an identifier. */
  send?: SendOptions;
  /** Whether received messages have `ssn`, `tsn` and `cumulativeTsn`. Default false. */
  receiveInfo?: boolean;
  /**
   * Whether addresses of either end may come and go while the association is up (RFC 5061): `addLocalAddress()`,
   * `removeLocalAddress()`. Both ends have to ask for it. It brings signed chunks along (RFC 4895), by the empty key unless
   * `auth` has others. Default: the stack's, false in the kernel and true in userspace.
   */
  dynamicAddresses?: boolean;
  /** Signed chunks (RFC 4895): both ends have to ask for them. Default: none but those that change addresses. */
  auth?: AuthOptions;
  /**
   * Milliseconds after which a peer that acknowledges nothing of what is on its way to it is given up, be it alive or not:
   * `ERR_SCTP_STALLED`. 0 to 2147483647, 0 for never. Each heartbeat that a peer answers sets the stack's own count of
   * failures back (RFC 9260 section 8.1), so that without this one that answers nothing else keeps its association for
   * ever. A peer whose window is closed, as its program reads nothing, does acknowledge. Default 0.
   */
  stallTimeout?: number;
  /** A number told to the peer, 0 to 4294967295 (RFC 5061 section 4.2.6): its `notification` "adaptation". */
  adaptation?: number;
}

/** The longest that a timer takes. */
const MAX_MS = 0x7fffffff;

/** `stallTimeout`, which is no row: no stack has it. Undefined where it was not given. */
export function planStallTimeout(sctp: unknown, path: string): number | undefined {
  const given = optionalObject(sctp, path);
  return optionalInteger(given?.stallTimeout, `${path}.stallTimeout`, 0, MAX_MS);
}

const PROBING: Names = { probeInterval: "PROBE_INTERVAL" };
const RTO: Names = { initial: "RTO_INITIAL", min: "RTO_MIN", max: "RTO_MAX" };

/** The options that have two names. */
const TWICE: Readonly<Record<number, readonly [string, string]>> = {
  [OPTION.OUTBOUND_STREAMS]: ["OS", "sctp.streams.outbound"],
  [OPTION.INBOUND_STREAMS]: ["MIS", "sctp.streams.inbound"],
  [OPTION.HEARTBEAT]: ["keepAlive", "sctp.heartbeat"],
  [OPTION.HEARTBEAT_INTERVAL]: ["keepAliveInitialDelay", "sctp.heartbeat"],
  [OPTION.SACK_DELAY]: ["sack.delay", "sctp.sack.delay"],
  [OPTION.SACK_FREQUENCY]: ["sack.freq", "sctp.sack.freq"],
};

const MOST_SCOPES = 0x10000;
const MAX_PORT = 65535;

/** What is of a path, or of all, and no plain value. */
const OF_PATHS: Names = {
  heartbeat: planHeartbeat,
  pathMtu: planPathMtu,
};

/** All names that have rows, those in `sctp` and at the top. */
const NAMES = namesOf({
  OS: "OUTBOUND_STREAMS",
  MIS: "INBOUND_STREAMS",
  sctp: {
    streams: { outbound: "OUTBOUND_STREAMS", inbound: "INBOUND_STREAMS" },
    preset: () => [], // planPreset()
    rto: planRto,
    send: () => [], // planMessages() has them
    receiveInfo: () => [],
    auth: planAuth,
    dynamicAddresses: planDynamicAddresses,
    stallTimeout: () => [], // planStallTimeout()
    ...OF_PATHS,
  },
});

const { sctp: inSctp, ...AT_TOP } = NAMES;
const IN_SCTP = inSctp as Names;

/** Those that one path can have. */
const PATH_NAMES: Names = {
  ...(namesOf({ sctp: OF_PATHS }, ["path"]).sctp as Names),
  udpPort: (value, path) => {
    const port = optionalInteger(value, path, 1, MAX_PORT);
    return port === undefined ? [] : [[OPTION.REMOTE_UDP_PORT, port]];
  },
};

/** Those of a message that mean nothing else where options come from: `stream`, `key` and the like can be of HTTP or TLS. */
const OF_MESSAGES = ["sid", "ppid", "unordered", "timeToLive", "maxRetransmits", "sackImmediately"];

/** What belongs into `sctp` and is not at the top, each with its place. */
const MISPLACED: ReadonlyArray<readonly [name: string, place: string]> = [
  ...Object.keys(IN_SCTP).filter((name) => !ALSO_AT_TOP.includes(name)).map((name) =>
    [name, `sctp.${name}`] as const
  ),
  ...OF_MESSAGES.map((name) => [name, `sctp.send.${name}`] as const),
].filter(([name]) => !(name in AT_TOP));

/** Throws for a name that belongs into `sctp`. A text in `auth` is the name and password of an HTTP request. */
function refuseMisplaced(options: Loose): void {
  for (const [name, place] of MISPLACED) {
    const value = options[name] ?? undefined;
    if (value === undefined || (name === "auth" && typeof value === "string")) continue;
    throw unknownName("options", name, place);
  }
}

/**
 * The rows of all options of an association that are numbers. Of names that are none, only those within `sctp` throw, and
 * those that belong there.
 */
export function planNumbers(options: Loose): NumberedOption[] {
  refuseMisplaced(options);
  const sctp = optionalObject(options.sctp, "options.sctp");
  const rows = planNames(options, AT_TOP, "options", true);
  rows.push(...planNames(sctp, IN_SCTP, "options.sctp"));
  for (const name of ALSO_AT_TOP) {
    if ((sctp?.[name] ?? undefined) === undefined) {
      rows.push(...planNames(options, { [name]: IN_SCTP[name]! }, "options", true));
    }
  }
  // What needs it comes behind it.
  return rows.some(([option]) => option === OPTION.AUTHENTICATION)
    ? [[OPTION.AUTHENTICATION, 1], ...rows]
    : rows;
}

/**
 * The rows of `sctp` for an association that has begun.
 *
 * @throws ERR_SCTP_TOO_LATE for what can be said before only
 */
export function planChanges(sctp: unknown): NumberedOption[] {
  const rows = planOwn(sctp);
  const late = rows.find(([option]) => tableRow(option).when === "before")?.[0];
  const hasPreset = planPreset(sctp as Loose | undefined, [], "options").length > 0;
  if (late === undefined && !hasPreset) return rows;
  const path = hasPreset ? "sctp.preset" : TWICE[late!]?.[1] ?? tableRow(late!).path;
  throw wrongState(
    "ERR_SCTP_TOO_LATE",
    `${path} is what an association is begun with: give it to connect() or createServer()`,
  );
}

/** The rows of `sctp` where that is an argument of its own, a preset's among them. */
export function planSctp(sctp: unknown): NumberedOption[] {
  const rows = planOwn(sctp);
  return [...rows, ...planPreset(sctp as Loose | undefined, rows, "options")];
}

function planOwn(sctp: unknown): NumberedOption[] {
  return withoutRepeats(planNames(sctp ?? {}, IN_SCTP, "options"));
}

/** With AUTH: an association that has ASCONF alone never comes up on the kernel's stack. */
function planDynamicAddresses(value: unknown, path: string): NumberedOption[] {
  const rows = rowOf("DYNAMIC_ADDRESSES", value, path);
  return value === true ? [...rows, [OPTION.AUTHENTICATION, 1]] : rows;
}

/** The rows of options for one path. */
export function planPath(options: unknown): NumberedOption[] {
  return planNames(options ?? {}, PATH_NAMES, "options");
}

/** The rows of the preset that the program has not given itself. */
export function planPreset(
  sctp: Loose | undefined,
  own: readonly NumberedOption[],
  path: string,
): NumberedOption[] {
  const words = Object.keys(PRESETS) as Preset[];
  const preset = optionalOneOf(sctp?.preset, `${path}.preset`, words);
  if (preset === undefined) return [];
  const isGiven = new Set(own.map(([option]) => option));
  const rows = planNames(PRESETS[preset], IN_SCTP, path).filter(([option]) => !isGiven.has(option));
  refuseDisorder([...own, ...rows], sctp?.rto, `${path}.rto`);
  return rows;
}

function planPathMtu(value: unknown, path: string): NumberedOption[] {
  if (!isObject(value)) return rowOf("PATH_MTU", value, path);
  const rows = planNames(value, PROBING, path);
  number((value as Loose).probeInterval, `${path}.probeInterval`); // without it, nothing is asked for
  return rows;
}

function planRto(value: unknown, path: string): NumberedOption[] {
  const rows = planNames(value, RTO, path);
  refuseDisorder(rows, value, path);
  return rows;
}

function refuseDisorder(rows: readonly NumberedOption[], value: unknown, path: string): void {
  const given = (name: number) => rows.find(([option]) => option === name)?.[1];
  const inOrder = [OPTION.RTO_MIN, OPTION.RTO_INITIAL, OPTION.RTO_MAX].map(given)
    .filter((ms) => ms !== undefined);
  if (inOrder.some((ms, i) => i > 0 && ms < inOrder[i - 1]!)) {
    throw invalidArgValue(path, value, "must have min <= initial <= max");
  }
}

function planHeartbeat(value: unknown, path: string): NumberedOption[] {
  if (value === undefined || value === null) return [];
  if (value === false) return [[OPTION.HEARTBEAT, 0]];
  if (typeof value !== "number") throw invalidArgType(path, "of type number, or false", value);
  return [[OPTION.HEARTBEAT, 1], ...rowOf("HEARTBEAT_INTERVAL", value, path)];
}

/**
 * The rows, each once.
 *
 * @throws ERR_INCOMPATIBLE_OPTION_PAIR where an option was given under two names, and not the same
 */
export function withoutRepeats(rows: NumberedOption[]): NumberedOption[] {
  const byPlace = new Map<number, NumberedOption>();
  for (const row of rows) {
    const place = row[0] * MOST_SCOPES + (row[2] ?? 0);
    const other = byPlace.get(place);
    if (other !== undefined && other[1] !== row[1]) throw incompatible(...TWICE[row[0]]!);
    byPlace.set(place, row);
  }
  return [...byPlace.values()];
}
