/**
 * Finds out that a peer is alive and acknowledges nothing (RFC 9260 section 8.1): each heartbeat that it answers sets
 * the stack's count of errors back, so that the stack would never give up.
 */
import { clearTimeout, setTimeout } from "node:timers";
import type { Handle } from "../shim/handle.ts";

/** What an association has sent, as it is watched. */
export type Watched = Pick<Handle, "isOpen" | "acknowledgement">;

/** How often within the limit it looks. What went out just after a look is watched from the next one on. */
const LOOKS = 4;

export class StallWatch {
  readonly #watched: Watched;
  readonly #onStalled: (limit: number, isSilent: boolean) => void;
  /** Milliseconds, 0 for none. */
  #limit = 0;
  #timer: NodeJS.Timeout | undefined;
  #acknowledged: number | undefined;
  #isSilent = true;
  /** Looks since something was acknowledged. */
  #looks = 0;

  /** @param onStalled is called once, with the limit, and whether nothing was seen to be acknowledged before either */
  constructor(watched: Watched, onStalled: (limit: number, isSilent: boolean) => void) {
    this.#watched = watched;
    this.#onStalled = onStalled;
  }

  set limit(ms: number) {
    this.stop();
    this.#limit = ms;
    this.onSent(); // there may be something on its way already
  }

  /** The stack has got something to send. */
  onSent(): void {
    if (this.#limit > 0 && this.#timer === undefined && this.#watched.isOpen) this.#wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#acknowledged = undefined;
    this.#looks = 0;
  }

  #wait(): void {
    // The association keeps the process alive, if that is meant to be.
    this.#timer = setTimeout(() => this.#look(), Math.ceil(this.#limit / LOOKS)).unref();
  }

  #look(): void {
    const { outstanding, acknowledged } = this.#watched.acknowledgement();
    const isFirst = this.#acknowledged === undefined;
    if (outstanding === 0 || (!isFirst && acknowledged !== this.#acknowledged)) this.#isSilent = false;
    if (outstanding === 0) return this.stop();
    this.#looks = acknowledged === this.#acknowledged ? this.#looks + 1 : 0;
    this.#acknowledged = acknowledged;
    if (this.#looks < LOOKS) return this.#wait();
    this.stop();
    this.#onStalled(this.#limit, this.#isSilent);
  }
}
