/** An association's sending half: decides when what its producers have queued leaves, and why it cannot. */
import { nextTick } from "node:process";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import type { Handle } from "../shim/handle.ts";
import type { Extra, Heads } from "./heads.ts";
import type { State } from "./lifecycle.ts";
import type { AssociationListener } from "./listener.ts";
import { memoryGone, ownSystemError, remoteEnded, type SystemError } from "../errors.ts";
import { MAX_BUFFER_BYTES } from "../options/association.ts";
import type { Loop } from "../shim/loop.ts";
import { OPTION } from "../shim/records.ts";
import type { ReceiveQueue } from "./receive_queue.ts";
import { unknownDestination, unsupportedExtra } from "./send_checks.ts";
import { type Chunk, type Outlet, type Producer, SendQueue } from "./send_queue.ts";
import type { Undelivered } from "./undelivered.ts";

/** The calls that a sender makes of the shim, for its association. */
export interface SendHandle extends Outlet, Pick<Handle, "configure" | "option"> {
  readonly loop: Pick<Loop, "stack" | "errorName" | "error" | "sentBytes">;
}

/** What a sender has to know of its association, and tells it. */
export interface SendPort {
  readonly state: State;
  /** Whether the end, once it is there, is read without the reader's doing anything. */
  readonly receiveQueue: Pick<ReceiveQueue, "isReading" | "discard">;
  readonly addresses: { readonly remote: readonly { readonly address: string }[]; forgetRemote(): void };
  readonly listener: Pick<AssociationListener, "wantsUndelivered">;
  /**
   * What could leave has left.
   *
   * @param isLess whether less waits than before
   */
  onFlushed(isLess: boolean): void;
  /** A message was not sent within its time to live, or before the association ended. */
  onUndelivered(message: Undelivered): void;
}

const ALL_STREAMS = 65536;

/** What a stack that knows that the association is over answers. */
const ENDS = new Set(["EPIPE", "ECONNRESET", "ECONNABORTED", "ETIMEDOUT"]);

// All associations of a loop send so much in a row before timers, readers and other sockets have their turn. A batch and a
// single message count as so much at least: a reader in this process must not wait until a window is full of small ones.
const BYTES_A_TURN = 1024 * 1024;
const BATCH_BYTES = BYTES_A_TURN / 16;
const SINGLE_BYTES = 1024;

export class Sender {
  readonly #handle: SendHandle;
  readonly #association: SendPort;
  readonly #queue: SendQueue;
  /** Messages that were given up by a limit of their own, of which nobody was told yet. */
  readonly #givenUp: Undelivered[] = [];
  /** Comes when the next of what waits has lived too long. */
  #timer: NodeJS.Timeout | undefined;
  #timerDeadline = Infinity;
  /** Messages added now are held back, to leave as one batch later. */
  #isGathering = false;
  /** The stack has no room, or is about to say why nothing can be sent. */
  #isBlocked = false;
  /** Queued messages are answered by the END or ERROR that is about to be read. */
  #awaitsEnd = false;
  /** Why nothing will be sent any more. */
  #why: (() => Error) | undefined;
  /** Whether what could not be sent was not delivered, rather than dropped by the program. */
  #givesBack = false;
  /** As negotiated; 0 while unknown. */
  outboundStreams = 0;
  /** How many messages were given up by a limit of their own. */
  givenUp = 0;

  constructor(handle: SendHandle, association: SendPort) {
    this.#handle = handle;
    this.#association = association;
    this.#queue = new SendQueue((message) => this.noteGivenUp(message));
  }

