/**
 * Messages on their way out, of any number of producers: packed into batches, each handed over in one call, with what
 * the stack had no room for kept for later. Knows neither association nor socket.
 */
import { HEAD, HEAD_WORDS, Heads } from "./heads.ts";
import { OutboundRecord, outboundSize, type Slab, writeOutbound } from "../shim/records.ts";

/** The calls a queue hands its batches to; results as `netsctp_send`. */
export interface Outlet {
  /** Memory to build a batch in. */
  readonly batch: Slab;
  send(batchBytes: number, count: number): number;
  sendOne(head: Uint8Array, payload: Uint8Array): number;
}

/** Learns what becomes of the messages it has added. Must not call the queue before the call is over. */
export interface Producer {
  /**
   * The stack has all messages of an add(), or the rest of them has failed. Comes once for each add(), in order.
   *
   * @param bytes of all that were not refused
   */
  onSent(error: Error | null, bytes: number): void;
  /** One of them names a stream that the association does not have. The others go on: `left` of that add(), with it. */
  onRefused(error: Error, left: number): void;
}

/** How a flush ended: all gone, no room now, no such stream, or -errno. */
export type Flushed = "done" | "blocked" | "bad stream" | number;

// A payload from this size on is handed over where it lies; below it, copying it into the batch costs less than a
// call of its own.
const LARGE = 32 * 1024;

// From this many sent messages on, the memory of their places is used again before all have left.
const MOST_SENT = 4096;

// In the place of what has been sent, which is somebody's memory.
const SENT = new Uint8Array();

/** Bytes of one message, as a Writable hands them over. */
export interface Chunk {
  readonly chunk: Uint8Array;
}

/** What one add() has brought. */
interface Submission {
  readonly producer: Producer;
  /** How many of its messages wait. */
  count: number;
  bytes: number;
}

/** In the place of one that has been answered, whose producer is somebody's memory. */
const SETTLED: Submission = { producer: { onSent() {}, onRefused() {} }, count: 0, bytes: 0 };

export class SendQueue {
  readonly #heads = new Heads();
  /** From #first on, a message for each head. */
  #chunks: Uint8Array[] = [];
  #first = 0;
  readonly #submissions: Submission[] = [];
  /** How many of them have been answered. */
  #settled = 0;
  /** Payload of each add() of which something waits. */
  bytes = 0;

  /** Adds messages behind those of all producers. Takes their heads from the first ones of `heads`. */
  add(heads: Heads, chunks: readonly Chunk[], producer: Producer): void {
    if (this.#first > MOST_SENT) {
      this.#chunks.splice(0, this.#first);
      this.#first = 0;
    }
    const count = chunks.length;
    heads.moveTo(this.#heads, count);
    let bytes = 0;
    for (let i = 0; i < count; i++) {
      const { chunk } = chunks[i]!;
      bytes += chunk.length;
      this.#chunks.push(chunk);
    }
    this.bytes += bytes;
    this.#submissions.push({ producer, count, bytes });
  }

  /** How many messages wait. */
  get length(): number {
    return this.#chunks.length - this.#first;
  }

  /** The stream of the message a flush stopped at. */
  get stuckStream(): number {
    return this.#heads.words[this.#heads.start + HEAD.SID]!;
  }

  /** The size of the message a flush stopped at, in bytes. */
  get stuckSize(): number {
    return this.#chunks[this.#first]!.length;
  }

  /** Leaves out the message a flush stopped at. */
  refuse(error: Error): void {
    const submission = this.#submissions[this.#settled]!;
    submission.bytes -= this.stuckSize;
    this.bytes -= this.stuckSize;
    submission.producer.onRefused(error, submission.count);
    this.#account(1);
  }

  /** Leaves out the message a flush stopped at, and the rest of what was added with it. */
  fail(error: Error): void {
    this.#drop(this.#submissions[this.#settled]!.count);
    this.#settle(error);
  }

  /** Sends all that waits, as far as the stack takes it. */
  flush(outlet: Outlet, streams: number): Flushed {
    while (this.length > 0) {
      const result = this.#sendRun(outlet, streams);
      if (result !== "done") return result;
    }
    return "done";
  }

  /** Sends one large message, or one batch of small ones. */
  #sendRun(outlet: Outlet, streams: number): Flushed {
    const { batch } = outlet;
    const chunks = this.#chunks;
    const { words } = this.#heads;
    const start = this.#first;
    if (this.stuckStream >= streams) return "bad stream";
    if (chunks[start]!.length >= LARGE) return this.#sendLarge(outlet);
    let end = start;
    let at = 0;
    for (let head = this.#heads.start; end < chunks.length; end++, head += HEAD_WORDS) {
      const chunk = chunks[end]!;
      const { length } = chunk;
      const sid = words[head + HEAD.SID]!;
      const size = outboundSize(length);
      if (length >= LARGE || length === 0 || sid >= streams || at + size > batch.size) break;
      writeOutbound(batch, at, length, sid, words[head + HEAD.PPID]!);
      batch.bytes.set(chunk, at + OutboundRecord.SIZE);
      at += size;
    }
    if (end === start) { // SCTP has no empty message (RFC 9260 section 3.3.1): nothing to send, as with TCP
      return this.#account(1);
    }
    return this.#account(outlet.send(at, end - start));
  }

  #sendLarge(outlet: Outlet): Flushed {
    const chunk = this.#chunks[this.#first]!;
    const { words, start } = this.#heads;
    const head = outlet.batch; // its first bytes: no batch is being built now
    writeOutbound(head, 0, chunk.length, words[start + HEAD.SID]!, words[start + HEAD.PPID]!);
    return this.#account(outlet.sendOne(head.bytes, chunk));
  }

  /** A run that came back short must be tried again: only 0 tells "no room" from "the next one fails". */
  #account(taken: number): Flushed {
    if (taken < 0) return taken;
    this.#drop(taken);
    for (let left = taken; left > 0;) {
      const submission = this.#submissions[this.#settled]!;
      const count = Math.min(left, submission.count);
      left -= count;
      submission.count -= count;
      if (submission.count > 0) break;
      this.#settle(null);
    }
    return taken === 0 ? "blocked" : "done";
  }

  /** Tells the first producer what became of its messages. */
  #settle(error: Error | null): void {
    const { producer, bytes } = this.#submissions[this.#settled]!;
    this.#submissions[this.#settled++] = SETTLED;
    if (this.#settled === this.#submissions.length || this.#settled > MOST_SENT) {
      this.#submissions.splice(0, this.#settled);
      this.#settled = 0;
    }
    this.bytes -= bytes;
    producer.onSent(error, bytes);
  }

  #drop(count: number): void {
    this.#heads.drop(count);
    if (count < this.length) {
      const first = this.#first + count;
      this.#chunks.fill(SENT, this.#first, first);
      this.#first = first;
      return;
    }
    this.#chunks = [];
    this.#first = 0;
  }
}
