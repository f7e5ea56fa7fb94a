/**
 * The writing side of a socket: hands what its Writable passes on to the association, and answers it when the stack has
 * it. Decides which writes leave together.
 */
import { AsyncResource } from "node:async_hooks";
import { nextTick } from "node:process";
import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers";
import type { Association } from "../association/association.ts";
import { calling } from "../exceptions.ts";
import { Heads } from "../association/heads.ts";
import type { Chunk, Producer } from "../association/send_queue.ts";
import { noSuchStream } from "../association/sender.ts";

/** Called once the stack has what was written, or with the reason why it could not be sent. */
export type WriteCallback = (error?: Error | null) => void;

interface EarlyWrite {
  readonly sid: number;
  readonly callback: WriteCallback | undefined;
  error: Error | undefined;
}

// What goes out in a row before timers and other sockets have their turn.
const BATCHES_A_TURN = 16;

export class SocketWriter implements Producer {
  readonly #socket: Duplex;
  /** Undefined before there is one, and while it is being set up. */
  #association: Association | undefined;
  /** Of the messages that the Writable holds: it passes on their bytes, in the same order, and nothing else. */
  readonly #heads = new Heads();
  /** What the Writable has passed on before the association was up. */
  #early: readonly Chunk[] = [];
  /** Written before the number of streams was known. */
  #earlyWrites: EarlyWrite[] = [];
  /** Messages still to be sent whose writers have learned that they will not be. */
  #refused = 0;
  /** The Writable's, which passes on nothing more before it is called. */
  #callback: WriteCallback | undefined;
  #bytes = 0;
  /** Bytes that the stack has, while the Writable's callback is still to be called. */
  #sentBytes = 0;
  /** Sent while the program waited for 'drain'. */
  #batches = 0;
  /** Payload of the writes that have been answered without an error. */
  bytesWritten = 0;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /**
   * Notes the properties of a message whose bytes the Writable will pass on.
   *
   * @returns the callback for the Writable: before the association is up nobody knows how many streams it will have
   */
  addHead(sid: number, ppid: number, callback?: WriteCallback): WriteCallback | undefined {
    this.#heads.push(sid, ppid);
    if (this.#association) return callback;
    const early: EarlyWrite = { sid, callback, error: undefined };
    this.#earlyWrites.push(early);
    return callback && ((error) => callback(error ?? early.error ?? null));
  }

  /** Fails a message whose stream the association does not have, and nothing else; whether it did. */
  refuses(sid: number, callback?: WriteCallback): boolean {
    const streams = this.#association?.outboundStreams ?? 0;
    if (streams === 0 || sid < streams) return false;
    const error = noSuchStream(sid, streams);
    if (callback) nextTick(callback, error);
    else this.#tellUnsent(error);
    return true;
  }

  #tellUnsent(error: Error): void {
    nextTick(() => this.#socket.destroyed || this.#socket.emit("error", error));
  }

  /** Takes what the Writable passes on. */
  write(chunks: readonly Chunk[], callback: WriteCallback): void {
    this.#callback = callback;
    for (let i = 0; i < chunks.length; i++) this.#bytes += chunks[i]!.chunk.length;
    if (this.#association === undefined) {
      this.#early = chunks; // answered in the socket's context
      return;
    }
    this.#association.submit(this.#heads, chunks, this);
    // What has to wait is answered in the context of its write, too.
    if (this.#isWaiting) this.#callback = AsyncResource.bind(callback);
  }

  /** The association is up. */
  start(association: Association): void {
    this.#association = association;
  }

  /** Fails what was written before it was up for streams that it does not have, and sends the rest. */
  sendEarly(): void {
    const association = this.#association!;
    const { outboundStreams } = association;
    for (const early of this.#earlyWrites) {
      if (outboundStreams === 0 || early.sid < outboundStreams) continue;
      early.error = noSuchStream(early.sid, outboundStreams);
      this.#refused++;
      if (!early.callback) this.#tellUnsent(early.error);
    }
    this.#earlyWrites = [];
    const early = this.#early;
    this.#early = [];
    if (early.length > 0) association.submit(this.#heads, early, this);
  }

  onRefused(error: Error, bytes: number): void {
    if (this.#refused > 0) this.#refused--; // told already
    else this.#tellUnsent(error); // a restart has taken the stream away
    this.#bytes -= bytes;
  }

  /**
   * Calls back on the next tick, so that further writes in this tick form one batch. A program that waits for 'drain'
   * will write several messages; its first is held back so that they leave together.
   */
  onSent(error: Error | null): void {
    const socket = this.#socket;
    const callback = this.#callback!;
    this.#callback = undefined;
    const sent = error === null ? this.#bytes : 0;
    this.#sentBytes = sent;
    this.#bytes = 0;
    const answer = () => {
      this.#sentBytes = 0;
      this.bytesWritten += sent;
      const isStreaming = socket.writableNeedDrain;
      if (isStreaming) socket.cork();
      calling(() => callback(error)); // it calls the writers' callbacks, and listeners of 'drain'
      // After what 'drain' makes its listeners write, and those who await it: a tick that is queued among the
      // microtasks comes when all of them are through.
      if (isStreaming) queueMicrotask(() => nextTick(() => socket.uncork()));
    };
    // With a peer that keeps up, tick would follow tick, and nothing else get its turn.
    if (socket.writableNeedDrain && ++this.#batches % BATCHES_A_TURN === 0) setImmediate(answer);
    else nextTick(answer);
  }

  /** Whether the stack has not taken all that the Writable has passed on. */
  get #isWaiting(): boolean {
    return this.#callback !== undefined;
  }

  /** Whether the stack has all that the Writable holds. */
  get hasSentAll(): boolean {
    return !this.#isWaiting && this.#sentBytes === this.#socket.writableLength;
  }

  /** Fails what waits: nothing will be sent any more. */
  cancel(error: () => Error): void {
    if (this.#early.length > 0) this.onSent(error());
    this.#early = [];
    this.#association?.sender.cancel(error);
  }
}
