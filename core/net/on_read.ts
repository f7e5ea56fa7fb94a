/** The option `onread`: messages are put into the user's buffer, in pieces where they are larger. */
import type { OnReadOptions } from "../options/connect.ts";
import { misuse } from "../errors.ts";
import { calling } from "../exceptions.ts";
import type { Message } from "../association/message.ts";

/** Is called with what reading leads to. */
interface OnReadOwner {
  /** A message of so many bytes has been given. */
  onConsumed(bytes: number): void;
  /** There is no buffer to give messages in. */
  onNoBuffer(error: Error): void;
}

export class OnRead {
  readonly #options: OnReadOptions;
  /** `this` in the user's functions. */
  readonly #socket: unknown;
  readonly #owner: OnReadOwner;
  /** Messages that came while reading was paused, and how far the first of them has been given. */
  #waiting: Message[] = [];
  #offset = 0;
  #isPaused = false;
  #isGiving = false;

  constructor(options: OnReadOptions, socket: unknown, owner: OnReadOwner) {
    this.#options = options;
    this.#socket = socket;
    this.#owner = owner;
  }

  /** Whether everything was given, and more would be. */
  get isReading(): boolean {
    return !this.#isPaused && this.#waiting.length === 0;
  }

  add(message: Message): void {
    this.#waiting.push(message);
    this.#run();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#run();
  }

  /** Drops what waits; nothing is given after it. */
  stop(): void {
    this.#waiting = [];
  }

  #run(): void {
    if (this.#isGiving) return; // called from a callback of the user's: the loop below goes on after it
    this.#isGiving = true;
    while (!this.#isPaused && this.#waiting.length > 0) this.#givePiece();
    this.#isGiving = false;
  }

  #givePiece(): void {
    const target = this.#target();
    const message = this.#waiting[0];
    if (target === undefined || message === undefined) return; // buffer() may destroy the socket
    const piece = message.subarray(this.#offset, this.#offset + target.length);
    target.set(piece);
    this.#offset += piece.length;
    const isLast = this.#offset === message.length;
    if (isLast) {
      this.#waiting.shift();
      this.#offset = 0;
    }
    calling(() => {
      const { sid, ppid } = message;
      const { callback } = this.#options;
      const goesOn = callback.call(this.#socket, piece.length, target, { sid, ppid, isLast });
      if (goesOn === false) this.pause();
    });
    if (isLast) this.#owner.onConsumed(message.length);
  }

  #target(): Uint8Array | undefined {
    const { buffer } = this.#options;
    try {
      const target = typeof buffer === "function" ? buffer.call(this.#socket) : buffer;
      if (target instanceof Uint8Array && target.length > 0) return target;
      const why = "onread.buffer() must give a Uint8Array with room for a byte or more";
      throw misuse("ERR_INVALID_ARG_VALUE", why);
    } catch (error) {
      this.stop();
      this.#owner.onNoBuffer(error as Error);
      return undefined;
    }
  }
}
