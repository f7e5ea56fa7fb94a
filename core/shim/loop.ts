/**
 * One shim loop and those who wait on it: turns a wake into `onReady` calls,
 * lends the memory that batches pass through, and keeps the process alive
 * while somebody holds a reference: who does is for them to say.
 */
import { setImmediate } from "node:timers";
import { type SystemError, systemError, type SystemErrorContext } from "../errors.ts";
import { throwLater } from "../exceptions.ts";
import type { Calls, Library, LoopPort, Runtime, Stack } from "./native.ts";
import { type Counters, CountersRecord, READY, ReadyRecord, Slab } from "./records.ts";

/** Something with a handle: told when it can go on. */
export interface Waiter {
  /** @param events bits of `READY` */
  onReady(events: number): void;
}

// One receive call fills at most this much before other sockets have their turn; one send call takes as much.
const BATCH_BYTES = 256 * 1024;
/** A program that has caused more warnings than these sees some again. */
const WARNINGS_REMEMBERED = 1000;
const READY_COUNT = 256;

export class Loop {
  readonly stack: Stack;
  readonly calls: Calls;
  /** Memory for one batch on its way out. Valid until control is handed to user code. */
  readonly sendSlab: Slab = new Slab(BATCH_BYTES);

  /** Options that the stack, or the system, is known to have no value of. */
  readonly lacking = new Set<number>();

  /** What senders have sent since it was woken last, as they count it. */
  sentBytes = 0;

  readonly #port: LoopPort;
  readonly #waiters = new Map<number, Waiter>();
  readonly #ready = new Slab(READY_COUNT * ReadyRecord.SIZE);
  readonly #errorNames = new Map<number, string>();
  readonly #spare: Slab[] = [];
  #unfinished: Waiter[] = [];
  #refs = 0;
  readonly #warn: Runtime["warn"];
  readonly #warned = new Set<string>();

  constructor(stack: Stack, library: Library, warn: Runtime["warn"]) {
    this.stack = stack;
    this.#warn = warn;
    this.calls = library.calls;
    this.#port = library.openLoop(() => this.#onWake());
    if (this.#port.loop < 0) {
      const detail = this.explain() || "what waits for packets could not be opened";
      throw this.error(this.#port.loop, "loop", { detail });
    }
  }

  /** The number calls that open something take. */
  get id(): number {
    return this.#port.loop;
  }

  add(handle: number, waiter: Waiter): void {
    this.#waiters.set(handle, waiter);
  }

  remove(handle: number): void {
    this.#waiters.delete(handle);
  }

  /** Counts one more, or one less, that keeps the process alive. */
  ref(): void {
    if (this.#refs++ === 0) this.#port.setRef(true);
  }

  unref(): void {
    if (--this.#refs === 0) this.#port.setRef(false);
  }

  /** Memory for one batch on its way in, until it is given back. */
  borrow(): Slab {
    return this.#spare.pop() ?? new Slab(BATCH_BYTES);
  }

  giveBack(slab: Slab): void {
    this.#spare.push(slab);
  }

  /** Gives the waiter another READABLE after everything else had its turn. */
  yieldTurn(waiter: Waiter): void {
    this.#unfinished.push(waiter);
    if (this.#unfinished.length === 1) setImmediate(() => this.#resumeUnfinished());
  }

  /** The error a negative result stands for, with what the shim can add. */
  error(result: number, syscall: string, context: SystemErrorContext = {}): SystemError {
    const detail = context.detail ?? this.explain();
    return systemError(this.errorName(-result), -result, syscall, { ...context, detail });
  }

  errorName(errno: number): string {
    let name = this.#errorNames.get(errno);
    if (name === undefined) {
      name = errorName(this.calls, errno);
      this.#errorNames.set(errno, name);
    }
    return name;
  }

  /** Why the last call failed, beyond its errno; "" if there is no more. */
  explain(): string {
    return explain(this.calls);
  }

  /** Warns, unless it has said the same before. */
  warnOnce(message: string, code: string): void {
    if (this.#warned.has(message)) return;
    if (this.#warned.size < WARNINGS_REMEMBERED) this.#warned.add(message);
    this.#warn(message, code);
  }

  /** The shim's running totals, for benches. */
  counters(): Counters {
    const slab = new Slab(CountersRecord.SIZE);
    this.calls.counters(slab.bytes, slab.size);
    return CountersRecord.read(slab, 0);
  }

  #onWake(): void {
    this.sentBytes = 0;
    const count = this.calls.take(this.id, this.#ready.bytes, this.#ready.size);
    // Read before anything is called: what users do in their handlers may wake us again.
    const waiters: Waiter[] = [];
    const events: number[] = [];
    for (let i = 0; i < count; i++) {
      const waiter = this.#waiters.get(ReadyRecord.handle(this.#ready, i * ReadyRecord.SIZE));
      if (waiter === undefined) continue; // closed meanwhile
      waiters.push(waiter);
      events.push(ReadyRecord.events(this.#ready, i * ReadyRecord.SIZE));
    }
    for (let i = 0; i < waiters.length; i++) this.#call(waiters[i]!, events[i]!);
  }

  #resumeUnfinished(): void {
    const waiters = this.#unfinished;
    this.#unfinished = [];
    for (const waiter of waiters) this.#call(waiter, READY.READABLE);
  }

  #call(waiter: Waiter, events: number): void {
    try {
      waiter.onReady(events);
    } catch (error) {
      throwLater(error);
    }
  }
}

/** The name of a positive errno, also for a library that has no loop yet. */
export function errorName(calls: Calls, errno: number): string {
  const slab = new Slab(64);
  const length = calls.error_name(errno, slab.bytes, slab.size);
  return length > 0 ? slab.bytes.toString("latin1", 0, length) : `errno ${errno}`;
}

/** `netsctp_explain`, also for a library that has no loop yet. */
export function explain(calls: Calls): string {
  const slab = new Slab(1024);
  const length = calls.explain(slab.bytes, slab.size);
  return length > 0 ? slab.bytes.toString("utf8", 0, length) : "";
}
