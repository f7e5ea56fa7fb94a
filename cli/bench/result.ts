/** What receivers have counted, as rates and as a table. */
import type { IntervalRow } from "./intervals.ts";
import type { Received } from "./protocol.ts";

export interface Result {
  direction: "up" | "down";
  /** Which one, or all of them. */
  association: number | "all";
  messages: number;
  bytes: number;
  /** From the first message's arrival to the last one's. */
  ms: number;
  /** Null where that took no time. */
  messagesPerSecond: number | null;
  mbitPerSecond: number | null;
}

const messagesPerSecond = (messages: number, ms: number) => ms > 0 ? Math.round(messages / ms * 1000) : null;
const mbitPerSecond = (bytes: number, ms: number) => ms > 0 ? Math.round(bytes * 8 / ms / 10) / 100 : null;
const toMicroseconds = (ms: number) => Math.round(ms * 1000) / 1000;

/** Of one receiver, or of several on one clock. */
export function resultOf(
  direction: "up" | "down",
  association: number | "all",
  all: readonly Received[],
): Result {
  const some = all.filter(({ messages }) => messages > 0);
  const sum = (count: (one: Received) => number) => some.reduce((total, one) => total + count(one), 0);
  const messages = sum((one) => one.messages);
  const bytes = sum((one) => one.bytes);
  const first = Math.min(...some.map((one) => one.first));
  const last = Math.max(...some.map((one) => one.last));
  const ms = some.length > 0 ? last - first : 0;
  return {
    direction,
    association,
    messages,
    bytes,
    ms: toMicroseconds(ms),
    messagesPerSecond: messagesPerSecond(messages, ms),
    mbitPerSecond: mbitPerSecond(bytes, ms),
  };
}

/** An interval with its rates, for programs. */
export function intervalOf({ startMs, endMs, ...row }: IntervalRow): object {
  const ms = endMs - startMs;
  return {
    ...row,
    startMs: toMicroseconds(startMs),
    endMs: toMicroseconds(endMs),
    messagesPerSecond: messagesPerSecond(row.messages, ms),
    mbitPerSecond: mbitPerSecond(row.bytes, ms),
  };
}

const seconds = (ms: number) => (ms / 1000).toFixed(2);

/** The same as a line, for people. */
export function formatInterval(
  { direction, association, startMs, endMs, messages, bytes }: IntervalRow,
): string {
  const ms = endMs - startMs;
  return [
    direction.padEnd(4),
    String(association).padStart(4),
    `${seconds(startMs)}-${seconds(endMs)} s`.padStart(15),
    `${messages} messages`.padStart(18),
    `${rate(messagesPerSecond(messages, ms), 0)} messages/s`.padStart(20),
    `${rate(mbitPerSecond(bytes, ms), 1)} Mbit/s`.padStart(16),
  ].join(" ");
}

const rate = (value: number | null, digits: number) => value === null ? "-" : value.toFixed(digits);

export function formatResult({ messages, bytes, ms, messagesPerSecond, mbitPerSecond }: Result): string {
  return `${messages} messages, ${bytes} bytes in ${(ms / 1000).toFixed(2)} s: ` +
    `${rate(messagesPerSecond, 0)} messages/s, ${rate(mbitPerSecond, 1)} Mbit/s`;
}

const HEAD = ["direction", "association", "messages", "bytes", "seconds", "messages/s", "Mbit/s"];

/** Lines of equal columns. */
export function tableOf(results: readonly Result[]): string[] {
  const rows = results.map((one) => [
    one.direction,
    String(one.association),
    String(one.messages),
    String(one.bytes),
    (one.ms / 1000).toFixed(2),
    rate(one.messagesPerSecond, 0),
    rate(one.mbitPerSecond, 1),
  ]);
  const widths = HEAD.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  return [HEAD, ...rows].map((row) =>
    row.map((cell, i) => i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join("  ")
  );
}
