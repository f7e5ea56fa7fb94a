/**
 * The states of a socket, and the moves between them.
 *
 *   connecting --UP--> open --our SHUTDOWN--> closing
 *       |               |                        |
 *       |            END| (peer's SHUTDOWN)   END| (all is acknowledged)
 *       |               v                        v
 *       |             ended <--------------------+
 *       |               |
 *       +--any ERROR or destroy()---> closed <---+ (handle given up)
 *
 * An accepted socket starts open. Half-open does not exist in SCTP (RFC 9260
 * section 9.2): once either side has sent its SHUTDOWN, no new messages go
 * either way, only what was already queued arrives.
 */
export type State = "connecting" | "open" | "closing" | "ended" | "closed";

const NEXT: Record<State, readonly State[]> = {
  connecting: ["open", "closed"],
  open: ["closing", "ended", "closed"],
  closing: ["ended", "closed"],
  ended: ["closed"],
  closed: [],
};

export class Lifecycle {
  #state: State;

  constructor(first: "connecting" | "open") {
    this.#state = first;
  }

  get state(): State {
    return this.#state;
  }

  /** Moves on; an illegal move is a bug of ours, never the user's. */
  to(next: State): void {
    if (!NEXT[this.#state].includes(next)) {
      throw new Error(`netsctp bug: socket cannot go from ${this.#state} to ${next}`);
    }
    this.#state = next;
  }
}
