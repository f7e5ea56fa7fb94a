/**
 * An association's receiving half. It takes batches out of the stack while its reader keeps up, and hands on, in order,
 * what they hold. A message counts as unread from when it is given until the reader says that it is consumed.
 */
import { Buffer } from "node:buffer";
import { nextTick } from "node:process";
import { type End, endOf, LOCAL_END } from "./end.ts";
import { throwLater } from "../exceptions.ts";
import type { AssociationListener } from "./listener.ts";
import type { Message } from "./message.ts";
import { DecodedNotification } from "../notifications/decode.ts";
import { Assembler, Payloads } from "./reassembly.ts";
import type { Loop } from "../shim/loop.ts";
import {
  FIRST_INBOUND,
  FLAG,
  inboundPayload,
  InboundRecord,
  KIND,
  nextInbound,
  NOTIFICATION,
  type RawNotification,
  readCloseReason,
  readNotification,
  RECEIVED,
  ReceivedRecord,
  type Slab,
} from "../shim/records.ts";
import { Returned, type Undelivered } from "./undelivered.ts";

/** The calls a queue takes its batches from. */
export interface Inlet {
  readonly loop: Pick<Loop, "borrow" | "giveBack" | "explain">;
  /** 0 where there is nothing to receive from; another number is another attempt to connect. */
  readonly number: number;
  receive(slab: Slab): number;
  /** Has the stack abort, give back what was not delivered, and then say ERROR. False: it cannot. */
  giveUp(): boolean;
  /** Has onReadable() called once more after everything else had its turn. */
  yieldTurn(): void;
}

/** What a queue tells its association, and whom it gives messages. */
export interface ReceivePort {
  readonly listener: Pick<
    AssociationListener,
    "onMessage" | "onPiece" | "wantsUndelivered" | "onUndelivered"
  >;
  onNotification(notification: DecodedNotification): void;
  /** The last that it gives, for each number of its inlet. */
  onClosed(end: End): void;
  /** Whether it reads on by itself may be another than before. */
  onFlow(isReading: boolean): void;
  /** It goes on after a pause: calls receive(), in the right context. */
  resume(): void;
}

export class ReceiveQueue {
  readonly #inlet: Inlet;
  readonly #port: ReceivePort;
  readonly highWaterMark: number;
  readonly #assembler: Assembler;
  /** Something may be there: true from READABLE until a receive call says that it took all. */
  #isWaiting = false;
  #isReceiving = false;
  /** A resume is already scheduled, so that other associations run first. */
  #hasYielded = false;
  #isDiscarding = false;
  /** Nothing is received before the reader asks. */
  #isHeld = false;
  #wasAsked = false;
  /** The reader has made room; it goes on as soon as that reader's call is over. */
  #isResuming = false;
  #unreadBytes = 0;
  /** Bytes of a message whose rest will never come, while nothing has come behind it. */
  #cutBytes = 0;
  /** What was not delivered, until it is known why. */
  #returned: Returned | undefined;
  /** The end that this one has made, in place of what the stack will say. */
  #ownEnd: End | undefined;
  /** The number of the inlet that has closed: nothing more of it is given. */
  #closed = 0;
  /** Payload received so far. */
  bytes = 0;
  /** Whether messages tell of their numbers: `sctp.receiveInfo`. */
  givesInfo = false;
  /** Whole messages received so far. */
  messages = 0;

  constructor(inlet: Inlet, port: ReceivePort, highWaterMark: number, maxMessageSize: number) {
    this.#inlet = inlet;
    this.#port = port;
    this.highWaterMark = highWaterMark;
    this.#assembler = new Assembler(maxMessageSize);
  }

  /** READABLE came. */
  onReadable(): void {
    this.#isWaiting = true;
    this.#hasYielded = false;
    this.receive();
  }

  /** Leaves everything in the stack until the reader asks, so that the peer's window closes. */
  hold(): void {
    this.#isHeld = !this.#wasAsked; // a reader that has asked once does not ask again before it gets something
    this.#port.onFlow(this.isReading);
  }

  /** The reader asks for more. */
  request(): void {
    this.#wasAsked = true;
    this.#isHeld = false;
    this.#resume();
  }

