/**
 * An association's sending half: what was written and not yet taken by the stack,
 * and the write that waits for an answer.
 */
import { AsyncResource } from "node:async_hooks";
import { nextTick } from "node:process";
import { setImmediate } from "node:timers";
import type { Association } from "./association.ts";
import { calling } from "../exceptions.ts";
import { ownSystemError, remoteEnded, type SystemError } from "../errors.ts";
import { MAX_BUFFER_BYTES } from "../options/association.ts";
import { OPTION } from "../shim/records.ts";
import { type Chunk, type Outlet, SendQueue } from "./send_queue.ts";

/** Told that the stack has what was written, or why it could not be sent. */
export type WriteCallback = (error?: Error | null) => void;

interface EarlyWrite {
  readonly sid: number;
  readonly callback: WriteCallback | undefined;
  error: SystemError | undefined;
}

const ALL_STREAMS = 65536;

// What goes out in a row before timers and other sockets have their turn.
const BATCHES_A_TURN = 16;

export class Outbox {
  readonly #association: Association;
  readonly #queue = new SendQueue();
  readonly #outlet: Outlet;
  #callback: WriteCallback | undefined;
  /** The write that waits is answered by the end that is to be read. */
  #awaitsEnd = false;
  /** Sent while the writer waited for 'drain'. */
  #batches = 0;
  /** Payload of the writes that have been answered without an error. */
  bytes = 0;
  #batchBytes = 0;
  /** Written before the number of streams was known. */
  #early: EarlyWrite[] = [];
  /** Messages still in the queue whose writers have been told that they will not be sent. */
  #refused = 0;
  /** What the stack has, but the answer is still under way. */
  #takenBytes = 0;

