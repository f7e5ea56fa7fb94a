/**
 * Messages on their way out: packed into batches, each handed over in one call,
 * with what the stack had no room for kept for later. Knows no socket.
 */
import { OutboundRecord, outboundSize, type Slab, writeOutbound } from "../shim/records.ts";

/** The calls a queue hands its batches to; results as `netsctp_send`. */
export interface Outlet {
  /** Memory to build a batch in. */
  readonly batch: Slab;
  send(batchBytes: number, count: number): number;
  sendOne(head: Uint8Array, payload: Uint8Array): number;
}

/** How a flush ended: all gone, no room now, no such stream, or -errno. */
export type Flushed = "done" | "blocked" | "bad stream" | number;

// A payload from this size on is handed over where it lies; below it, copying it into the batch costs less than a
// call of its own.
const LARGE = 32 * 1024;

// Above this many, memory for properties is not kept for the next burst.
const MOST_KEPT = 4096;

/** Bytes of one message, as a Writable hands them over. */
export interface Chunk {
  readonly chunk: Uint8Array;
}

const NONE: readonly Chunk[] = [];

export class SendQueue {
  // The properties of a message are noted when the user writes it, its bytes arrive when the stream passes them on:
  // the same order, the first possibly long before the second. The arrays are used again and again, so their length
  // says nothing: #next to #announced is what counts.
  #sids: number[] = [];
  #ppids: number[] = [];
  #announced = 0;
  /** Where the properties of the chunk at #first are. */
  #next = 0;
  #chunks = NONE;
  #first = 0;

  /** Notes the properties of the next message whose bytes will be added. */
  announce(sid: number, ppid: number): void {
    const index = this.#announced++;
    this.#sids[index] = sid;
    this.#ppids[index] = ppid;
  }

  /** Takes the bytes of the next messages that were announced. The ones before must have left: `isEmpty`. */
  load(chunks: readonly Chunk[]): void {
    this.#chunks = chunks;
    this.#first = 0;
  }

  /** How many messages wait whose bytes are here. */
  get length(): number {
    return this.#chunks.length - this.#first;
  }

  /** Whether none does. */
  get isEmpty(): boolean {
    return this.length === 0;
  }

  /** The stream of the message a flush stopped at. */
  get stuckStream(): number {
    return this.#sids[this.#next]!;
  }

  /** The size of the message a flush stopped at, in bytes. */
  get stuckSize(): number {
    return this.#chunks[this.#first]!.chunk.length;
  }

  /** Leaves out the message a flush stopped at. */
  skip(): void {
    this.#account(1);
  }

  /** Sends all that waits, as far as the stack takes it. */
  flush(outlet: Outlet, streams: number): Flushed {
    while (!this.isEmpty) {
      const result = this.#sendRun(outlet, streams);
      if (result !== "done") return result;
    }
    this.#forget();
    return "done";
  }

  /** Sends one large message, or one batch of small ones. */
  #sendRun(outlet: Outlet, streams: number): Flushed {
    const { batch } = outlet;
    const chunks = this.#chunks;
    const start = this.#first;
    if (this.#sids[this.#next]! >= streams) return "bad stream";
    if (chunks[start]!.chunk.length >= LARGE) return this.#sendLarge(outlet);
    let end = start;
    let at = 0;
    for (let index = this.#next; end < chunks.length; end++, index++) {
      const { chunk } = chunks[end]!;
      const { length } = chunk;
      const sid = this.#sids[index]!;
      const size = outboundSize(length);
      if (length >= LARGE || length === 0 || sid >= streams || at + size > batch.size) break;
      writeOutbound(batch, at, length, sid, this.#ppids[index]!);
      batch.bytes.set(chunk, at + OutboundRecord.SIZE);
      at += size;
    }
    if (end === start) { // SCTP has no empty message (RFC 9260 section 3.3.1): nothing to send, as with TCP
      return this.#account(1);
    }
    return this.#account(outlet.send(at, end - start));
  }

  #sendLarge(outlet: Outlet): Flushed {
    const { chunk } = this.#chunks[this.#first]!;
    const head = outlet.batch; // its first bytes: no batch is being built now
    writeOutbound(head, 0, chunk.length, this.#sids[this.#next]!, this.#ppids[this.#next]!);
    return this.#account(outlet.sendOne(head.bytes, chunk));
  }

  /** A run that came back short must be tried again: only 0 tells "no room" from "the next one fails". */
  #account(taken: number): Flushed {
    if (taken < 0) return taken;
    this.#first += taken;
    this.#next += taken;
    return taken === 0 ? "blocked" : "done";
  }

  /** Drops what was sent; announcements whose bytes are still to come stay. */
  #forget(): void {
    this.#chunks = NONE;
    this.#first = 0;
    if (this.#next === this.#announced) {
      if (this.#announced > MOST_KEPT) [this.#sids, this.#ppids] = [[], []];
      this.#next = this.#announced = 0;
    } else if (this.#next > MOST_KEPT) {
      this.#sids = this.#sids.slice(this.#next, this.#announced);
      this.#ppids = this.#ppids.slice(this.#next, this.#announced);
      this.#announced -= this.#next;
      this.#next = 0;
    }
  }
}