  /** The reader has taken messages of so many bytes. */
  consumed(bytes: number): void {
    this.#unreadBytes -= bytes;
    if (this.#isReceiving) return; // which looks at it when the batch is through
    this.#port.onFlow(this.isReading);
    if (!this.#isWaiting || this.#isResuming) return;
    // Not within the reader's read(): what comes next would be given before the message that this one returns.
    this.#isResuming = true;
    nextTick(() => {
      this.#isResuming = false;
      this.#resume();
    });
  }

  /** From now on only notifications and the end are given. */
  discard(): void {
    this.#isDiscarding = true;
    this.#resume();
  }

  get isDiscarding(): boolean {
    return this.#isDiscarding;
  }

  /** Whether what is in the stack will be received without the reader's doing anything. */
  get isReading(): boolean {
    if (this.#isDiscarding) return true;
    return !this.#isHeld && (this.#unreadBytes === 0 || this.#unreadBytes < this.highWaterMark);
  }

  #resume(): void {
    this.#port.onFlow(this.isReading);
    if (this.#isWaiting && !this.#hasYielded && !this.#isReceiving && this.isReading) this.#port.resume();
  }

  /** Takes one batch out of the stack, if the reader keeps up. */
  receive(): void {
    const { loop, number } = this.#inlet;
    if (this.#isReceiving || !this.isReading || !this.#isOpen(number)) return;
    const slab = loop.borrow();
    const result = this.#inlet.receive(slab);
    if (result >= 0) this.#giveAll(slab, number, result);
    loop.giveBack(slab);
    if (result < 0) {
      return this.#close({ ...LOCAL_END, kind: "error", errno: -result, explanation: loop.explain() });
    }
    this.#port.onFlow(this.isReading);
    if (!this.#isWaiting || !this.isReading) return;
    this.#hasYielded = true;
    this.#inlet.yieldTurn();
  }

  /** Whether there is more to come of a number: not once it was given up, is another attempt's, or has closed. */
  #isOpen(number: number): boolean {
    return number !== 0 && number === this.#inlet.number && number !== this.#closed;
  }

  /** This end gives the association up: gives nothing more but what was not delivered, where somebody wants it, and the end. */
  giveUp(end: End): void {
    if (this.#ownEnd !== undefined) return;
    this.#ownEnd = end;
    if (this.#port.listener.wantsUndelivered && this.#inlet.giveUp()) this.discard();
    else this.#close(end);
  }

  /** Gives nothing more but the end. */
  #close(end: End): void {
    this.#closed = this.#inlet.number;
    this.#assembler.reset(); // a program may keep what has closed
    this.#port.onClosed(this.#ownEnd ?? end);
  }

  /** @param end where the last record ends */
  #giveAll(slab: Slab, number: number, end: number): void {
    const flags = ReceivedRecord.flags(slab, 0);
    this.#isWaiting = (flags & RECEIVED.MORE) !== 0;
    this.#isReceiving = true;
    // Before anything is given: what listeners call makes the shim forget it.
    const explanation = flags & RECEIVED.FAILED ? this.#inlet.loop.explain() : "";
    const payloads = new Payloads(slab, end);
    for (let at = FIRST_INBOUND; at < end; at = nextInbound(slab, at)) {
      if (!this.#isOpen(number)) break;
      try {
        this.#giveRecord(slab, at, payloads, explanation);
      } catch (error) {
        throwLater(error); // a listener's; what came behind this record must not be lost
      }
    }
    this.#isReceiving = false;
    if (!this.#isWaiting && this.#isOpen(number)) this.#giveBack("expired"); // the association goes on
  }

  #giveRecord(slab: Slab, at: number, payloads: Payloads, explanation: string): void {
    switch (InboundRecord.kind(slab, at)) {
      case KIND.MESSAGE:
        return this.#add(payloads.take(at), slab, at);
      case KIND.NOTIFICATION: {
        const record = readNotification(slab, inboundPayload(at));
        const notification = new DecodedNotification(record);
        if (record.type === NOTIFICATION.SEND_FAILED) this.#takeBack(record);
        if (isRestart(notification)) this.#giveBack("restart");
        if (losesMessages(notification)) {
          this.#cutBytes = notification.content.type === "partial-delivery" ? this.#assembler.unfinished : 0;
          this.#assembler.reset();
        }
        return this.#port.onNotification(notification);
      }
      case KIND.REST: {
        const start = inboundPayload(at);
        this.#returned?.addRest(
          Buffer.from(slab.bytes.subarray(start, start + InboundRecord.length(slab, at))),
        );
        return;
      }
      default: { // END, ERROR
        this.#giveBack("association");
        const cutBytes = this.#cutBytes || this.#assembler.unfinished;
        return this.#close(endOf(readCloseReason(slab, at), cutBytes, explanation));
      }
    }
  }

  #takeBack(record: RawNotification): void {
    if (this.#port.listener.wantsUndelivered) (this.#returned ??= new Returned()).add(record);
  }

  #giveBack(reason: Undelivered["reason"]): void {
    const returned = this.#returned;
    this.#returned = undefined;
    for (const message of returned?.all(reason) ?? []) this.#port.listener.onUndelivered(message);
  }

  #add(piece: Message, slab: Slab, at: number): void {
    this.bytes += piece.length;
    this.#cutBytes = 0;
    const isLast = (InboundRecord.flags(slab, at) & FLAG.END_OF_RECORD) !== 0;
    const step = this.#assembler.add(piece, isLast);
    if (step === "more") return this.#port.listener.onPiece();
    this.messages++;
    if (this.#isDiscarding) return;
    if (step === "too large") {
      return this.giveUp({ ...LOCAL_END, kind: step, amount: this.#assembler.maxMessageSize });
    }
    if (this.givesInfo) noteInfo(step, slab, at);
    // After the call: while a listener runs, its own message does not count as unread. What is consumed meanwhile may
    // make the sum negative for that long.
    try {
      this.#port.listener.onMessage(step);
    } finally {
      this.#unreadBytes += step.length;
    }
  }
}

/** Whether the rest of a message in pieces will never come (RFC 6458 sections 6.1.1 and 6.1.7). */
function losesMessages(notification: DecodedNotification): boolean {
  return notification.content.type === "partial-delivery" || isRestart(notification);
}

function isRestart({ content }: DecodedNotification): boolean {
  return content.type === "association-change" && content.state === "restart";
}

/** The numbers that the last piece of a message came with. */
function noteInfo(message: Message, slab: Slab, at: number): void {
  if (!message.unordered) message.ssn = InboundRecord.ssn(slab, at);
  message.tsn = InboundRecord.tsn(slab, at);
  const cumulativeTsn = InboundRecord.cumulativeTsn(slab, at);
  if (cumulativeTsn !== 0) message.cumulativeTsn = cumulativeTsn; // which the kernel does not tell of ordered ones
}
