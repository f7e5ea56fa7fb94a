/**
 * The writing side of a socket: hands what its Writable passes on to the association, and answers it when the stack has
 * it. The association's Sender decides what leaves together; here is only what streams need for it, around 'drain'.
 */
import { AsyncResource } from "node:async_hooks";
import { nextTick } from "node:process";
import type { Duplex } from "node:stream";
import type { Association } from "../association/association.ts";
import { calling } from "../exceptions.ts";
import { Heads } from "../association/heads.ts";
import type { Chunk, Producer } from "../association/send_queue.ts";

/** Called once the stack has what was written, or with the reason why it could not be sent. */
export type WriteCallback = (error?: Error | null) => void;

/** Where what is written goes. */
export interface WriterPort {
  readonly isConnecting: boolean;
  withAssociation(act: (association: Association) => void): void;
}

export class SocketWriter implements Producer {
  readonly #socket: Duplex;
  readonly #connection: WriterPort;
  /** Of the messages that the Writable holds: it passes on their bytes, in the same order, and nothing else. */
  readonly #heads = new Heads();
  /** How many messages it was given, and how many of them it has passed on. */
  #given = 0;
  #passed = 0;
  /** By their place among all messages: those whose stream the association turned out not to have. */
  #refusals: Map<number, Error> | undefined;
  /** The Writable's, which passes on nothing more before it is called. */
  #callback: WriteCallback | undefined;
  /** Payload of the writes that have been answered without an error. */
  bytesWritten = 0;

  constructor(socket: Duplex, connection: WriterPort) {
    this.#socket = socket;
    this.#connection = connection;
  }

  /**
   * Notes the properties of a message whose bytes the Writable will pass on.
   *
   * @returns the callback for the Writable, which calls those of a batch in a row
   */
  addHead(sid: number, ppid: number, callback?: WriteCallback): WriteCallback | undefined {
    this.#heads.push(sid, ppid);
    const place = this.#given++;
    return callback && ((error) => calling(() => callback(error ?? this.#takeRefusal(place))));
  }

  #takeRefusal(place: number): Error | null {
    const error = this.#refusals?.get(place) ?? null;
    this.#refusals?.delete(place);
    return error;
  }

  /** Takes what the Writable passes on. */
  write(chunks: readonly Chunk[], callback: WriteCallback): void {
    this.#passed += chunks.length;
    this.#callback = callback;
    const { isConnecting } = this.#connection; // then it is answered in the socket's context
    this.#connection.withAssociation(({ sender }) => sender.add(this.#heads, chunks, this));
    // What has to wait is answered in the context of its write, too.
    if (this.#callback === callback && !isConnecting) this.#callback = AsyncResource.bind(callback);
  }

  onRefused(error: Error, left: number): void {
    this.#refusals ??= new Map();
    this.#refusals.set(this.#passed - left, error);
  }

  /** Tells of those messages before a place whose writers gave no callback. */
  #tellRefusals(end: number): void {
    for (const place of this.#refusals?.keys() ?? []) {
      if (place >= end) continue;
      const error = this.#takeRefusal(place);
      nextTick(() => this.#socket.destroyed || this.#socket.emit("error", error));
    }
  }

  /**
   * Calls back on the next tick, so that further writes in this tick form one batch. A program that waits for 'drain'
   * will write several messages; its first is held back so that they leave together.
   */
  onSent(error: Error | null, bytes: number): void {
    const socket = this.#socket;
    const callback = this.#callback!;
    this.#callback = undefined;
    const passed = this.#passed;
    const sent = error === null ? bytes : 0;
    nextTick(() => {
      this.bytesWritten += sent;
      // Not with an error, after which Node fails what it holds: to uncork would pass that on once more.
      const isStreaming = error === null && socket.writableNeedDrain;
      if (isStreaming) socket.cork();
      calling(() => callback(error)); // it calls the writers' callbacks, and listeners of 'drain'
      this.#tellRefusals(passed);
      // After what 'drain' makes its listeners write, and those who await it: a tick that is queued among the
      // microtasks comes when all of them are through.
      if (isStreaming) queueMicrotask(() => nextTick(() => socket.uncork()));
    });
  }

  /** Whether the stack has all that the Writable holds. */
  get hasSentAll(): boolean {
    return this.#callback === undefined && this.#passed === this.#given;
  }

  /** Fails what waits for an association that will not be. */
  cancel(error: () => Error): void {
    if (this.#callback) this.onSent(error(), 0);
  }
}
