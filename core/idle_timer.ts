/** The time-out of a socket: how long nothing came and nothing went. */
import { AsyncResource } from "node:async_hooks";
import { clearTimeout, setTimeout } from "node:timers";

/** @internal */
export const IDLE: unique symbol = Symbol("idle timer");

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
    this.#timer = ms === 0 ? undefined : setTimeout(AsyncResource.bind(this.#onIdle), ms).unref();
  }

  /** There was traffic. */
  touch(): void {
    this.#timer?.refresh();
  }
}
