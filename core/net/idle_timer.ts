/** The time-out of a socket: how long nothing came and nothing went. */
import { AsyncResource } from "node:async_hooks";
import { emitWarning } from "node:process";
import { clearTimeout, setTimeout } from "node:timers";

// A timer that is set to more fires at once.
const LONGEST_MS = 2 ** 31 - 1;

export class IdleTimer {
  readonly #onIdle: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  /** Starts again; 0 stops it. It does not keep the process alive, and fires once until there is traffic again. */
  set(ms: number): void {
    clearTimeout(this.#timer);
    // Refreshed after it has fired, it would otherwise run in the context of whoever caused the traffic.
    this.#timer = ms === 0
      ? undefined
      : setTimeout(AsyncResource.bind(this.#onIdle), withinLimit(ms)).unref();
  }

  /** There was traffic. */
  touch(): void {
    this.#timer?.refresh();
  }
}

/** Warns as net does, by the name and in the words of Node's timers; Runtime.warn() gives no name. */
function withinLimit(ms: number): number {
  if (ms <= LONGEST_MS) return ms;
  const message =
    `${ms} does not fit into a 32-bit signed integer.\nTimer duration was truncated to ${LONGEST_MS}.`;
  emitWarning(message, "TimeoutOverflowWarning");
  return LONGEST_MS;
}
