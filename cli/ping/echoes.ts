/** Messages that a peer sends back, and how long each takes. */
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import type { Message, Socket } from "../../mod.ts";

export interface EchoPlan {
  /** Undefined: until stopped. */
  count?: number;
  /** Milliseconds between messages. */
  interval: number;
  /** Milliseconds after which an answer is missing. */
  timeout: number;
  /** The next one goes out when one is answered. */
  flood?: true;
  size: number;
  sid: number;
  ppid: number;
}

export interface Answer {
  seq: number;
  ms: number;
  bytes: number;
  sid: number;
}

export interface Listener {
  onSent(): void;
  onAnswer(answer: Answer): void;
  onMissing(seq: number): void;
  /** All are sent, and each is answered or missing. */
  onDone(): void;
}

const TOKEN_BYTES = 12;
/** A token of this run, and the number of the message. */
export const LEAST_SIZE = TOKEN_BYTES + 4;

export class Echoes {
  readonly times: number[] = [];
  sent = 0;
  /** Messages that came and are no answers of ours. */
  foreign = 0;
  readonly #socket: Socket;
  readonly #plan: EchoPlan;
  readonly #listener: Listener;
  readonly #payload: Buffer;
  readonly #waiting = new Map<number, { at: number; timer: NodeJS.Timeout }>();
  #ticker: NodeJS.Timeout | undefined;

  constructor(socket: Socket, plan: EchoPlan, listener: Listener) {
    this.#socket = socket;
    this.#plan = plan;
    this.#listener = listener;
    this.#payload = Buffer.alloc(plan.size, "netsctp ping ");
    randomBytes(TOKEN_BYTES).copy(this.#payload);
    socket.on("data", (message: Message) => this.#take(message, performance.now()));
    this.#ticker = setInterval(() => this.#send(), plan.interval);
    this.#send();
  }

  get received(): number {
    return this.times.length;
  }

  /** Of those sent, also those that may yet be answered, as ping(8) counts. */
  get missing(): number {
    return this.sent - this.received;
  }

  /** Sends no more, and waits for nothing. */
  stop(): void {
    clearInterval(this.#ticker);
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #send(): void {
    const { count, sid, ppid, timeout } = this.#plan;
    if (this.sent === count) return;
    // One that does not fit is not worth measuring: the peer is too slow for this interval.
    if (!this.#socket.writable || this.#socket.writableNeedDrain) return;
    const seq = ++this.sent;
    const message = Buffer.from(this.#payload);
    message.writeUInt32BE(seq, TOKEN_BYTES);
    const timer = setTimeout(() => this.#miss(seq), timeout);
    this.#waiting.set(seq, { at: performance.now(), timer });
    this.#socket.write(Object.assign(message, { sid, ppid }));
    this.#listener.onSent();
    if (seq === count) clearInterval(this.#ticker);
  }

  /** A peer that takes SCTP for a byte stream, as socat does, may join what it sends back. */
  #take(message: Message, now: number): void {
    const { size } = this.#plan;
    if (message.length % size !== 0) return void this.foreign++;
    for (let at = 0; at < message.length; at += size) {
      this.#takeOne(message.subarray(at, at + size), message.sid, now);
    }
    this.#endIfDone();
  }

  #takeOne(bytes: Buffer, sid: number, now: number): void {
    const isOurs = bytes.subarray(0, TOKEN_BYTES).equals(this.#payload.subarray(0, TOKEN_BYTES));
    const seq = isOurs ? bytes.readUInt32BE(TOKEN_BYTES) : 0;
    const waiting = this.#waiting.get(seq);
    if (!waiting) return void this.foreign++;
    clearTimeout(waiting.timer);
    this.#waiting.delete(seq);
    const ms = now - waiting.at;
    this.times.push(ms);
    this.#listener.onAnswer({ seq, ms, bytes: bytes.length, sid });
    if (this.#plan.flood) this.#send();
  }

  #miss(seq: number): void {
    this.#waiting.delete(seq);
    this.#listener.onMissing(seq);
    this.#endIfDone();
  }

  #endIfDone(): void {
    if (this.sent === this.#plan.count && this.#waiting.size === 0) this.#listener.onDone();
  }
}
