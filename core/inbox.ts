/**
 * An association's receiving half: takes batches out of the stack as long as the
 * reader keeps up, and gives on, in order, what they hold.
 */
import { Buffer } from "node:buffer";
import type { Association } from "./association.ts";
import { throwLater } from "./loop.ts";
import type { Message } from "./message.ts";
import { decodeNotification, type Notification } from "./notifications.ts";
import { Assembler } from "./receive.ts";
import {
  FIRST_INBOUND,
  FLAG,
  inbound,
  KIND,
  readNotification,
  RECEIVED,
  receivedCount,
  receivedFlags,
  type Slab,
} from "./records.ts";

/** What a batch held; END is null, an ERROR its errno. */
type Item = Message | Notification | number | null | "too large";

export class Inbox {
  readonly #association: Association;
  readonly #highWaterMark: number;
  readonly #assembler: Assembler;
  /** Something may be there: true from READABLE until a receive call says that it took all. */
  #isWaiting = false;
  #isReceiving = false;
  #isDiscarding = false;
  #bufferedBytes = 0;
  /** Payload received so far. */
  bytes = 0;

  constructor(association: Association, highWaterMark: number, maxMessageSize: number) {
    this.#association = association;
    this.#highWaterMark = highWaterMark;
    this.#assembler = new Assembler(maxMessageSize);
  }

  /** READABLE came. */
  arrived(): void {
    this.#isWaiting = true;
    this.#receive();
  }

  /** The reader can take more. */
  resume(): void {
    if (this.#isWaiting) this.#receive();
  }

  /** The reader has taken a message that was buffered. */
  consumed(bytes: number): void {
    this.#bufferedBytes -= bytes;
    this.resume();
  }

  /** From now on nothing is given on but notifications and the end. */
  discard(): void {
    this.#isDiscarding = true;
    this.resume();
  }

  get #isFull(): boolean {
    return !this.#isDiscarding && this.#bufferedBytes > 0 && this.#bufferedBytes >= this.#highWaterMark;
  }

  #receive(): void {
    const { handle, loop, owner } = this.#association;
    if (this.#isReceiving || this.#isFull || handle === 0) return;
    const slab = loop.inbox;
    const result = loop.calls.receive(handle, slab.bytes, slab.size);
    if (result < 0) return owner.onError(-result);
    this.#isWaiting = (receivedFlags(slab) & RECEIVED.MORE) !== 0;
    // Everything is taken out of the slab before any of it is given on: users' handlers may receive elsewhere.
    const items = this.#decode(slab);
    this.#isReceiving = true;
    for (const item of items) {
      if (this.#association.handle !== handle) break; // destroyed by a handler, or the next attempt to connect
      this.#deliver(item);
    }
    this.#isReceiving = false;
    if (this.#isWaiting && !this.#isFull) loop.yieldTurn(this.#association);
  }

  #decode(slab: Slab): Item[] {
    const items: Item[] = [];
    const count = receivedCount(slab);
    let at: number = FIRST_INBOUND;
    for (let i = 0; i < count; i++) {
      const item = this.#decodeOne(slab, at);
      if (item !== undefined) items.push(item);
      at = inbound.next(slab, at);
    }
    return items;
  }

  #decodeOne(slab: Slab, at: number): Item | undefined {
    switch (inbound.kind(slab, at)) {
      case KIND.MESSAGE: {
        const length = inbound.length(slab, at);
        const start = inbound.payload(at);
        const piece = Buffer.allocUnsafe(length);
        slab.bytes.copy(piece, 0, start, start + length);
        this.bytes += length;
        const isLast = (inbound.flags(slab, at) & FLAG.END_OF_RECORD) !== 0;
        const step = this.#assembler.add(piece, inbound.sid(slab, at), inbound.ppid(slab, at), isLast);
        return step === "more" ? undefined : step;
      }
      case KIND.NOTIFICATION: {
        const notification = decodeNotification(readNotification(slab, inbound.payload(at)));
        if (losesMessages(notification)) this.#assembler.reset();
        return notification;
      }
      case KIND.END:
        return null;
      default:
        return inbound.error(slab, at);
    }
  }

  #deliver(item: Item): void {
    try {
      if (item instanceof Uint8Array) this.#give(item);
      else if (item === null) this.#association.onEnd();
      else if (typeof item === "number") this.#association.owner.onError(item);
      else if (item === "too large") this.#association.owner.onTooLarge(this.#assembler.maxMessageSize);
      else this.#association.onNotification(item);
    } catch (error) {
      throwLater(error); // a handler's; what came behind this item must not be lost for it
    }
  }

  #give(message: Message): void {
    if (this.#isDiscarding) return;
    const { owner } = this.#association;
    const before = owner.readableLength;
    owner.onMessage(message);
    // A flowing stream has already passed the message on to its reader.
    if (owner.readableLength > before) this.#bufferedBytes += message.length;
  }
}

/** Whether the rest of a message in pieces will never come (RFC 6458 sections 6.1.1 and 6.1.7). */
function losesMessages({ parsed }: Notification): boolean {
  return parsed.type === "partial-delivery" ||
    (parsed.type === "association-change" && parsed.state === "restart");
}
