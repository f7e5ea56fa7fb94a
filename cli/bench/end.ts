/** One end of one association: sends what its task says, counts what comes. */
import { Buffer } from "node:buffer";
import type { Message, Socket } from "../../mod.ts";
import { Failure } from "../exit_codes.ts";
import { CONTROL, type Control, DATA, LAST, parseControl, type Received, type Task } from "./protocol.ts";

/** A peer that says nothing for so long has gone. */
const SILENCE_MS = 30_000;
/** Others get their turn after so many messages, even where the stack takes all. */
const AT_ONCE = 256;

export class End {
  readonly socket: Socket;
  readonly received: Received = { messages: 0, bytes: 0, first: 0, last: 0 };
  /** Messages the stack has been given. */
  sent = 0;
  #lasts = 0;
  #streams = Infinity;
  #onReceived = () => {};

  /** @param onControl may throw: the association is aborted then */
  constructor(socket: Socket, onControl: (control: Control) => void) {
    this.socket = socket;
    socket.setTimeout(SILENCE_MS, () => {
      socket.destroy(new Failure("ETIMEDOUT", `nothing came or went for ${SILENCE_MS / 1000} s`));
    });
    socket.on("data", (message: Message) => {
      if (message.ppid === DATA) return this.#count(message);
      if (message.ppid === LAST) return this.#countLast();
      try {
        if (message.ppid === CONTROL) onControl(parseControl(message));
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
  }

  /** Resolves when the last message on each of the task's streams has come. */
  receiveAll({ streams }: Task): Promise<Received> {
    return new Promise((resolve) => {
      this.#onReceived = () => resolve(this.received);
      this.#streams = streams;
      if (this.#lasts >= streams) resolve(this.received);
    });
  }

  /** Sends on all streams in turn, as fast as the stack takes it, until time or count is up. */
  sendAll({ size, streams, seconds, count = Infinity }: Task): void {
    const messages = Array.from(
      { length: streams },
      (_, sid) => Object.assign(Buffer.alloc(size), { sid, ppid: DATA }),
    );
    const until = performance.now() + seconds * 1000;
    const { socket } = this;
    const fill = () => {
      for (let i = 0; i < AT_ONCE; i++) {
        if (!socket.writable) return;
        if (this.sent >= count || performance.now() >= until) return this.#sendLasts(streams);
        const hasRoom = socket.write(messages[this.sent++ % streams]!);
        if (!hasRoom) return void socket.once("drain", fill);
      }
      setImmediate(fill);
    };
    fill();
  }

  #sendLasts(streams: number): void {
    for (let sid = 0; sid < streams; sid++) {
      this.socket.write(Object.assign(Buffer.from([0]), { sid, ppid: LAST }));
    }
  }

  #count(message: Message): void {
    const { received } = this;
    received.last = performance.now();
    if (received.messages++ === 0) received.first = received.last;
    received.bytes += message.length;
  }

  #countLast(): void {
    if (++this.#lasts >= this.#streams) this.#onReceived();
  }
}
