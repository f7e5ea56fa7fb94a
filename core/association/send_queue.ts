/**
 * Messages on their way out, of any number of producers: packed into batches, each handed over in one call, with what
 * the stack had no room for kept for later. Knows neither association nor socket.
 */
import { memoryGone } from "../errors.ts";
import {
  Expiry,
  type Extra,
  flagsOf,
  type GivingUp,
  hasExtra,
  HEAD,
  HEAD_WORDS,
  Heads,
  lengthAt,
  Outranking,
  streamOf,
} from "./heads.ts";
import { outboundHead, outboundSize, POLICY, type Slab, writeOutbound } from "../shim/records.ts";
import { givenUpAt, type Undelivered, unsentOf } from "./undelivered.ts";

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
  /** One of them is left out: it cannot be sent, or was not in time. The others go on: `left` of that add(), with it. */
  onRefused(error: Error, left: number): void;
}

/** How a flush ended: all gone, no room now, no such stream, the memory of a message is gone, or -errno. */
export type Flushed = "done" | "blocked" | "bad stream" | "no memory" | number;

// A payload from this size on is handed over where it lies; below it, copying it into the batch costs less than a
// call of its own.
const LARGE = 32 * 1024;

// From this many sent messages on, the memory of their places is used again before all have left.
const MOST_SENT = 4096;

