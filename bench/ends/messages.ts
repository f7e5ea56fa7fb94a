/** What is sent. The last message carries how many there were, so that a loss would be seen; as baseline/messages.c. */
import { Buffer } from "node:buffer";

// In the first byte of a message; where the last one carries the count.
const LAST = 1;
const COUNT_OFFSET = 4;

export function lastMessage(size: number, count: number): Buffer {
  const message = Buffer.alloc(size);
  message[0] = LAST;
  message.writeUInt32LE(count, COUNT_OFFSET);
  return message;
}

/** The count that the last message carries; undefined of any other. */
export function countIn(message: Buffer): number | undefined {
  return message[0] === LAST ? message.readUInt32LE(COUNT_OFFSET) : undefined;
}
