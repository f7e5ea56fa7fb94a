/**
 * The writing side of a socket: hands what its Writable passes on to the association, and answers it when the stack has
 * it. The association's Sender decides what leaves together; here is only what streams need for it, around 'drain'.
 */
import { AsyncResource } from "node:async_hooks";
import { nextTick } from "node:process";
import type { Duplex } from "node:stream";
import { clearTimeout, setTimeout } from "node:timers";
import type { Association } from "../association/association.ts";
import { memoryGone } from "../errors.ts";
import { calling } from "../exceptions.ts";
import {
  Expiry,
  type Extra,
  type GivingUp,
  HEAD_WORDS,
  Heads,
  lengthAt,
  Outranking,
} from "../association/heads.ts";
import type { AssociationListener } from "../association/listener.ts";
import { POLICY } from "../shim/records.ts";
import { PLAIN, type SendPlan } from "../options/send_options.ts";
import type { Sender } from "../association/sender.ts";
import type { Chunk, Producer } from "../association/send_queue.ts";
import { givenUpAt, unsentOf } from "../association/undelivered.ts";

/** Called once the stack has what was written, or with the reason why it could not be sent. */
export type WriteCallback = (error?: Error | null) => void;

/** Where what is written goes. */
export interface WriterPort extends Pick<AssociationListener, "wantsUndelivered" | "onUndelivered"> {
  readonly isConnecting: boolean;
  withAssociation(act: (association: Association) => void): void;
}

export class SocketWriter implements Producer {
  readonly #socket: Duplex;
  readonly #connection: WriterPort;
  /** Of the messages that the Writable holds: it passes on their bytes, in the same order, and nothing else. */
  readonly #heads = new Heads();
  /** How many messages it was given, and how many of them it has passed on; their bytes. */
  #given = 0;
  #passed = 0;
  /** How many of those it was given have been given back, if the Writable still held them. */
  #returned = 0;
  #givenBytes = 0;
  #passedBytes = 0;
  /** What messages are sent with where nothing else says it. */
  defaults: SendPlan = PLAIN;
  /** By their place among all messages: those that were left out. */
  #refusals: Map<number, Error> | undefined;
  /** By their place, too: the callbacks of those that may be given up, which are called then. */
  #mortal: Map<number, WriteCallback> | undefined;
  /** Comes when the next of what the Writable holds has lived too long, or earlier. */
  #timer: NodeJS.Timeout | undefined;
  #timerDeadline = Infinity;
  /** Of what may wait none has a greater number. */
  #leastImportant = 0;
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
  addHead(plan: SendPlan, bytes: number, callback?: WriteCallback): WriteCallback | undefined {
    const extra = this.#heads.push(plan, bytes);
    this.#givenBytes += bytes;
    const place = this.#given++;
    const isMortal = extra !== undefined && this.#noteMortal(extra);
    return callback && this.#answering(callback, place, isMortal);
  }

