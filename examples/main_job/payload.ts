// What server and client exchange: both know the plan, so each checks on its own what the other sent.
import { Buffer } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import type { Message } from "netsctp";

export const MESSAGES = 300;
export const STREAMS = 8;
const LARGEST = 100 * 1024;
/** WebRTC text and binary, Diameter, M3UA, NGAP, and one that nobody has. */
const PPIDS = [51, 53, 46, 3, 60, 0xfffffffe];

/** The messages in the order of sending: sizes from 1 byte to the largest, as many small as large decades. */
export function* plan(): Generator<Buffer & Pick<Message, "sid" | "ppid">> {
  for (let n = 0; n < MESSAGES; n++) {
    // 7 shares no factor with 300, so this visits every size once, large ones between small ones.
    const place = (n * 7 % MESSAGES) / (MESSAGES - 1);
    const data = Buffer.alloc(Math.round(LARGEST ** place));
    for (let at = 0, word = n + 1; at < data.length; at++) {
      word = Math.imul(word, 1664525) + 1013904223 | 0;
      data[at] = word >>> 24;
    }
    yield Object.assign(data, { sid: n % STREAMS, ppid: PPIDS[n % PPIDS.length]! });
  }
}

const digest = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");

interface Expected {
  ppid: number;
  sha256: string;
}

export interface Tally {
  messages: number;
  bytes: number;
  /** Over the contents of stream 0, then of stream 1, and so on. */
  sha256: string;
}

/** Compares what arrives with the plan. Order holds within a stream, not between streams. */
export class Checker {
  #expected: Expected[][] = Array.from({ length: STREAMS }, () => []);
  #hashes: Hash[] = Array.from({ length: STREAMS }, () => createHash("sha256"));
  #messages = 0;
  #bytes = 0;

  constructor() {
    for (const message of plan()) {
      this.#expected[message.sid]!.push({ ppid: message.ppid, sha256: digest(message) });
    }
  }

  get complete(): boolean {
    return this.#messages === MESSAGES;
  }

  take(message: Message): void {
    const { sid, ppid, length } = message;
    const expected = this.#expected[sid]?.shift();
    const what = `message ${this.#messages} (stream ${sid}, PPID ${ppid}, ${length} bytes)`;
    if (!expected) throw new Error(`${what}: not expected on this stream`);
    if (ppid !== expected.ppid) throw new Error(`${what}: PPID ${expected.ppid} was sent`);
    if (digest(message) !== expected.sha256) throw new Error(`${what}: its content is not what was sent`);
    this.#hashes[sid]!.update(message);
    this.#messages++;
    this.#bytes += length;
  }

  tally(): Tally {
    if (!this.complete) throw new Error(`${this.#messages} of ${MESSAGES} messages arrived`);
    const all = this.#hashes.map((hash) => hash.digest("hex")).join("");
    return { messages: this.#messages, bytes: this.#bytes, sha256: digest(Buffer.from(all)) };
  }
}
