/**
 * The receiving step: pieces in, whole messages out. Pure, so that partial
 * delivery is tested without a socket.
 */
import { Buffer } from "node:buffer";
import { type Message, messageOf } from "./message.ts";
import { FLAG, inboundPayload, InboundRecord, nextInbound, type Slab } from "../shim/records.ts";

// One allocation serves a run of messages, since it costs as much as copying a few KB. A message that is kept keeps its
// run: 16 KB and 16 times its own length, but no more than this, unless it is longer itself.
const MOST_RUN_BYTES = 64 * 1024;

const runBytes = (length: number) => Math.min(16 * 1024 + 16 * length, MOST_RUN_BYTES);

/** The payloads of one batch, copied out of the slab it came in, a run of small ones at a time. */
export class Payloads {
  readonly #slab: Slab;
  readonly #end: number;
  #memory: ArrayBuffer | undefined;
  #runStart = 0;
  #runEnd = 0;

  /** @param end where the last record ends */
  constructor(slab: Slab, end: number) {
    this.#slab = slab;
    this.#end = end;
  }

  /** The message, or piece of one, that the record at an offset holds. To be called in the order of the records. */
  take(at: number): Message {
    const slab = this.#slab;
    const start = inboundPayload(at);
    const length = InboundRecord.length(slab, at);
    if (start + length > this.#runEnd) this.#copyRun(at, start + length);
    const offset = start - this.#runStart;
    return messageOf(
      this.#memory!,
      offset,
      length,
      InboundRecord.sid(slab, at),
      InboundRecord.ppid(slab, at),
      (InboundRecord.flags(slab, at) & FLAG.UNORDERED) !== 0,
    );
  }

  #copyRun(at: number, end: number): void {
    this.#runStart = inboundPayload(at);
    let shortest = end - this.#runStart;
    for (let next = nextInbound(this.#slab, at); next < this.#end; next = nextInbound(this.#slab, next)) {
      const length = InboundRecord.length(this.#slab, next);
      const nextEnd = inboundPayload(next) + length;
      if (length < shortest) shortest = length;
      if (nextEnd - this.#runStart > runBytes(shortest)) break;
      end = nextEnd;
    }
    this.#runEnd = end;
    this.#memory = this.#slab.memory.slice(this.#runStart, end);
  }
}

/** What one piece led to. */
export type Step = Message | "more" | "too large";

export class Assembler {
  /** In bytes. */
  readonly maxMessageSize: number;
  #pieces: Message[] = [];
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
  add(piece: Message, last: boolean): Step {
    if (last && this.#length === 0 && piece.length <= this.maxMessageSize) return piece;
    this.#length += piece.length;
    if (this.#length > this.maxMessageSize) {
      this.reset();
      return "too large";
    }
    this.#pieces.push(piece);
    if (!last) return "more";
    const { buffer, byteOffset, length } = Buffer.concat(this.#pieces, this.#length) as Buffer<ArrayBuffer>;
    this.reset();
    return messageOf(buffer, byteOffset, length, piece.sid, piece.ppid, piece.unordered);
  }

  /** Bytes of a message of which the rest has not come. */
  get unfinished(): number {
    return this.#length;
  }

  /** Drops an unfinished message: its rest will never come. */
  reset(): void {
    this.#pieces = [];
    this.#length = 0;
  }
}
