/** The reading side of a socket: how messages get from its association into its Readable, or into `onread`'s buffer. */
import { nextTick } from "node:process";
import type { Duplex } from "node:stream";
import type { Association } from "../association/association.ts";
import { calling } from "../exceptions.ts";
import type { Message } from "../association/message.ts";
import { OnRead } from "./on_read.ts";
import type { OnReadOptions } from "../options/connect.ts";

/** Where messages come from. */
export interface ReaderPort {
  /** Undefined before there is one. */
  readonly association: Association | undefined;
}

export class SocketReader {
  readonly #socket: Duplex;
  readonly #connection: ReaderPort;
  /** Gives messages by the option `onread`, in place of the Readable. */
  readonly userBuffer: OnRead | undefined;
  /** The sizes of the messages in the Readable, from the first that nobody has read. */
  readonly #unread: number[] = [];
  #first = 0;
  /** A 'readable' is to come for what read() has left. */
  #remindsReader = false;
  /** The end has come while messages still wait for the user's buffer. */
  #endsAfterReading = false;
  /** Set by setEncoding(). */
  encoding: BufferEncoding | undefined;

  constructor(socket: Duplex, connection: ReaderPort, onread: OnReadOptions | undefined) {
    this.#socket = socket;
    this.#connection = connection;
    if (onread === undefined) return;
    this.userBuffer = new OnRead(onread, socket, {
      onConsumed: (bytes) => this.#consumed(bytes),
      onNoBuffer: (error) => void socket.destroy(error),
    });
  }

  #consumed(bytes: number): void {
    this.#connection.association!.receiveQueue.consumed(bytes);
  }

  onMessage(message: Message): void {
    if (this.userBuffer) return this.userBuffer.add(message);
    const before = this.#socket.readableLength;
    try {
      this.#socket.push(message);
    } finally { // a flowing stream has already passed the message on to its listener, which may throw
      if (this.#socket.readableLength === before) this.#consumed(message.length);
      else this.#unread.push(message.length);
    }
  }

  /** All messages of the peer have come. */
  onEnd(): void {
    this.#endsAfterReading = this.userBuffer?.isReading === false;
    if (this.#endsAfterReading) return;
    calling(() => this.#socket.push(null)); // it may call listeners of 'readable'
    this.#socket.read(0); // so that 'end' comes, when nothing is left to be read, although nobody reads
  }

  /** What read() returns for a message that it has found. */
  onRead(message: Message | null): Message | string | null {
    this.#noteConsumed();
    if (message === null) return null;
    this.#remindReader();
    return this.encoding === undefined ? message : message.toString(this.encoding);
  }

  /** By how many messages are left: one whose listener has thrown has been taken without having been returned. */
  #noteConsumed(): void {
    const waiting = this.#socket.readableLength;
    if (this.#unread.length - this.#first <= waiting) return;
    let bytes = 0;
    while (this.#unread.length - this.#first > waiting) bytes += this.#unread[this.#first++]!;
    if (this.#first * 2 > this.#unread.length) {
      this.#unread.splice(0, this.#first);
      this.#first = 0;
    }
    this.#consumed(bytes);
  }

  /**
   * Emits 'readable' again while messages remain: a listener that calls read() once each time, which is enough for a
   * byte stream, would otherwise wait for messages that are here already.
   */
  #remindReader(): void {
    const socket = this.#socket;
    if (this.#remindsReader || socket.readableLength === 0 || socket.listenerCount("readable") === 0) return;
    this.#remindsReader = true;
    nextTick(() => {
      this.#remindsReader = false;
      if (socket.readableLength > 0 && !socket.destroyed) socket.emit("readable");
    });
  }

  resume(): void {
    this.userBuffer?.resume();
    if (this.#endsAfterReading) this.onEnd();
  }
}
