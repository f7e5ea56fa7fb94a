/** The option `onread`: messages go into the user's buffer, and no Buffer is made for them. */
import type { OnReadOptions } from "./connect_options.ts";
import { misuse } from "./errors.ts";
import type { Message } from "./message.ts";

export class OnRead {
  readonly #options: OnReadOptions;
  /** Messages that came while reading was paused, and how far the first of them has been given. */
  #waiting: Message[] = [];
  #offset = 0;
  #isPaused = false;

  constructor(options: OnReadOptions) {
    this.#options = options;
  }

  get length(): number {
    return this.#waiting.length;
  }

  add(message: Message): void {
    this.#waiting.push(message);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  /** Gives the next message, unless reading is paused before it is through: then null, as if nothing was there. */
  next(): Message | null {
    const [message] = this.#waiting;
    if (message === undefined) return null;
    while (!this.#isPaused && this.#offset < message.length) this.#give(message);
    if (this.#offset < message.length) return null;
    this.#waiting.shift();
    this.#offset = 0;
    return message;
  }

  #give(message: Message): void {
    const { buffer, callback } = this.#options;
    const target = typeof buffer === "function" ? buffer() : buffer;
    if (!(target instanceof Uint8Array) || target.length === 0) {
      throw misuse(
        "ERR_INVALID_ARG_VALUE",
        "onread.buffer() must give a Uint8Array with room for a byte or more",
      );
    }
    const piece = message.subarray(this.#offset, this.#offset + target.length);
    target.set(piece);
    this.#offset += piece.length;
    const isLast = this.#offset === message.length;
    if (callback(piece.length, target, { sid: message.sid, ppid: message.ppid, isLast }) === false) {
      this.pause();
    }
  }
}
