/** An association's sending half: decides when what its producers have queued leaves, and why it cannot. */
import { nextTick } from "node:process";
import { setImmediate } from "node:timers";
import type { Handle } from "../shim/handle.ts";
import type { Heads } from "./heads.ts";
import type { State } from "./lifecycle.ts";
import { ownSystemError, remoteEnded, type SystemError } from "../errors.ts";
import { MAX_BUFFER_BYTES } from "../options/association.ts";
import type { Loop } from "../shim/loop.ts";
import { OPTION } from "../shim/records.ts";
import { type Chunk, type Outlet, type Producer, SendQueue } from "./send_queue.ts";

/** The calls that a sender makes of the shim, for its association. */
export interface SendHandle extends Outlet, Pick<Handle, "configure" | "option"> {
  readonly loop: Pick<Loop, "stack" | "errorName" | "error" | "sentBytes">;
}

/** What a sender has to know of its association, and tells it. */
export interface SendPort {
  readonly state: State;
  /** Whether the end, once it is there, is read without the reader's doing anything. */
  readonly receiveQueue: { readonly isReading: boolean };
  /**
   * What could leave has left.
   *
   * @param isLess whether less waits than before
   */
  onFlushed(isLess: boolean): void;
}

const ALL_STREAMS = 65536;

// All associations of a loop send so much in a row before timers, readers and other sockets have their turn. A batch and a
// single message count as so much at least: a reader in this process must not wait until a window is full of small ones.
const BYTES_A_TURN = 1024 * 1024;
const BATCH_BYTES = BYTES_A_TURN / 16;
const SINGLE_BYTES = 1024;

export class Sender {
  readonly #handle: SendHandle;
  readonly #association: SendPort;
  readonly #queue = new SendQueue();
  /** Messages added now are held back, to leave as one batch later. */
  #isGathering = false;
  /** The stack has no room, or is about to say why nothing can be sent. */
  #isBlocked = false;
  /** Queued messages are answered by the END or ERROR that is about to be read. */
  #awaitsEnd = false;
  /** Why nothing will be sent any more. */
  #why: (() => Error) | undefined;
  /** As negotiated; 0 while unknown. */
  outboundStreams = 0;

  constructor(handle: SendHandle, association: SendPort) {
    this.#handle = handle;
    this.#association = association;
  }

  /**
   * Sends messages behind those of all producers. The first of a tick leave at once; what is added from then on gathers,
   * and leaves together when the tick is over. Takes their heads from the first ones of `heads`.
   */
  add(heads: Heads, chunks: readonly Chunk[], producer: Producer): void {
    this.#queue.add(heads, chunks, producer);
    this.flush();
  }

  /** Whether something is queued that the stack has not taken. */
  get isWaiting(): boolean {
    return this.#queue.length > 0;
  }

  /** Payload that is queued; all of what was added together counts until the last of it has left. */
  get bytes(): number {
    return this.#queue.bytes;
  }

  /** Sends what is queued, if that can be now. */
  flush(): void {
    if (!this.isWaiting || this.#isGathering || this.#isBlocked) return;
    if (this.#association.state === "connecting") return; // flushed again when it is up
    if (this.#why) return this.stop(this.#why);
    this.#gather(); // before anybody is called, so that it ends before their ticks
    const { length, bytes } = this.#queue;
    while (this.isWaiting && this.#flushOnce());
    this.#isBlocked = this.isWaiting;
    const count = length - this.#queue.length;
    const least = count > 1 ? BATCH_BYTES : SINGLE_BYTES;
    this.#handle.loop.sentBytes += Math.max(bytes - this.#queue.bytes, least);
    this.#association.onFlushed(count > 0);
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
    else if (this.#growsFor(result)) return true;
    else if (this.#willLearnWhy(result)) return false;
    else this.#queue.fail(this.#sendError(result));
    return true;
  }

  /**
   * The stack may know that the association is over before anybody has read of it: another thread's call took the
   * packet in. What is read next says whether that was a SHUTDOWN or an ABORT, and answers what is queued.
   */
  #willLearnWhy(result: number): boolean {
    const { isReading } = this.#association.receiveQueue;
    this.#awaitsEnd = isReading && this.#handle.loop.errorName(-result) === "EPIPE";
    return this.#awaitsEnd;
  }

  /** The reader holds back what the end is behind: what has waited for the end is answered now. */
  endIsHeldBack(): void {
    if (this.#awaitsEnd) this.#failAll(remoteEnded);
  }

  /** Fails all that is queued, and all that is still to come. */
  stop(why: () => Error): void {
    this.#why ??= why;
    this.#failAll(this.#why);
  }

  #failAll(why: () => Error): void {
    this.#awaitsEnd = this.#isBlocked = false;
    if (!this.isWaiting) return;
    const error = why();
    while (this.isWaiting) this.#queue.fail(error);
  }

  /** Whether the send buffer has been made large enough for the message that did not fit. */
  #growsFor(result: number): boolean {
    if (this.#handle.loop.errorName(-result) !== "EMSGSIZE") return false;
    const size = this.#queue.stuckSize;
    if (size > MAX_BUFFER_BYTES || this.#handle.configure([[OPTION.SEND_BUFFER, size]]) < 0) return false;
    return this.#handle.option(OPTION.SEND_BUFFER) >= size;
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