// In the place of what has been sent, which is somebody's memory; and of what is left out while others wait before it.
const SENT = new Uint8Array();
const LEFT_OUT = new Uint8Array();

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
  /** Payload that waits. */
  bytes = 0;
  /** What the stack has taken. */
  sentMessages = 0;
  sentBytes = 0;
  /** Until then, as `performance.now()`, nothing that waits has lived too long. */
  earliestDeadline = Infinity;
  readonly #onGivenUp: (message: Undelivered) => void;

  /** @param onGivenUp is told what was left out by a limit of its own; must not call the queue before the call is over */
  constructor(onGivenUp: (message: Undelivered) => void) {
    this.#onGivenUp = onGivenUp;
  }

  /**
   * Adds messages behind those of all producers. Takes their heads from the first ones of `heads`.
   *
   * @returns their bytes
   */
  add(heads: Heads, chunks: readonly Chunk[], producer: Producer): number {
    if (this.#first > MOST_SENT) {
      this.#chunks.splice(0, this.#first);
      this.#first = 0;
    }
    const count = chunks.length;
    const { extraCount } = this.#heads;
    const bytes = heads.sizeOf(count);
    heads.moveTo(this.#heads, count);
    for (let i = extraCount; i < this.#heads.extraCount; i++) this.#noteDeadline(this.#heads.extra(i));
    this.#append(chunks);
    this.bytes += bytes;
    this.#submissions.push({ producer, count, bytes });
    return bytes;
  }

  /** Mostly nothing waits: then there is room for all at once. */
  #append(chunks: readonly Chunk[]): void {
    const before = this.#chunks.length;
    if (before === 0) this.#chunks = new Array<Uint8Array>(chunks.length);
    for (let i = 0; i < chunks.length; i++) this.#chunks[before + i] = chunks[i]!.chunk;
  }

  /** How many messages wait. */
  get length(): number {
    return this.#chunks.length - this.#first;
  }

  /** The stream of the message a flush stopped at. */
  get stuckStream(): number {
    return streamOf(this.#firstWord);
  }

  get #firstWord(): number {
    return this.#heads.words[this.#heads.start + HEAD.STREAM_AND_FLAGS]!;
  }

  /** What the message a flush stopped at has that few have. */
  get stuckExtra(): Extra | undefined {
    return hasExtra(this.#firstWord) ? this.#heads.extra(0) : undefined;
  }

  /** The size of the message a flush stopped at, in bytes. */
  get stuckSize(): number {
    return lengthAt(this.#heads.words, this.#heads.start);
  }

  /** Leaves out the message a flush stopped at. */
  refuse(error: Error): void {
    const submission = this.#submissions[this.#settled]!;
    submission.bytes -= this.stuckSize;
    submission.producer.onRefused(error, submission.count);
    this.#leave(1, this.stuckSize);
  }

  /** Leaves out the message a flush stopped at, and the rest of what was added with it. */
  fail(error: Error): void {
    const { count } = this.#submissions[this.#settled]!;
    this.bytes -= this.#heads.sizeOf(count);
    this.#drop(count);
    this.#settle(error);
  }

  #noteDeadline({ deadline }: Extra): void {
    if (deadline < this.earliestDeadline) this.earliestDeadline = deadline;
  }

  /** Leaves out what was not sent in time. */
  expire(): void {
    if (this.earliestDeadline === Infinity) return;
    if (this.earliestDeadline <= performance.now()) {
      const expiry = new Expiry();
      this.#leaveOutThose(expiry);
      this.earliestDeadline = expiry.next;
    }
    this.#passLeftOut();
  }

  /** Leaves out what is less important than a message that is to come. */
  makeRoom(priority: number): void {
    this.#leaveOutThose(new Outranking(priority));
    this.#passLeftOut();
  }

  #passLeftOut(): void {
    while (this.length > 0 && this.#chunks[this.#first] === LEFT_OUT) this.#leave(1, 0);
  }

  #leaveOutThose(givingUp: GivingUp): void {
    let at = this.#settled - 1; // of the submission
    let end = 0; // of its messages
    this.#heads.leaveOutThose(givingUp, (place, extra) => {
      while (place >= end) end += this.#submissions[++at]!.count;
      this.#leaveOut(place, extra, givingUp.error(extra), this.#submissions[at]!, end - place);
    });
  }

  /** @param left messages of the submission, from this one on */
  #leaveOut(place: number, extra: Extra, error: Error, submission: Submission, left: number): void {
    const { words, start } = this.#heads;
    const length = lengthAt(words, start + place * HEAD_WORDS);
    const chunk = this.#chunks[this.#first + place]!;
    this.#chunks[this.#first + place] = LEFT_OUT;
    submission.bytes -= length;
    this.bytes -= length;
    const isWhole = chunk.length === length;
    submission.producer.onRefused(isWhole ? error : memoryGone(), left);
    if (isWhole) this.#onGivenUp(givenUpAt(this.#heads, place, chunk, extra));
  }

  /** What waits; nothing is left of it but its answers. */
  takeBack(): Undelivered[] {
    const waiting = this.#chunks.slice(this.#first);
    const unsent = unsentOf(this.#heads, waiting, 0);
    this.#chunks.fill(SENT, this.#first);
    for (let place = 0; place < waiting.length; place++) this.#heads.leaveOut(place);
    this.bytes = 0;
    return unsent;
  }

  /** Sends all that waits, as far as the stack takes it. */
  flush(outlet: Outlet, streams: number): Flushed {
    this.expire();
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
    if (this.stuckSize > 0 && chunks[start]!.length !== this.stuckSize) return "no memory";
    if (this.stuckSize >= LARGE) return this.#sendLarge(outlet);
    let end = start;
    let at = 0;
    let bytes = 0;
    let extras = 0;
    const now = this.#now();
    for (let head = this.#heads.start; end < chunks.length; end++, head += HEAD_WORDS) {
      const chunk = chunks[end]!;
      const length = lengthAt(words, head);
      const word = words[head + HEAD.STREAM_AND_FLAGS]!;
      const extra = hasExtra(word) ? this.#heads.extra(extras++) : undefined;
      const payload = outboundHead(extra);
      const size = outboundSize(payload + length);
      if (length >= LARGE || length === 0 || chunk.length !== length) break;
      if (streamOf(word) >= streams || at + size > batch.size) break;
      const policyValue = extra && policyValueOf(extra, now);
      const ppid = words[head + HEAD.PPID]!;
      writeOutbound(batch, at, length, streamOf(word), flagsOf(word), ppid, extra, policyValue);
      batch.bytes.set(chunk, at + payload);
      at += size;
      bytes += length;
    }
    if (end === start) { // SCTP has no empty message (RFC 9260 section 3.3.1): nothing to send, as with TCP
      this.#leave(1, 0);
      return "done";
    }
    const taken = outlet.send(at, end - start);
    return this.#account(taken, taken === end - start ? bytes : this.#heads.sizeOf(taken));
  }

  /** As `performance.now()`, where anything that waits has a deadline. */
  #now(): number {
    return this.earliestDeadline === Infinity ? 0 : performance.now();
  }

  #sendLarge(outlet: Outlet): Flushed {
    const chunk = this.#chunks[this.#first]!;
    const word = this.#firstWord;
    const extra = this.stuckExtra;
    const head = outlet.batch; // its first bytes: no batch is being built now
    const ppid = this.#heads.words[this.#heads.start + HEAD.PPID]!;
    const policyValue = extra && policyValueOf(extra, this.#now());
    writeOutbound(head, 0, chunk.length, streamOf(word), flagsOf(word), ppid, extra, policyValue);
    const taken = outlet.sendOne(head.bytes, chunk);
    return this.#account(taken, taken * chunk.length);
  }

  /**
   * A run that came back short must be tried again: only 0 tells "no room" from "the next one fails".
   *
   * @param bytes of the messages that were taken
   */
  #account(taken: number, bytes: number): Flushed {
    if (taken < 0) return taken;
    this.sentMessages += taken;
    this.sentBytes += bytes;
    this.#leave(taken, bytes);
    return taken === 0 ? "blocked" : "done";
  }

  /** The first messages wait no more. */
  #leave(count: number, bytes: number): void {
    this.bytes -= bytes;
    this.#drop(count);
    for (let left = count; left > 0;) {
      const submission = this.#submissions[this.#settled]!;
      const own = Math.min(left, submission.count);
      left -= own;
      submission.count -= own;
      if (submission.count > 0) break;
      this.#settle(null);
    }
  }

  /** Tells the first producer what became of its messages. */
  #settle(error: Error | null): void {
    const { producer, bytes } = this.#submissions[this.#settled]!;
    this.#submissions[this.#settled++] = SETTLED;
    if (this.#settled === this.#submissions.length || this.#settled > MOST_SENT) {
      this.#submissions.splice(0, this.#settled);
      this.#settled = 0;
    }
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
    this.earliestDeadline = Infinity;
  }
}

/** The limit that the stack goes by: what is left of a time to live. */
function policyValueOf({ policy, policyValue, deadline }: Extra, now: number): number {
  if (policy !== POLICY.TIME_TO_LIVE) return policyValue;
  return Math.max(1, Math.ceil(deadline - now));
}
