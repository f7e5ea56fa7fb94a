/**
 * Messages on their way out: packed into batches, each handed over in one call,
 * with what the stack had no room for kept for later. Knows no socket.
 */
import { OUTBOUND_SIZE, outboundSize, type Slab, writeOutbound } from "./records.ts";

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

export class SendQueue {
  // The properties of a message are noted when the user writes it, its bytes arrive when the stream passes them on:
  // the same order, the first possibly long before the second.
  #sids: number[] = [];
  #ppids: number[] = [];
  #chunks: Uint8Array[] = [];
  #first = 0;

  /** Notes the properties of the next message whose bytes will be added. */
  announce(sid: number, ppid: number): void {
    this.#sids.push(sid);
    this.#ppids.push(ppid);
  }

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
  }

  /** Whether messages wait whose bytes are here. */
  get isEmpty(): boolean {
    return this.#first === this.#chunks.length;
  }

  /** The stream of the message a flush stopped at. */
  get stuckStream(): number {
    return this.#sids[this.#first]!;
  }

  /** The size of the message a flush stopped at, in bytes. */
  get stuckSize(): number {
    return this.#chunks[this.#first]!.length;
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
    const start = this.#first;
    if (this.#sids[start]! >= streams) return "bad stream";
    if (this.#chunks[start]!.length >= LARGE) return this.#sendLarge(outlet);
    let end = start;
    let at = 0;
    for (; end < this.#chunks.length; end++) {
      const chunk = this.#chunks[end]!;
      const size = outboundSize(chunk.length);
      if (chunk.length >= LARGE || this.#sids[end]! >= streams || at + size > outlet.batch.size) break;
      if (chunk.length === 0) break;
      writeOutbound(outlet.batch, at, chunk.length, this.#sids[end]!, this.#ppids[end]!);
      outlet.batch.bytes.set(chunk, at + OUTBOUND_SIZE);
      at += size;
    }
    if (end === start) { // SCTP has no empty message (RFC 9260 section 3.3.1): nothing to send, as with TCP
      this.#first++;
      return "done";
    }
    return this.#account(outlet.send(at, end - start));
  }

  #sendLarge(outlet: Outlet): Flushed {
    const chunk = this.#chunks[this.#first]!;
    const head = outlet.batch; // its first bytes: no batch is being built now
    writeOutbound(head, 0, chunk.length, this.#sids[this.#first]!, this.#ppids[this.#first]!);
    return this.#account(outlet.sendOne(head.bytes, chunk));
  }

  /** A run that came back short must be tried again: only 0 tells "no room" from "the next one fails". */
  #account(taken: number): Flushed {
    if (taken < 0) return taken;
    this.#first += taken;
    return taken === 0 ? "blocked" : "done";
  }

  /** Drops what was sent; announcements whose bytes are still to come stay. */
  #forget(): void {
    this.#sids.splice(0, this.#first);
    this.#ppids.splice(0, this.#first);
    this.#chunks.length = 0;
    this.#first = 0;
  }
}
