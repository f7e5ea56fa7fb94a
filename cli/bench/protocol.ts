/**
 * What the two ends of `bench` say to each other, over the association that is
 * measured: JSON in messages with an identifier of their own, on stream 0.
 *
 *   client                          server
 *     hello: what is to be done  ->
 *                                <-  ready, or refused: why
 *     start                      ->
 *     data, and a last message on each stream, up, down or both ways
 *                                <-  interval: what came up meanwhile, again and again
 *                                <-  report: what came up
 *     SHUTDOWN
 */
import { Buffer } from "node:buffer";
import type { Message, Socket } from "../../mod.ts";
import { Failure } from "../exit_codes.ts";

const VERSION = 2;
/** Not IANA's: "nsb" and a letter. */
export const CONTROL = 0x6e736263, DATA = 0x6e736264, LAST = 0x6e73626c;

export const DIRECTIONS = ["up", "down", "both"] as const;
export type Direction = typeof DIRECTIONS[number];

export interface Task {
  direction: Direction;
  /** Bytes of each message. */
  size: number;
  streams: number;
  /** How long to send at most. */
  seconds: number;
  /** How many messages each sender sends at most. */
  count?: number;
  /** Milliseconds between reports of what has come meanwhile; 0 for none. */
  intervalMs: number;
}

/** What a receiver has counted; times are its own clock's milliseconds. */
export interface Received {
  messages: number;
  bytes: number;
  first: number;
  last: number;
}

/** What a receiver has counted in one of the intervals; times are from the start. */
export interface Interval {
  index: number;
  startMs: number;
  endMs: number;
  messages: number;
  bytes: number;
}

export interface Control {
  hello?: Task & { version: number };
  ready?: true;
  refused?: string;
  start?: true;
  interval?: Interval;
  report?: Received;
}

export const MOST_SECONDS = 3600, MOST_COUNT = 1e9, MOST_SIZE = 1 << 20, MOST_STREAMS = 1024;
const LEAST_INTERVAL_MS = 10, MOST_INTERVAL_MS = MOST_SECONDS * 1000;
/** So much is shown of a server's reason, in characters. */
export const MOST_WORDS = 500;

export function sendControl(socket: Socket, control: Control): void {
  socket.write(Object.assign(Buffer.from(JSON.stringify(control)), { sid: 0, ppid: CONTROL }));
}

export const helloOf = (task: Task): Control => ({ hello: { ...task, version: VERSION } });

/** @throws Failure for what is none, or says what cannot be */
export function parseControl(message: Message): Control {
  try {
    const control = JSON.parse(message.toString());
    if (isObject(control) && isPossible(control)) return control;
  } catch {
    // The same as what is no object.
  }
  throw new Failure("BAD_MESSAGE", "the peer sent what is no message of netsctp bench");
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const isNumber = (value: unknown, least: number, most: number): value is number =>
  typeof value === "number" && value >= least && value <= most;

const isWhole = (value: unknown, least: number, most: number) =>
  Number.isInteger(value) && isNumber(value, least, most);

const isCount = (value: unknown) => isWhole(value, 0, Number.MAX_SAFE_INTEGER);

/** From one time to another one that is not before it. */
const isSpan = (from: unknown, to: unknown) =>
  isNumber(from, 0, Number.MAX_SAFE_INTEGER) && isNumber(to, from, Number.MAX_SAFE_INTEGER);

/** Whether all that has a meaning is what it has to be; what a hello asks for is answered by problemWith(). */
function isPossible({ hello, refused, interval, report }: Record<string, unknown>): boolean {
  const isCounted = (one: unknown, from: string, to: string) =>
    isObject(one) && isCount(one.messages) && isCount(one.bytes) && isSpan(one[from], one[to]);
  return (hello === undefined || isObject(hello)) &&
    (refused === undefined || typeof refused === "string") &&
    (interval === undefined ||
      (isCounted(interval, "startMs", "endMs") && isCount((interval as Interval).index))) &&
    (report === undefined || isCounted(report, "first", "last"));
}

/** Why a server cannot do what is asked for; everything may be in a hello. */
export function problemWith(hello: NonNullable<Control["hello"]>, socket: Socket): string | undefined {
  const { version, direction, size, streams, seconds, count, intervalMs } = hello;
  if (version !== VERSION) return `version ${version} is asked for, this is version ${VERSION}`;
  if (!DIRECTIONS.includes(direction)) return "no such direction";
  if (!isWhole(size, 1, MOST_SIZE)) return `messages of 1 to ${MOST_SIZE} bytes are possible`;
  if (!isNumber(seconds, Number.MIN_VALUE, MOST_SECONDS)) {
    return `${MOST_SECONDS} seconds at most are possible`;
  }
  if (count !== undefined && !isWhole(count, 1, MOST_COUNT)) {
    return `${MOST_COUNT} messages at most are possible`;
  }
  if (intervalMs !== 0 && !isNumber(intervalMs, LEAST_INTERVAL_MS, MOST_INTERVAL_MS)) {
    return `the interval must be ${LEAST_INTERVAL_MS} to ${MOST_INTERVAL_MS} ms, or 0 for no reports`;
  }
  const available = Math.min(socket.outboundStreams, socket.inboundStreams);
  if (!isWhole(streams, 1, available)) return `${available} streams at most are possible`;
}
