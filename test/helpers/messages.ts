/** Making messages, and waiting for them. */
import { Buffer } from "node:buffer";
import type { Message, Socket } from "netsctp";

export interface Sent {
  payload: Buffer;
  sid: number;
  ppid: number;
}

export function message(payload: Buffer | string, sid = 0, ppid = 0): Buffer & { sid: number; ppid: number } {
  return Object.assign(Buffer.from(payload), { sid, ppid });
}

/** A payload that no other size or seed has. */
export function payload(size: number, seed = 1): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let state = (size * 2654435761 + seed * 40503) >>> 0;
  for (let i = 0; i < size; i++) {
    state = (state * 1664525 + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** The next `count` messages of a flowing socket. Fails if the socket ends or fails before. */
export function receive(socket: Socket, count: number): Promise<Message[]> {
  return new Promise((resolve, reject) => {
    const messages: Message[] = [];
    const settle = (error?: Error) => {
      socket.off("data", onData).off("error", settle).off("close", onClose);
      if (error) reject(error);
      else resolve(messages);
    };
    const onData = (received: Message) => {
      messages.push(received);
      if (messages.length === count) settle();
    };
    const onClose = () => settle(new Error(`closed after ${messages.length} of ${count} messages`));
    socket.on("data", onData).on("error", settle).on("close", onClose);
  });
}

/** Writes, and waits until there is room for more. */
export function write(socket: Socket, data: Buffer): Promise<void> {
  if (socket.write(data)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    socket.once("drain", resolve);
    socket.once("error", reject);
  });
}