  /** Whether a message may be given up while the Writable holds it. */
  #noteMortal({ deadline, policy, policyValue }: Extra): boolean {
    const isTimed = deadline !== Infinity;
    if (isTimed) this.#watchDeadline(deadline);
    if (policy !== POLICY.PRIORITY) return isTimed;
    this.#makeRoom(policyValue);
    return true;
  }

  /** A method of its own, as one with a closure in it costs memory each time it is called. */
  #answering(callback: WriteCallback, place: number, isMortal: boolean): WriteCallback {
    if (isMortal) (this.#mortal ??= new Map()).set(place, AsyncResource.bind(callback));
    return (error) => {
      if (isMortal && !this.#mortal!.delete(place)) return; // it has been answered
      calling(() => callback(error ?? this.#takeRefusal(place)));
    };
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
    if (chunks.length === 1 && this.#heads.firstLength !== chunks[0]!.chunk.length) {
      return this.#failMiscounted();
    }
    const { isConnecting } = this.#connection; // then it is answered in the socket's context
    this.#connection.withAssociation(({ sender }) => {
      this.#passedBytes += sender.add(this.#heads, chunks, this);
    });
    // What has to wait is answered in the context of its write, too.
    if (this.#callback === callback && !isConnecting) this.#callback = AsyncResource.bind(callback);
  }

  /**
   * A Writable that passes on one chunk counts by its length of now what it had counted by that of before: 'drain' and
   * 'finish' would never come.
   */
  #failMiscounted(): void {
    this.#passedBytes += this.#heads.sizeOf(1);
    this.#heads.drop(1);
    this.onSent(memoryGone(), 0);
  }

  onRefused(error: Error, left: number): void {
    const place = this.#passed - left;
    if ((error as NodeJS.ErrnoException).code === "ERR_SCTP_EXPIRED") {
      return this.#answerGivenUp(place, error);
    }
    this.#refuse(place, error);
  }

  #refuse(place: number, error: Error): void {
    (this.#refusals ??= new Map()).set(place, error);
  }

  /** At once, whatever waits before it. To have it given up in time is what its writer wanted: no 'error' tells of it. */
  #answerGivenUp(place: number, error: Error): void {
    const callback = this.#mortal?.get(place);
    this.#mortal?.delete(place);
    if (callback !== undefined) nextTick(() => calling(() => callback(error)));
  }

  // ------------------------------------------------- what is given up while the Writable holds it

  #watchDeadline(deadline: number): void {
    if (deadline >= this.#timerDeadline) return;
    clearTimeout(this.#timer);
    this.#timerDeadline = deadline;
    this.#timer = setTimeout(() => {
      this.#timerDeadline = Infinity;
      this.#connection.withAssociation(({ sender }) => {
        const expiry = new Expiry();
        this.#leaveOutThose(expiry, sender);
        this.#watchDeadline(expiry.next);
      });
    }, Math.ceil(deadline - performance.now())).unref();
  }

  /** What is less important would keep a message waiting that there is no room for. */
  #makeRoom(priority: number): void {
    if (priority >= this.#leastImportant) {
      this.#leastImportant = priority;
      return;
    }
    this.#connection.withAssociation(({ sender }) => {
      if (!sender.makeRoom(priority)) return;
      this.#leastImportant = priority;
      this.#leaveOutThose(new Outranking(priority), sender);
    });
  }

  /** The Writable still passes them on, when those before them have gone. */
  #leaveOutThose(givingUp: GivingUp, sender: Sender): void {
    const held = this.#heldChunks;
    const { words, start } = this.#heads;
    this.#heads.leaveOutThose(givingUp, (place, extra) => {
      const chunk = held[place]!;
      const length = lengthAt(words, start + place * HEAD_WORDS);
      this.#givenBytes -= length;
      if (chunk.length !== length) return this.#refuse(this.#passed + place, memoryGone());
      sender.noteGivenUp(givenUpAt(this.#heads, place, chunk, extra));
      this.#answerGivenUp(this.#passed + place, givingUp.error(extra));
    });
  }

  get #heldChunks(): Uint8Array[] {
    const held = (this.#socket as { writableBuffer?: readonly Chunk[] }).writableBuffer ?? [];
    return held.map(({ chunk }) => chunk);
  }

  // ------------------------------------------------- what becomes of the others

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
    const callback = this.#callback;
    if (callback === undefined) return; // cancelled, by a listener of 'undelivered' that destroyed the socket
    this.#callback = undefined;
    const passed = this.#passed;
    const sent = error === null ? bytes : 0;
    nextTick(() => {
      this.bytesWritten += sent;
      // Not with an error, after which Node fails what it holds: to uncork would pass that on once more.
      const isStreaming = error === null && socket.writableNeedDrain;
      if (error !== null && !socket.destroyed) this.giveBack();
      if (isStreaming) socket.cork();
      calling(() => callback(error)); // it calls the writers' callbacks, and listeners of 'drain'
      this.#tellRefusals(passed);
      // After what 'drain' makes its listeners write, and those who await it: a tick that is queued among the
      // microtasks comes when all of them are through.
      if (isStreaming) queueMicrotask(() => nextTick(() => socket.uncork()));
    });
  }

  /** What the Writable has not passed on yet. */
  get held(): { messages: number; bytes: number } {
    return { messages: this.#given - this.#passed, bytes: this.#givenBytes - this.#passedBytes };
  }

  /** Whether the stack has all that the Writable holds. */
  get hasSentAll(): boolean {
    return this.#callback === undefined && this.#passed === this.#given;
  }

  /** Gives back what the Writable holds, each message once. */
  giveBack(): void {
    if (!this.#connection.wantsUndelivered) return;
    const first = Math.max(this.#returned - this.#passed, 0);
    this.#returned = this.#given;
    const messages = unsentOf(this.#heads, this.#heldChunks, first);
    for (const message of messages) this.#connection.onUndelivered(message);
  }

  /** Fails what waits for an association that will not be. */
  cancel(error: () => Error): void {
    clearTimeout(this.#timer);
    if (this.#callback) this.onSent(error(), 0);
  }
}
