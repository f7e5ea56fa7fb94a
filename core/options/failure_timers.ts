/**
 * The timers by which a stack notices that a peer is gone, run by arithmetic: T3-rtx while data is in flight, and the one
 * of heartbeats. The association fails with one error more than it may have.
 */
import type { Stack } from "../shim/native.ts";

/** The options in milliseconds and counts, none left out. */
export interface Limits {
  stack: Stack;
  addresses: number;
  association: number;
  path: number;
  potentiallyFailed: number;
  /** Infinity: there are none. */
  heartbeat: number;
  rtoInitial: number;
  rtoMax: number;
  /** Of the primary path, as measured. */
  rto: number;
}

interface Path {
  rto: number;
  errors: number;
  isPotentiallyFailed: boolean;
  isHeartbeatOut: boolean;
  sentAt: number;
  t3: number;
  heartbeat: number;
}

/** The kernel's heartbeats come no closer than this. */
const KERNEL_LEAST_INTERVAL_MS = 200;

/** The numbers from 0 to 1 that a stack draws for the times of heartbeats. */
type Jitter = () => number;

/** For the earliest of many runs, which is to be the same each time. Where many errors are allowed, fewer runs are made. */
const MOST_RUNS = 500;
/** Errors, of all runs and paths. */
const MOST_ERRORS = 100_000;

function runsOf({ association, addresses }: Limits): number {
  return Math.max(1, Math.min(MOST_RUNS, Math.floor(MOST_ERRORS / (association * addresses))));
}

/** Numbers by a linear congruential generator. */
function drawn(run: number): Jitter {
  let state = run * 0x9e3779b9;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

export class FailureTimers {
  readonly #limits: Limits;
  readonly #jitter: Jitter;
  readonly #paths: Path[];
  #errors = 0;
  #now = 0;

  constructor(limits: Limits, jitter: Jitter, rtoOfOthers: number) {
    this.#limits = limits;
    this.#jitter = jitter;
    this.#paths = Array.from({ length: limits.addresses }, (_, i) => ({
      rto: i === 0 ? limits.rto : rtoOfOthers,
      errors: 0,
      isPotentiallyFailed: false,
      isHeartbeatOut: false,
      sentAt: 0,
      t3: Infinity,
      heartbeat: Infinity,
    }));
  }

  /** Milliseconds until the association is given up: with data in flight by T3-rtx alone, else by the latest heartbeats. */
  static latest(limits: Limits, kind: "data" | "idle"): number {
    const { rto, rtoInitial, heartbeat } = limits;
    const ofHeartbeats = { ...limits, addresses: 1, potentiallyFailed: Infinity };
    const timers = kind === "data"
      ? new FailureTimers({ ...limits, heartbeat: Infinity }, () => 1, Math.max(rto, rtoInitial))
      : new FailureTimers(ofHeartbeats, () => 1, rto);
    if (kind === "data") timers.#send(timers.#paths[0]!);
    else if (heartbeat === Infinity) return Infinity;
    else timers.#startHeartbeat(timers.#paths[0]!);
    return timers.#run();
  }

  /** The same with heartbeats at their most unfavourable times. */
  static earliest(limits: Limits, kind: "data" | "idle"): number {
    const times = Array.from({ length: runsOf(limits) }, (_, run) => {
      const timers = new FailureTimers(limits, drawn(run), limits.rto);
      for (const path of timers.#paths) {
        path.heartbeat = timers.#jitter() ** 3 * (timers.#interval(path) + path.rto); // soon, as a rule
      }
      if (kind === "data") timers.#send(timers.#paths[0]!);
      return timers.#run();
    });
    return Math.round(Math.min(...times));
  }

  #run(): number {
    const due = (path: Path) => Math.min(path.t3, path.heartbeat);
    for (;;) {
      const path = this.#paths.reduce((first, other) => due(other) < due(first) ? other : first);
      if (due(path) === Infinity) return Infinity;
      this.#now = due(path);
      const goesOn = path.t3 < path.heartbeat ? this.#onT3(path) : this.#onHeartbeat(path);
      if (!goesOn) return this.#now;
    }
  }

  #onT3(path: Path): boolean {
    const { stack, association } = this.#limits;
    path.t3 = Infinity;
    const isSuspect = this.#strike(path);
    if (this.#errors > association) return false;
    if (stack === "kernel" && isSuspect) {
      const before = path.heartbeat; // it is only ever put off
      this.#startHeartbeat(path);
      path.heartbeat = Math.max(path.heartbeat, before);
    } else if (stack === "userspace" && isSuspect) {
      path.isHeartbeatOut = true;
      this.#startHeartbeat(path);
    }
    this.#send(this.#alternative(path));
    return true;
  }

  #onHeartbeat(path: Path): boolean {
    return this.#limits.stack === "kernel" ? this.#onKernelHeartbeat(path) : this.#onUserspaceHeartbeat(path);
  }

  #onKernelHeartbeat(path: Path): boolean {
    const due = path.sentAt + this.#interval(path);
    if (this.#now < due) {
      path.heartbeat = due;
      return true;
    }
    if (this.#errors >= this.#limits.association) return false; // it looks before it counts
    if (path.isHeartbeatOut) this.#strike(path);
    path.isHeartbeatOut = true;
    this.#startHeartbeat(path);
    return true;
  }

  #onUserspaceHeartbeat(path: Path): boolean {
    const { association, heartbeat } = this.#limits;
    if (path.isHeartbeatOut) this.#strike(path);
    if (this.#errors > association) return false;
    const isIdle = this.#now - path.sentAt >= heartbeat;
    if (isIdle || path.isPotentiallyFailed) path.isHeartbeatOut = true;
    this.#startHeartbeat(path);
    return true;
  }

  /** One error more. Returns whether the path is potentially failed now, and was not before (RFC 7829 section 3). */
  #strike(path: Path): boolean {
    const { path: ofPath, potentiallyFailed, rtoMax } = this.#limits;
    const was = path.isPotentiallyFailed;
    this.#errors++;
    path.errors++;
    path.rto = Math.min(path.rto * 2, rtoMax);
    path.isPotentiallyFailed = path.errors > potentiallyFailed && path.errors <= ofPath;
    return path.isPotentiallyFailed && !was;
  }

  #send(path: Path): void {
    path.sentAt = this.#now;
    path.t3 = this.#now + path.rto;
  }

  /** Where a message goes that was not acknowledged: to another path, in turn, while any is left. */
  #alternative(path: Path): Path {
    const next = this.#paths.indexOf(path) + 1;
    const others = [...this.#paths.slice(next), ...this.#paths.slice(0, next)];
    const isUp = ({ errors }: Path) => errors <= this.#limits.path;
    return others.find((one) => isUp(one) && !one.isPotentiallyFailed) ?? others.find(isUp) ?? others[0]!;
  }

  #interval({ rto, isPotentiallyFailed }: Path): number {
    const { stack, heartbeat } = this.#limits;
    const interval = rto / 2 + (isPotentiallyFailed && heartbeat !== Infinity ? 0 : heartbeat);
    return stack === "kernel" ? Math.max(interval, KERNEL_LEAST_INTERVAL_MS) : interval;
  }

  #startHeartbeat(path: Path): void {
    path.heartbeat = this.#now + this.#interval(path) + path.rto * this.#jitter();
  }
}
