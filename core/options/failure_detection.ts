/** How long the stacks take to notice that a peer is gone, from the options alone. */
import { associationLimit } from "./association_limit.ts";
import { FailureTimers, type Limits } from "./failure_timers.ts";
import { invalidArgValue } from "../errors.ts";
import { planSctp, planStallTimeout, type SctpOptions } from "./sctp_options.ts";
import { planMessages } from "./send_options.ts";
import { refuseUnknown } from "./socket_options.ts";
import type { Stack } from "../shim/native.ts";
import { OPTION } from "../shim/records.ts";
import { optionalInteger, optionalObject, optionalOneOf } from "../validate.ts";

/** What {@linkcode failureDetectionTime} has to know besides the options. */
export interface FailurePath {
  /** The stack of this end, "kernel" or "userspace". Default: either, so that the times are true of both. */
  stack?: Stack;
  /** Milliseconds of a round trip, 0 to 2147483647. Default 0. */
  roundTrip?: number;
  /** Milliseconds that the peer delays an acknowledgement, 0 to 500. Default 0. */
  sackDelay?: number;
  /** How many addresses of the peer there are, all of which fail, 1 to 64. Default 1. */
  addresses?: number;
}

/** Milliseconds until a failure is noticed: not later than this. */
export interface FailureDetectionTime {
  /** While a message is in flight: from when it was sent until the association is given up. */
  data: number;
  /** While nothing is sent: from the peer's last answer until the association is given up. Infinity without heartbeats. */
  idle: number;
  /** Until `connect()` gives up an address where nobody is, unless its `connectTimeout` is over before. */
  connect: number;
  /** The soonest that the first two may be: heartbeats, which come at random times, count as well. */
  earliest: { data: number; idle: number };
}

const MAX_MS = 0x7fffffff;
const MOST_ADDRESSES = 64;
const NEVER = 65535;

/**
 * How long a failure takes to be noticed with some options. Nothing is opened and no stack is asked: what the options
 * leave out is as the stacks have it by default.
 *
 * Two timers are modelled: T3-rtx, which runs while data is in flight, and the one of heartbeats. Each that expires is one
 * error of the path and of the association, and doubles the path's RTO (RFC 9260 sections 6.3.3 and 8). `data` is what T3-rtx
 * takes alone. With one address and `heartbeat` longer than `rto.max` the userspace stack takes just that; in the kernel
 * heartbeats count as well, so that it may be as soon as `earliest.data`.
 *
 * @param options as `sctp` of `connect()` and `createServer()`
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE, as `connect()` does for the same options, and
 * ERR_INVALID_ARG_VALUE for an `rto` that does not fit a stack's own values, which `connect()` fails with EINVAL for
 *
 * @example
 * ```ts
 * import { failureDetectionTime } from "netsctp";
 *
 * console.log(failureDetectionTime({ preset: "wan-signalling" }).data); // 4500
 * ```
 */
export function failureDetectionTime(options?: SctpOptions, path?: FailurePath): FailureDetectionTime {
  const given = new Map(planSctp(options).map(([option, value]) => [option, value as number]));
  planMessages(options, "options"); // which has no time in it, and may be wrong
  planStallTimeout(options, "options");
  const stated = optionalObject(path, "path") ?? {};
  refuseUnknown(stated, ["stack", "roundTrip", "sackDelay", "addresses"], "path");
  const stack = optionalOneOf<Stack>(stated.stack, "path.stack", ["kernel", "userspace"]);
  if (stack !== undefined) return timesOf(given, stated, stack);
  const [one, other] = [timesOf(given, stated, "kernel"), timesOf(given, stated, "userspace")];
  return {
    data: Math.max(one.data, other.data),
    idle: Math.max(one.idle, other.idle),
    connect: Math.max(one.connect, other.connect),
    earliest: {
      data: Math.min(one.earliest.data, other.earliest.data),
      idle: Math.min(one.earliest.idle, other.earliest.idle),
    },
  };
}

type Given = ReadonlyMap<number, number>;

function timesOf(given: Given, path: Record<string, unknown>, stack: Stack): FailureDetectionTime {
  const limits = limitsOf(given, path, stack);
  const data = FailureTimers.latest(limits, "data");
  const idle = FailureTimers.latest(limits, "idle");
  return {
    data,
    idle,
    connect: timeToConnect(given, limits),
    earliest: {
      data: Math.min(data, FailureTimers.earliest(limits, "data")),
      idle: Math.min(idle, FailureTimers.earliest(limits, "idle")),
    },
  };
}

function limitsOf(given: Given, path: Record<string, unknown>, stack: Stack): Limits {
  const stated = (name: string, least: number, most: number, otherwise: number) =>
    optionalInteger(path[name], `path.${name}`, least, most) ?? otherwise;
  const addresses = stated("addresses", 1, MOST_ADDRESSES, 1);
  const answer = stated("roundTrip", 0, MAX_MS, 0) + stated("sackDelay", 0, 500, 0);
  const ofPath = given.get(OPTION.PATH_RETRANSMISSIONS);
  const { min, initial, max: rtoMax } = rtoOf(given, stack);
  return {
    stack,
    addresses,
    association: given.get(OPTION.ASSOCIATION_RETRANSMISSIONS) ??
      (ofPath === undefined ? undefined : associationLimit(ofPath, addresses)) ?? 10,
    path: ofPath ?? 5,
    // In userspace a path is potentially failed only while there is another one.
    potentiallyFailed: stack === "userspace" && addresses === 1
      ? NEVER
      : given.get(OPTION.POTENTIALLY_FAILED) ?? 0,
    heartbeat: given.get(OPTION.HEARTBEAT) === 0 ? Infinity : given.get(OPTION.HEARTBEAT_INTERVAL) ?? 30_000,
    rtoInitial: initial,
    rtoMax,
    // RFC 9260 section 6.3.1: the first measurement makes it SRTT + 4 * RTTVAR, with RTTVAR half of SRTT.
    rto: Math.min(Math.max(3 * answer, min), rtoMax),
  };
}

/** `rto` with the stack's own values where none are given. */
function rtoOf(given: Given, stack: Stack): { initial: number; min: number; max: number } {
  const initial = given.get(OPTION.RTO_INITIAL) ?? (stack === "kernel" ? 3000 : 1000);
  const min = given.get(OPTION.RTO_MIN) ?? 1000;
  const max = given.get(OPTION.RTO_MAX) ?? 60_000;
  const rto = { initial, min, max };
  if (min <= initial && initial <= max) return rto;
  const rule =
    `must have min <= initial <= max together with the ${stack} stack's own values: set what lies outside, too`;
  throw invalidArgValue("options.rto", rto, rule);
}

/** T1-init: each wait is twice as long as the one before; the first is that of a path which nobody has measured. */
function timeToConnect(given: Given, { stack, rtoInitial, rtoMax }: Limits): number {
  const attempts = given.get(OPTION.INIT_ATTEMPTS) ?? 8;
  const timeout = given.get(OPTION.INIT_TIMEOUT) ?? 60_000;
  const longest = stack === "userspace" ? Math.min(timeout, rtoMax) : timeout;
  let sum = rtoInitial;
  for (let i = 1, wait = rtoInitial; i <= attempts; i++) {
    wait = Math.min(wait * 2, longest);
    sum += wait;
  }
  return sum;
}
