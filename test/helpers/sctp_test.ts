/** What sctp_test of lksctp-tools sends, as it tells of it itself. */
import { Buffer } from "node:buffer";

export interface Told {
  length: number;
  sid: number;
  ppid: number;
}

/** sctp_test prints a PPID in the byte order of the machine, which it does not convert. */
function swapped(ppid: number): number {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(ppid);
  return bytes.readUInt32BE();
}

/** The messages it says it has sent (`-s -d 2`). */
export function sentBy(text: string): Told[] {
  const pattern = /sendmsg\(.*\) +(\d+) bytes\.\n\s+SNDRCV\(stream=(\d+) flags=\S+ ppid=(\d+)/g;
  return [...text.matchAll(pattern)].map(([, length, sid, ppid]) => ({
    length: Number(length),
    sid: Number(sid),
    ppid: swapped(Number(ppid)),
  }));
}

/** The messages it says it has received (`-l -d 2`). It prints no stream for the one behind a notification. */
export function receivedBy(text: string): (Told | { length: number })[] {
  const pattern = /Data (\d+) bytes\..*(?:\n\s+SNDRCV\(stream=(\d+) .*ppid=(\d+))?/g;
  return [...text.matchAll(pattern)].map(([, length, sid, ppid]) =>
    sid === undefined
      ? { length: Number(length) }
      : { length: Number(length), sid: Number(sid), ppid: swapped(Number(ppid)) }
  );
}

/** The text that it sends as a message of that length: digits, then a NUL. */
export function textOf(length: number): Buffer {
  const text = Buffer.alloc(length);
  for (let i = 0; i < length - 1; i++) text[i] = 48 + i % 10;
  return text;
}
