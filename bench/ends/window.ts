/** What one end of one run measures, and when: the same window as in baseline/measure.c. */
import { existsSync } from "node:fs";
import process from "node:process";
import type { Counters } from "netsctp";

export type CounterName = Exclude<keyof Counters, "openHandles">;
export type Counts = Record<CounterName, number>;

/** The last line an end prints. */
export interface EndReport {
  /** Within the window. Of an echo: round trips; of cycles: cycles. */
  messages: number;
  seconds: number;
  /** Processor time of the process within the window, user and system, in seconds. */
  cpu: number;
  /** What the shim counted within the window; absent where there is no shim. */
  counters?: Counts;
  /** Microseconds at SHARES; the client's, where one message is on its way at a time. */
  roundTrip?: number[];
  /** Bytes for each association; of idle ones. */
  memory?: Memory;
  /** System calls within the window by name, as strace saw them: added by whoever ran it. */
  syscalls?: Record<string, number>;
  /** Of the whole run, in this end's opinion: the two must agree. */
  total: number;
}

export interface Memory {
  /** Of JavaScript, after garbage collection. */
  heap?: number;
  /** Of the process, without what JavaScript's heap occupies. */
  resident: number;
  /** Of the kernel, both ends together. */
  kernel: number;
}

/** The shares of round trips that were not slower, as reported. The same in baseline/measure.c. */
export const SHARES = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999];

/** The client goes on for this long after its window, so that the server's is filled to its end. */
const MARGIN_MS = 100;

const MARK = process.env["NETSCTP_BENCH_MARK"] !== undefined;

export interface Timing {
  warmUpMs: number;
  runMs: number;
}

/** Opens after the warm-up and closes when the time is up. */
export class Window {
  readonly #count: () => number;
  readonly #counters: () => Counts | undefined;
  #opens = Infinity;
  #closes = Infinity;
  #timer: NodeJS.Timeout | undefined;
  #overTimer: NodeJS.Timeout | undefined;
  #opened: ReturnType<Window["now"]> | undefined;
  #measured: Omit<EndReport, "total"> | undefined;
  /** Whether the client has sent for long enough. */
  isOver = false;

  /** @param count how many messages there were, so far */
  constructor(count: () => number, counters: () => Counts | undefined) {
    this.#count = count;
    this.#counters = counters;
  }

  now() {
    if (MARK) existsSync("/netsctp-bench-window"); // seen by strace: ../syscalls.ts
    return {
      ms: performance.now(),
      cpu: process.cpuUsage(),
      counters: this.#counters(),
      count: this.#count(),
    };
  }

  /** @param onOver called when the client has sent for long enough */
  begin({ warmUpMs, runMs }: Timing, onOver = () => {}): void {
    const begun = performance.now();
    this.#opens = begun + warmUpMs;
    this.#closes = this.#opens + runMs;
    this.#timer = setTimeout(() => {
      this.#open();
      this.#timer = setTimeout(() => this.close(), this.#closes - performance.now());
    }, warmUpMs);
    this.#overTimer = setTimeout(() => {
      this.isOver = true;
      onOver();
    }, warmUpMs + runMs + MARGIN_MS);
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
    this.#opened ??= this.now();
  }

  /** Before its time, where the run ended early. */
  close(): void {
    clearTimeout(this.#timer);
    if (this.isOver) clearTimeout(this.#overTimer);
    if (!this.#opened || this.#measured) return;
    const [before, after] = [this.#opened, this.now()];
    this.#measured = {
      messages: after.count - before.count,
      seconds: (after.ms - before.ms) / 1000,
      cpu: (after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system) / 1e6,
      ...(after.counters && before.counters ? { counters: difference(after.counters, before.counters) } : {}),
    };
  }

  /** What was measured; nothing is left that would keep the process alive. */
  report(total: number): EndReport {
    this.close();
    clearTimeout(this.#overTimer);
    if (!this.#measured) throw new Error("the run ended within the warm-up");
    return { ...this.#measured, total };
  }
}

/** The totals start again from 0 at 2^32. */
function difference(after: Counts, before: Counts): Counts {
  const names = Object.keys(after).filter((name) => name !== "openHandles") as CounterName[];
  return Object.fromEntries(names.map((name) => [name, (after[name] - before[name]) >>> 0])) as Counts;
}
