/**
 * The states of an association, and the moves between them.
 *
 *   connecting --UP--> established --our SHUTDOWN--> shutdown-pending
 *       |                  |                             |
 *       |               END| (peer's SHUTDOWN)        END| (all is acknowledged)
 *       |                  v                             v
 *       |                ended <-------------------------+
 *       |                  |
 *       +--any ERROR or destroy()---> closed <---+ (handle given up)
 *
 * "connecting" is COOKIE-WAIT and COOKIE-ECHOED of RFC 9260 section 4, with the look-up before them; "shutdown-pending"
 * is also SHUTDOWN-SENT. An accepted association starts established. Half-open does not exist in SCTP (section 9.2):
 * once either side has sent its SHUTDOWN, no new messages go either way, only what was already queued arrives.
 */
export type State = "connecting" | "established" | "shutdown-pending" | "ended" | "closed";

const NEXT: Record<State, readonly State[]> = {
  "connecting": ["established", "closed"],
  "established": ["shutdown-pending", "ended", "closed"],
  "shutdown-pending": ["ended", "closed"],
  "ended": ["closed"],
  "closed": [],
};

export class Lifecycle {
  #state: State;

  constructor(first: "connecting" | "established") {
    this.#state = first;
  }

  get state(): State {
    return this.#state;
  }

  /** Whether there is a peer to ask and to set something for. */
  get isUp(): boolean {
    return this.#state === "established" || this.#state === "shutdown-pending";
  }

  /** Throws where it is in another state, which is a bug of ours. */
  require(state: State): void {
    if (this.#state !== state) throw new Error(`netsctp bug: an association is ${this.#state}, not ${state}`);
  }

  /** Moves on; an illegal move is a bug of ours, never the user's. */
  to(next: State): void {
    if (!NEXT[this.#state].includes(next)) {
      throw new Error(`netsctp bug: an association cannot go from ${this.#state} to ${next}`);
    }
    this.#state = next;
  }
}
