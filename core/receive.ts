/**
 * The receiving step: pieces in, whole messages out. Pure, so that partial
 * delivery is tested without a socket.
 */
import { Buffer } from "node:buffer";
import { asMessage, type Message } from "./message.ts";

/** What one piece led to. */
export type Step = Message | "more" | "too large";

export class Assembler {
  /** In bytes. */
  readonly maxMessageSize: number;
  #pieces: Buffer[] = [];
  #length = 0;

  constructor(maxMessageSize: number) {
    this.maxMessageSize = maxMessageSize;
  }

  /**
   * Takes the next piece of the current message. The stack never mixes the pieces of two messages (c/sctp_shim.h),
   * so one accumulator serves all streams.
   *
   * @param last whether the piece ends its message
   */
  add(piece: Buffer, sid: number, ppid: number, last: boolean): Step {
    this.#length += piece.length;
    if (this.#length > this.maxMessageSize) {
      this.reset();
      return "too large";
    }
    if (!last) {
      this.#pieces.push(piece);
      return "more";
    }
    const whole = this.#pieces.length === 0 ? piece : Buffer.concat([...this.#pieces, piece], this.#length);
    this.reset();
    return asMessage(whole, sid, ppid);
  }

  /** Drops an unfinished message: its rest will never come. */
  reset(): void {
    this.#pieces = [];
    this.#length = 0;
  }
}