  /** It may come while something is being written: told on the next tick, or before what comes back at the end. */
  noteGivenUp(message: Undelivered): void {
    this.givenUp++;
    if (this.#givenUp.push(message) === 1) nextTick(() => this.#tellGivenUp());
  }

  #tellGivenUp(): void {
    for (const message of this.#givenUp.splice(0)) this.#association.onUndelivered(message);
  }

  /**
   * Sends messages behind those of all producers. The first of a tick leave at once; what is added from then on gathers,
   * and leaves together when the tick is over. Takes their heads from the first ones of `heads`.
   *
   * @returns their bytes
   */
  add(heads: Heads, chunks: readonly Chunk[], producer: Producer): number {
    const bytes = this.#queue.add(heads, chunks, producer);
    this.flush();
    if (!this.#isGathering) this.#watchDeadlines();
    return bytes;
  }

  /**
   * Makes room for a message that is to be added: where the stack has none, what waits here and is less important is given
   * up, as what waits there will be. It would keep that one waiting.
   *
   * @returns whether the stack has no room
   */
  makeRoom(priority: number): boolean {
    if (!this.#isBlocked || this.#awaitsEnd) return false;
    this.#queue.makeRoom(priority);
    this.onWritable(); // what is first now may be more important than what the stack has
    return true;
  }

  /** Whether something is queued that the stack has not taken. */
  get isWaiting(): boolean {
    return this.#queue.length > 0;
  }

  /** Payload that is queued. */
  get bytes(): number {
    return this.#queue.bytes;
  }

  /** How many messages are queued. */
  get length(): number {
    return this.#queue.length;
  }

  /** How many messages the stack has taken. */
  get sentMessages(): number {
    return this.#queue.sentMessages;
  }

  /** Their payload. */
  get sentBytes(): number {
    return this.#queue.sentBytes;
  }

  /** Sends what is queued, if that can be now. */
  flush(): void {
    if (!this.isWaiting || this.#isGathering || this.#isBlocked) return;
    if (this.#association.state === "connecting") return; // flushed again when it is up
    if (this.#why) return this.#failAll(this.#why);
    this.#gather(); // before anybody is called, so that it ends before their ticks
    const { length, bytes } = this.#queue;
    while (this.isWaiting && this.#flushOnce());
    this.#isBlocked = this.isWaiting;
    const count = length - this.#queue.length;
    const least = count > 1 ? BATCH_BYTES : SINGLE_BYTES;
    this.#handle.loop.sentBytes += Math.max(bytes - this.#queue.bytes, least);
    this.#watchDeadlines();
    this.#association.onFlushed(count > 0);
  }

  /** What waits is left out when its time to live is over, not when there is room again. */
  #watchDeadlines(): void {
    const deadline = this.#queue.earliestDeadline;
    if (deadline === this.#timerDeadline) return;
    clearTimeout(this.#timer);
    this.#timerDeadline = deadline;
    if (deadline === Infinity) return;
    this.#timer = setTimeout(() => {
      this.#timerDeadline = Infinity;
      this.#queue.expire();
      this.#watchDeadlines();
      this.#association.onFlushed(false);
    }, Math.ceil(deadline - performance.now())).unref();
  }

  /** With a peer that keeps up, tick would follow tick, and nothing else get its turn. */
  #gather(): void {
    const end = () => {
      this.#isGathering = false;
      this.flush();
    };
    this.#isGathering = true;
    const { loop } = this.#handle;
    if (loop.sentBytes < BYTES_A_TURN) return nextTick(end);
    setImmediate(() => {
      loop.sentBytes = 0;
      end();
    });
  }

  /** The stack has room again. */
  onWritable(): void {
    this.#isBlocked = false;
    this.flush();
  }

  /** Whether to go on: something has been left out, or can be sent now. */
  #flushOnce(): boolean {
    this.#awaitsEnd = false;
    const result = this.#queue.flush(this.#handle, this.outboundStreams || ALL_STREAMS);
    if (result === "done" || result === "blocked") return false;
    if (result === "bad stream") this.#queue.refuse(this.#noSuchStream());
    else if (result === "no memory") this.#queue.refuse(memoryGone());
    else if (this.#hasFewerStreams(result)) return true;
    else if (this.#refuses(result)) return true;
    else if (this.#growsFor(result)) return true;
    else if (this.#willLearnWhy(result)) return false;
    else {
      const error = this.#sendError(result); // of which a listener would have the shim forget more
      this.giveBack();
      if (this.isWaiting) this.#queue.fail(error); // unless a listener has closed the association
    }
    return true;
  }

  /**
   * The stack may know that the association is over before anybody has read of it: another thread's call took the
   * packet in. What is read next says whether that was a SHUTDOWN or an ABORT, and answers what is queued.
   */
  #willLearnWhy(result: number): boolean {
    this.#awaitsEnd = ENDS.has(this.#handle.loop.errorName(-result)) && this.#readsToEnd();
    return this.#awaitsEnd;
  }

  /** What was not delivered comes before the end: who wants it gives up what is unread, which an error would take, too. */
  #readsToEnd(): boolean {
    const { receiveQueue, listener } = this.#association;
    if (!receiveQueue.isReading && listener.wantsUndelivered) receiveQueue.discard();
    return receiveQueue.isReading;
  }

  /** The reader holds back what the end is behind: what has waited for the end is answered now. */
  endIsHeldBack(): void {
    if (this.#awaitsEnd && !this.#readsToEnd()) this.#failAll(remoteEnded);
  }

  /** Gives back what is queued: its answers are still to come. */
  giveBack(): void {
    this.#tellGivenUp();
    if (!this.#association.listener.wantsUndelivered) return;
    for (const message of this.#queue.takeBack()) this.#association.onUndelivered(message);
  }

  /**
   * Fails all that is queued, and all that is still to come.
   *
   * @param givesBack whether it is given back
   */
  stop(why: () => Error, givesBack: boolean): void {
    this.#why ??= why;
    this.#givesBack = givesBack;
    this.#failAll(this.#why);
  }

  #failAll(why: () => Error): void {
    this.#awaitsEnd = this.#isBlocked = false;
    if (!this.isWaiting) return;
    const error = why();
    if (this.#givesBack) this.giveBack();
    while (this.isWaiting) this.#queue.fail(error);
    this.#watchDeadlines();
  }

  /** Whether the send buffer has been made large enough for the message that did not fit. */
  #growsFor(result: number): boolean {
    if (this.#handle.loop.errorName(-result) !== "EMSGSIZE") return false;
    const size = this.#queue.stuckSize;
    if (size > MAX_BUFFER_BYTES || this.#handle.configure([[OPTION.SEND_BUFFER, size]]) < 0) return false;
    return this.#handle.option(OPTION.SEND_BUFFER) >= size;
  }

  /** Whether the peer has restarted with fewer streams, which nobody has read of yet: the next flush goes by these. */
  #hasFewerStreams(result: number): boolean {
    if (!["EINVAL", "EADDRNOTAVAIL"].includes(this.#handle.loop.errorName(-result))) return false;
    const count = this.#handle.option(OPTION.OUTBOUND_STREAMS);
    if (count <= 0 || this.#queue.stuckStream < count) return false;
    this.outboundStreams = count;
    return true;
  }

  /** Whether the message that a flush stopped at has been left out, for it asks for what there is not. */
  #refuses(result: number): boolean {
    const extra = this.#queue.stuckExtra;
    if (extra === undefined) return false;
    const { loop } = this.#handle;
    const name = loop.errorName(-result);
    const error = name === "EADDRNOTAVAIL"
      ? this.#noSuchDestination(extra)
      : name === "EOPNOTSUPP"
      ? unsupportedExtra(extra, loop.stack)
      : undefined;
    if (error !== undefined) this.#queue.refuse(error);
    return error !== undefined;
  }

  /** The peer may have removed it just now, which nobody has read of yet. */
  #noSuchDestination(extra: Extra): Error | undefined {
    const { addresses } = this.#association;
    addresses.forgetRemote();
    return unknownDestination(extra, addresses.remote);
  }

  #noSuchStream(): SystemError {
    const { outboundStreams: count } = this;
    const detail =
      `stream ${this.#queue.stuckStream} does not exist, the association has ${count} outbound ` +
      `streams (0 to ${count - 1})`;
    return ownSystemError("EINVAL", "write", { detail });
  }

  #sendError(result: number): SystemError {
    const { loop } = this.#handle;
    const error = loop.error(result, "write");
    if (error.code === "EPIPE") return remoteEnded();
    if (error.code !== "EMSGSIZE") return error;
    const cure = loop.stack === "kernel"
      ? "the system limits it: raise the sysctl net.core.wmem_max, or send smaller messages"
      : "send smaller messages";
    const detail =
      `a message of ${this.#queue.stuckSize} bytes does not fit into the send buffer, which cannot ` +
      `be larger than ${this.#handle.option(OPTION.SEND_BUFFER)} bytes: ${cure}`;
    return loop.error(result, "write", { detail });
  }
}
