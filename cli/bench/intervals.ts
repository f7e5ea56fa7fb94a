/** What has come in each interval of a run: told by whoever receives, and put together where there are several. */
import type { Interval, Received } from "./protocol.ts";

/**
 * Tells at equal intervals what has come since the last time.
 *
 * @returns what tells of the rest, and ends it
 */
export function watchIntervals(
  received: Received,
  everyMs: number,
  tell: (interval: Interval) => void,
): () => void {
  if (everyMs === 0) return () => {};
  const begun = performance.now();
  let before = { startMs: 0, messages: 0, bytes: 0 };
  let index = 0;
  const look = () => {
    const { messages, bytes } = received;
    const endMs = performance.now() - begun;
    tell({
      index: index++,
      startMs: before.startMs,
      endMs,
      messages: messages - before.messages,
      bytes: bytes - before.bytes,
    });
    before = { startMs: endMs, messages, bytes };
  };
  const timer = setInterval(look, everyMs);
  return () => {
    clearInterval(timer);
    // Of a run shorter than one interval, the result says all.
    if (index > 0 && received.messages > before.messages) look();
  };
}

/** One association's part of an interval, or all of it. */
export interface IntervalRow extends Omit<Interval, "index"> {
  direction: "up" | "down";
  association: number | "all";
}

/** Gathers the intervals of several associations: those of one time are told together. */
export class Intervals {
  readonly #count: number;
  readonly #tell: (row: IntervalRow) => void;
  /** What has come so far, by association. */
  readonly totals: Record<"up" | "down", Received[]> = { up: [], down: [] };
  readonly #waiting = { up: new Map<number, IntervalRow[]>(), down: new Map<number, IntervalRow[]>() };

  constructor(associations: number, tell: (row: IntervalRow) => void) {
    this.#count = associations;
    this.#tell = tell;
  }

  add(direction: "up" | "down", association: number, { index, ...interval }: Interval): void {
    const total = this.totals[direction][association - 1] ??= {
      messages: 0,
      bytes: 0,
      first: interval.startMs,
      last: 0,
    };
    total.messages += interval.messages;
    total.bytes += interval.bytes;
    total.last = interval.endMs;
    const waiting = this.#waiting[direction];
    const rows = waiting.get(index) ?? [];
    rows.push({ direction, association, ...interval });
    waiting.set(index, rows);
    if (rows.length === this.#count) this.#tellAll(waiting, index, rows);
  }

  /** Not all associations end at the same time: tells what is still waiting for others. */
  end(): void {
    for (const waiting of Object.values(this.#waiting)) {
      for (const [index, rows] of waiting) this.#tellAll(waiting, index, rows);
    }
  }

  #tellAll(waiting: Map<number, IntervalRow[]>, index: number, rows: IntervalRow[]): void {
    waiting.delete(index);
    rows.sort((a, b) => Number(a.association) - Number(b.association)).forEach(this.#tell);
    if (this.#count > 1) this.#tell(allOf(rows));
  }
}

function allOf(rows: readonly IntervalRow[]): IntervalRow {
  const sum = (count: (row: IntervalRow) => number) => rows.reduce((total, row) => total + count(row), 0);
  return {
    direction: rows[0]!.direction,
    association: "all",
    startMs: Math.min(...rows.map(({ startMs }) => startMs)),
    endMs: Math.max(...rows.map(({ endMs }) => endMs)),
    messages: sum(({ messages }) => messages),
    bytes: sum(({ bytes }) => bytes),
  };
}
