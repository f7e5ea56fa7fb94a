/** An association's sending half: decides when what its producers have queued leaves, and why it cannot. */
import type { Heads } from "./heads.ts";
import type { State } from "./lifecycle.ts";
import { ownSystemError, remoteEnded, type SystemError } from "../errors.ts";
import { MAX_BUFFER_BYTES } from "../options/association.ts";
import { type NumberedOption, OPTION } from "../shim/records.ts";
import type { Stack } from "../shim/native.ts";
import { type Chunk, type Outlet, type Producer, SendQueue } from "./send_queue.ts";

/** The calls that a sender makes of the shim, for its association. */
export interface SendHandle extends Outlet {
  readonly loop: {
    readonly stack: Stack;
    errorName(errno: number): string;
    error(result: number, syscall: string, context?: { detail: string }): SystemError;
  };
  option(name: number): number;
}

/** What a sender has to know of its association. */
export interface SendPort {
  readonly state: State;
  /** As negotiated; 0 while unknown. */
  readonly outboundStreams: number;
  /** Whether the end, once it is there, is read without the reader's doing anything. */
  readonly isReading: boolean;
  configure(options: readonly NumberedOption[]): number;
  /** The stack has taken some of what was queued. */
  onSent(): void;
}

const ALL_STREAMS = 65536;

export class Sender {
  readonly #handle: SendHandle;
  readonly #association: SendPort;
  readonly #queue = new SendQueue();
  /** What waits is answered by the end that is to be read. */
  #awaitsEnd = false;

  constructor(handle: SendHandle, association: SendPort) {
    this.#handle = handle;
    this.#association = association;
  }

  /** Queues messages; flush() sends them. Takes their heads from the first ones of `heads`. */
  add(heads: Heads, chunks: readonly Chunk[], producer: Producer): void {
    this.#queue.add(heads, chunks, producer);
  }

  /** Whether something is queued that the stack has not taken. */
  get isWaiting(): boolean {
    return !this.#queue.isEmpty;
  }

  /** Sends what is queued, if that can be now. */
  flush(): void {
    const { state } = this.#association;
    if (state === "connecting" || state === "closed") return; // flushed again when it is up
    if (state === "ended") return this.cancel(remoteEnded);
    while (this.isWaiting && this.#flushOnce());
  }

  /** Whether to go on: something has been left out, or can be sent now. */
  #flushOnce(): boolean {
    const { outboundStreams } = this.#association;
    const before = this.#queue.length;
    this.#awaitsEnd = false;
    const result = this.#queue.flush(this.#handle, outboundStreams || ALL_STREAMS);
    if (this.#queue.length < before) this.#association.onSent();
    if (result === "done" || result === "blocked") return false; // flushed again when WRITABLE comes
    if (result === "bad stream") this.#queue.refuse(noSuchStream(this.#queue.stuckStream, outboundStreams));
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
    this.#awaitsEnd = this.#association.isReading && this.#handle.loop.errorName(-result) === "EPIPE";
    return this.#awaitsEnd;
  }

  /** The reader holds back what the end is behind: what has waited for the end is answered now. */
  endIsHeldBack(): void {
    if (this.#awaitsEnd) this.cancel(remoteEnded);
  }

  /** Fails all that is queued: nothing will be sent any more. */
  cancel(error: () => Error): void {
    this.#awaitsEnd = false;
    if (!this.isWaiting) return;
    const one = error();
    while (this.isWaiting) this.#queue.fail(one);
  }

  /** Whether the send buffer has been made large enough for the message that did not fit. */
  #growsFor(result: number): boolean {
    if (this.#handle.loop.errorName(-result) !== "EMSGSIZE") return false;
    const size = this.#queue.stuckSize;
    if (size > MAX_BUFFER_BYTES || this.#association.configure([[OPTION.SEND_BUFFER, size]]) < 0) {
      return false;
    }
    return this.#handle.option(OPTION.SEND_BUFFER) >= size;
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

/** The error of a message for a stream that the association does not have. */
export function noSuchStream(sid: number, streams: number): SystemError {
  const detail = `stream ${sid} does not exist, the association has ${streams} outbound streams (0 to ${
    streams - 1
  })`;
  return ownSystemError("EINVAL", "write", { detail });
}
