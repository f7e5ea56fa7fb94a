/**
 * An association's receiving half: takes batches out of the stack as long as the
 * reader keeps up, and gives on, in order, what they hold.
 */
import { nextTick } from "node:process";
import type { Association } from "./association.ts";
import { closeReasonOf } from "./close_reason.ts";
import { throwLater } from "../exceptions.ts";
import type { Message } from "./message.ts";
import { type DecodedNotification, decodeNotification } from "../notifications/decode.ts";
import { Assembler, Payloads } from "./receive.ts";
import {
  FIRST_INBOUND,
  FLAG,
  inboundPayload,
  InboundRecord,
  KIND,
  nextInbound,
  readCloseReason,
  readNotification,
  RECEIVED,
  receivedEnd,
  ReceivedRecord,
  type Slab,
} from "../shim/records.ts";

export class Inbox {
  readonly #association: Association;
  readonly #highWaterMark: number;
  readonly #assembler: Assembler;
  /** Something may be there: true from READABLE until a receive call says that it took all. */
  #isWaiting = false;
  #isReceiving = false;
  /** A turn is to come in which it goes on: others have theirs first. */
  #hasTurn = false;
  #isDiscarding = false;
  /** Nothing is received before the reader asks. */
  #isHeld = false;
  #wasAsked = false;
  /** The reader has made room, and it goes on as soon as that one's call is through. */
  #isResuming = false;
  /** The sizes of the messages that wait for the reader, from the first that does, and their sum. */
  readonly #buffered: number[] = [];
  #first = 0;
  #bufferedBytes = 0;
  /** Of a message whose rest will never come, while nothing has come behind it. */
  #cutBytes = 0;
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
    this.#hasTurn = false;
    this.#receive();
  }

  /** Leaves everything in the stack until the reader asks, so that the peer's window closes. */
  hold(): void {
    this.#isHeld = !this.#wasAsked; // who asked once is not heard again until something was given
    this.#association.updateRef();
  }

  /** The reader asks for more. */
  asked(): void {
    this.#wasAsked = true;
    this.#isHeld = false;
    this.#resume();
  }

  /** The reader may have taken messages that were buffered. */
  consumed(): void {
    const { owner } = this.#association;
    if (this.#buffered.length - this.#first <= owner.readableLength) return;
    while (this.#buffered.length - this.#first > owner.readableLength) {
      this.#bufferedBytes -= this.#buffered[this.#first++]!;
    }
    if (this.#first * 2 > this.#buffered.length) {
      this.#buffered.splice(0, this.#first);
      this.#first = 0;
    }
    this.#association.updateRef();
    if (!this.#isWaiting || this.#isResuming) return;
    // Not within the reader's read(): what comes next would be handed over before the message that this one returns.
    this.#isResuming = true;
    nextTick(() => {
      this.#isResuming = false;
      this.#resume();
    });
  }

  /** From now on nothing is given on but notifications and the end. */
  discard(): void {
    this.#isDiscarding = true;
    this.#resume();
  }

  get isDiscarding(): boolean {
    return this.#isDiscarding;
  }

  #resume(): void {
    this.#association.updateRef();
    if (!this.#isWaiting || this.#hasTurn || this.#isReceiving || !this.keepsUp) return;
    this.#association.ends.forgetRemotes(); // a stack may have dropped what told of them while nobody read
    this.#association.context.runInAsyncScope(this.#receive, this);
  }

  /** Whether what is there will be received without the reader's doing anything. */
  get keepsUp(): boolean {
    if (this.#isDiscarding) return true;
    return !this.#isHeld && (this.#bufferedBytes === 0 || this.#bufferedBytes < this.#highWaterMark);
  }

  #receive(): void {
    const { handle, loop, owner } = this.#association;
    if (this.#isReceiving || !this.keepsUp || handle === 0) return;
    const slab = loop.borrow();
    const result = loop.calls.receive(handle, slab.bytes, slab.size);
    if (result < 0) {
      loop.giveBack(slab);
      return owner.onError(-result);
    }
    this.#giveAll(slab, handle);
    loop.giveBack(slab);
    if (!this.keepsUp) this.#association.outbox.endIsHeldBack();
    this.#association.updateRef();
    if (!this.#isWaiting || !this.keepsUp) return;
    this.#hasTurn = true;
    loop.yieldTurn(this.#association);
  }

  #giveAll(slab: Slab, handle: number): void {
    this.#isWaiting = (ReceivedRecord.flags(slab, 0) & RECEIVED.MORE) !== 0;
    this.#isReceiving = true;
    const end = receivedEnd(slab);
    const payloads = new Payloads(slab, end);
    for (let at = FIRST_INBOUND; at < end; at = nextInbound(slab, at)) {
      if (this.#association.handle !== handle) break; // destroyed by a handler, or the next attempt to connect
      try {
        this.#giveOne(slab, at, payloads);
      } catch (error) {
        throwLater(error); // a handler's; what came behind this record must not be lost
      }
    }
    this.#isReceiving = false;
  }

  #giveOne(slab: Slab, at: number, payloads: Payloads): void {
    switch (InboundRecord.kind(slab, at)) {
      case KIND.MESSAGE:
        return this.#givePiece(payloads.take(at), (InboundRecord.flags(slab, at) & FLAG.END_OF_RECORD) !== 0);
      case KIND.NOTIFICATION: {
        const notification = decodeNotification(readNotification(slab, inboundPayload(at)));
        if (losesMessages(notification)) {
          this.#cutBytes = notification.content.type === "partial-delivery" ? this.#assembler.unfinished : 0;
          this.#assembler.reset();
        }
        return this.#association.onNotification(notification);
      }
      case KIND.END:
        this.#association.reason = closeReasonOf(readCloseReason(slab, at));
        return this.#association.onEnd(this.#cutBytes || this.#assembler.unfinished);
      default: {
        const reason = closeReasonOf(readCloseReason(slab, at));
        this.#association.reason = reason;
        return this.#association.owner.onError(reason.errno);
      }
    }
  }

  #givePiece(piece: Message, isLast: boolean): void {
    this.bytes += piece.length;
    this.#cutBytes = 0;
    const step = this.#assembler.add(piece, isLast);
    const { owner } = this.#association;
    if (step === "more") owner.onProgress();
    else if (step === "too large") owner.onTooLarge(this.#assembler.maxMessageSize);
    else this.#give(step);
  }

  #give(message: Message): void {
    if (this.#isDiscarding) return;
    const { owner } = this.#association;
    const before = owner.readableLength;
    owner.onMessage(message);
    // A flowing stream has already passed the message on to its reader.
    if (owner.readableLength === before) return;
    this.#buffered.push(message.length);
    this.#bufferedBytes += message.length;
  }
}

/** Whether the rest of a message in pieces will never come (RFC 6458 sections 6.1.1 and 6.1.7). */
function losesMessages({ content }: DecodedNotification): boolean {
  return content.type === "partial-delivery" ||
    (content.type === "association-change" && content.state === "restart");
}
