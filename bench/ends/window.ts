/** What one end of one run measures, and when: the same window as in baseline.c. */
import process from "node:process";
import { type Counters, counters } from "netsctp";

/** The last line an end prints. */
export interface EndReport {
  /** Within the window. Of a ping-pong: round trips. */
  messages: number;
  seconds: number;
  /** Processor time of the process within the window, user and system, in seconds. */
  cpu: number;
  /** What the shim counted within the window; absent where there is no shim. */
  counters?: Record<CounterName, number>;
  /** Microseconds; the client's of a ping-pong. */
  roundTrip?: { p50: number; p99: number };
  /** Of the whole run, in this end's opinion: the two must agree. */
  total: number;
}

export type CounterName = Exclude<keyof Counters, "openHandles">;

/** The client goes on for this long after its window, so that the server's is filled to its end. */
export const MARGIN_MS = 100;

const now = () => ({ ms: performance.now(), cpu: process.cpuUsage(), counters: counters() });

/** Opens after the warm-up and closes when the time is up. */
export class Window {
  readonly #count: () => number;
  #opens = Infinity;
  #closes = Infinity;
  #timer: NodeJS.Timeout | undefined;
  #opened: ReturnType<typeof now> & { count: number } | undefined;
  #measured: Omit<EndReport, "total"> | undefined;

  /** @param count how many messages there were, so far */
  constructor(count: () => number) {
    this.#count = count;
  }

  begin(warmUpMs: number, runMs: number): void {
    const begun = performance.now();
    this.#opens = begun + warmUpMs;
    this.#closes = this.#opens + runMs;
    this.#timer = setTimeout(() => {
      this.#open();
      this.#timer = setTimeout(() => this.close(), this.#closes - performance.now());
    }, warmUpMs);
  }

  /** For those who give timers no turn for long: to be called now and then. */
  look(): void {
    const time = performance.now();
    if (time >= this.#opens) this.#open();
    if (time >= this.#closes) this.close();
  }

  get isOpen(): boolean {
    return this.#opened !== undefined && this.#measured === undefined;
  }

  #open(): void {
    this.#opened ??= { ...now(), count: this.#count() };
  }

  /** Before its time, where the run ended early. */
  close(): void {
    clearTimeout(this.#timer);
    if (!this.#opened || this.#measured) return;
    const [before, after] = [this.#opened, now()];
    const { openHandles: _, ...totals } = after.counters;
    const cpu = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system;
    const since = Object.entries(totals).map((
      [name, total],
    ) => [name, (total - before.counters[name as CounterName]) >>> 0]);
    this.#measured = {
      messages: this.#count() - before.count,
      seconds: (after.ms - before.ms) / 1000,
      cpu: cpu / 1e6,
      counters: Object.fromEntries(since),
    };
  }

  report(total: number): EndReport {
    if (!this.#measured) throw new Error("the association ended within the warm-up");
    return { ...this.#measured, total };
  }
}
