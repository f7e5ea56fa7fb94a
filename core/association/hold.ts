/** Whether an association keeps the process alive. */
import type { Handle } from "../shim/handle.ts";
import type { State } from "./lifecycle.ts";

/** What that depends on. */
export interface Held {
  readonly state: State;
  readonly isUp: boolean;
  readonly receiveQueue: { readonly isReading: boolean; readonly isDiscarding: boolean };
  readonly sender: { readonly isWaiting: boolean };
}

export class Hold {
  readonly #association: Held;
  readonly #handle: Pick<Handle, "isOpen" | "loop">;
  #isRef = true;
  /** Whether the loop counts it among those that keep the process alive. */
  #holds = false;

  constructor(association: Held, handle: Pick<Handle, "isOpen" | "loop">) {
    this.#association = association;
    this.#handle = handle;
  }

  /** Whether it may keep the process alive for what the peer may do. */
  set isRef(isRef: boolean) {
    this.#isRef = isRef;
    this.update();
  }

  /**
   * Keeps the process alive until what has an end of its own is through, which unref() does not drop, as with `net`; and
   * where it may, for what the peer sends, which counts for nothing while nobody reads.
   */
  update(): void {
    const { state, isUp, receiveQueue, sender } = this.#association;
    const isConnecting = state === "connecting";
    const hasBegun = (isConnecting && this.#handle.isOpen) || (isUp && sender.isWaiting) ||
      (state === "shutdown-pending" && receiveQueue.isDiscarding); // destroy() waits for the SHUTDOWN
    const awaitsPeer = isConnecting || (isUp && receiveQueue.isReading);
    const holds = hasBegun || (this.#isRef && awaitsPeer);
    if (holds === this.#holds) return;
    this.#holds = holds;
    if (holds) this.#handle.loop.ref();
    else this.#handle.loop.unref();
  }
}
