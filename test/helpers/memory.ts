/** Whether a process's memory stays flat. */
import process from "node:process";

// What garbage may lie about, and what the stacks may buffer, in a process that does nothing wrong.
const ROOM_MB = 150;

export class Memory {
  readonly #roomMb: number;
  readonly #first = residentMb();
  #most = this.#first;

  constructor(roomMb = ROOM_MB) {
    this.#roomMb = roomMb;
  }

  /** Notes what there is now. */
  look(): void {
    this.#most = Math.max(this.#most, residentMb());
  }

  /** A sentence where it grew by more than it may, else undefined. */
  get problem(): string | undefined {
    const grown = Math.round(this.#most - this.#first);
    return grown > this.#roomMb
      ? `memory grew by ${grown} MB, from ${Math.round(this.#first)} MB`
      : undefined;
  }
}

function residentMb(): number {
  return process.memoryUsage().rss / 2 ** 20;
}