  constructor(association: Association) {
    this.#association = association;
    this.#outlet = {
      get batch() {
        return association.loop.outbox;
      },
      send(bytes, count) {
        const { loop, handle } = association;
        return loop.calls.send(handle, loop.outbox.bytes, bytes, count);
      },
      sendOne: (head, payload) =>
        association.loop.calls.send_one(association.handle, head, payload, payload.length),
    };
  }

  /**
   * Notes the properties of a message whose bytes write() will bring, in the same order.
   *
   * @returns the callback for the stream: before the association is up nobody knows how many streams it will have
   */
  announce(sid: number, ppid: number, callback?: WriteCallback): WriteCallback | undefined {
    this.#queue.announce(sid, ppid);
    if (this.#association.state !== "connecting") return callback;
    const early: EarlyWrite = { sid, callback, error: undefined };
    this.#early.push(early);
    return callback && ((error) => callback(error ?? early.error ?? null));
  }

  /** Fails a message whose stream the association does not have, and nothing else; whether it did. */
  refuses(sid: number, callback?: WriteCallback): boolean {
    const { outboundStreams, owner } = this.#association;
    if (outboundStreams === 0 || sid < outboundStreams) return false;
    const error = noSuchStream(sid, outboundStreams);
    if (callback) nextTick(callback, error);
    else owner.onUnsent(error);
    return true;
  }

  /** The association is up: fails what was written for streams that it has not, and sends the rest. */
  opened(): void {
    const { outboundStreams, owner } = this.#association;
    for (const early of this.#early) {
      if (outboundStreams === 0 || early.sid < outboundStreams) continue;
      early.error = noSuchStream(early.sid, outboundStreams);
      this.#refused++;
      if (!early.callback) owner.onUnsent(early.error);
    }
    this.#early = [];
    this.flush();
  }

  /** Takes the bytes of announced messages; the callback says when the stack has them all. */
  write(chunks: readonly Chunk[], callback: WriteCallback): void {
    for (let i = 0; i < chunks.length; i++) this.#batchBytes += chunks[i]!.chunk.length;
    this.#queue.load(chunks);
    this.#callback = callback;
    this.flush();
    this.#keepContext();
    this.#association.updateRef();
  }

  /** What has to wait is answered in the context of its write, too; before the association is up in the socket's. */
  #keepContext(): void {
    const { state } = this.#association;
    if (this.#callback && state !== "connecting") this.#callback = AsyncResource.bind(this.#callback);
  }

  /** Whether something was written that the stack has not taken. */
  get isWaiting(): boolean {
    return this.#callback !== undefined;
  }

  /** Sends what waits, if that can be now. */
  flush(): void {
    if (this.#callback === undefined) return;
    const { state, outboundStreams } = this.#association;
    if (state === "connecting") return; // flushed again when it is open
    if (state === "ended") return this.#answer(remoteEnded());
    const before = this.#queue.length;
    let result = this.#queue.flush(this.#outlet, outboundStreams || ALL_STREAMS);
    while (result === "bad stream" || (typeof result === "number" && this.#growsFor(result))) {
      if (result === "bad stream") this.#skip();
      result = this.#queue.flush(this.#outlet, outboundStreams || ALL_STREAMS);
    }
    if (result === "blocked") { // flushed again when WRITABLE comes
      if (this.#queue.length < before) this.#association.owner.onProgress();
      return;
    }
    if (result === "done") this.#answer(null);
    else if (!this.#willHearWhy(result)) this.#answer(this.#sendError(result));
  }

  /**
   * The stack may know that the association is over before anybody has read of it: another thread's call took the
   * packet in. What is read next says whether that was a SHUTDOWN or an ABORT, and answers the write.
   */
  #willHearWhy(result: number): boolean {
    const { loop, inbox } = this.#association;
    this.#awaitsEnd = inbox.keepsUp && loop.errorName(-result) === "EPIPE";
    return this.#awaitsEnd;
  }

  /** The reader holds back what the end is behind: a write that waited for it is answered now. */
  endIsHeldBack(): void {
    if (this.#awaitsEnd) this.cancel(remoteEnded());
  }

  /**
   * Answered in a tick of its own: what else is written until then gathers and leaves as one batch. Who waits for
   * 'drain' will write more than one: so that they, too, leave together, the first is held back for its tick.
   */
  #answer(error: Error | null): void {
    const callback = this.#callback!;
    this.#callback = undefined;
    this.#awaitsEnd = false;
    const taken = error === null ? this.#batchBytes : 0;
    this.#takenBytes = taken;
    this.#batchBytes = 0;
    const { owner } = this.#association;
    if (error === null) owner.onProgress();
    const answer = () => {
      this.#takenBytes = 0;
      this.bytes += taken;
      const isStreaming = owner.writableNeedDrain;
      if (isStreaming) owner.cork();
      calling(() => callback(error)); // it calls the writers' callbacks, and listeners of 'drain'
      // Behind what 'drain' makes its listeners write, and those who await it: a tick that is put in line among the
      // microtasks comes when all of them are through.
      if (isStreaming) queueMicrotask(() => nextTick(() => owner.uncork()));
    };
    // A peer that keeps up would otherwise have us go on from tick to tick, and nothing else get its turn.
    if (owner.writableNeedDrain && ++this.#batches % BATCHES_A_TURN === 0) setImmediate(answer);
    else nextTick(answer);
  }

  /** Whether the stack has all of the bytes that the stream counts as written and not answered. */
  hasSent(bytes: number): boolean {
    return this.#callback === undefined && this.#takenBytes === bytes;
  }

  /** Answers the write that waits, if there is one: nothing will be sent any more. */
  cancel(error: Error): void {
    if (this.#callback) this.#answer(error);
  }

  /** Leaves out a message whose stream does not exist: told already, unless a restart took the stream away. */
  #skip(): void {
    const { outboundStreams, owner } = this.#association;
    if (this.#refused > 0) this.#refused--;
    else owner.onUnsent(noSuchStream(this.#queue.stuckStream, outboundStreams));
    this.#batchBytes -= this.#queue.stuckSize;
    this.#queue.skip();
  }

  /** Whether the send buffer has been made large enough for the message that did not fit. */
  #growsFor(result: number): boolean {
    const { loop } = this.#association;
    if (loop.errorName(-result) !== "EMSGSIZE") return false;
    const size = this.#queue.stuckSize;
    if (size > MAX_BUFFER_BYTES || this.#association.setOption(OPTION.SEND_BUFFER, size) < 0) return false;
    return this.#sendBuffer >= size;
  }

  get #sendBuffer(): number {
    const { loop, handle } = this.#association;
    return loop.inspect(handle, OPTION.SEND_BUFFER);
  }

  #sendError(result: number): SystemError {
    const { loop } = this.#association;
    const error = loop.error(result, "write");
    if (error.code === "EPIPE") return remoteEnded();
    if (error.code !== "EMSGSIZE") return error;
    const cure = loop.stack === "kernel"
      ? "the system limits it: raise the sysctl net.core.wmem_max, or send smaller messages"
      : "send smaller messages";
    const detail =
      `a message of ${this.#queue.stuckSize} bytes does not fit into the send buffer, which cannot ` +
      `be larger than ${this.#sendBuffer} bytes: ${cure}`;
    return loop.error(result, "write", { detail });
  }
}

function noSuchStream(sid: number, streams: number): SystemError {
  const detail = `stream ${sid} does not exist, the association has ${streams} outbound streams (0 to ${
    streams - 1
  })`;
  return ownSystemError("EINVAL", "write", { detail });
}
