/** Messages that were not delivered, as users get them back: what a stack gives back in fragments is put together here. */
import { Buffer } from "node:buffer";
import { type Extra, flagsOf, hasExtra, HEAD, HEAD_WORDS, type Heads, lengthAt, streamOf } from "./heads.ts";
import { type Message, messageOf } from "./message.ts";
import { DATA_CHUNK, FLAG, type RawNotification } from "../shim/records.ts";

/** A message that was not delivered, or not all of it; what it was sent with, so that it can be sent again with that. */
export interface Undelivered {
  /**
   * Its bytes, with its stream, its identifier and whether it is unordered: `other.write(data)` sends it as it was. Of what
   * is not complete, those that are left.
   */
  data: Message;
  /** The stream it was for. */
  stream: number;
  /** Its payload protocol identifier, host order. */
  ppid: number;
  /** Whether it could overtake others. */
  unordered: boolean;
  /** The number that it was given. */
  context: number;
  /** Whether it, or a part of it, has been sent: the peer may have it. */
  isSent: boolean;
  /** Whether `data` is all of it. What is missing is the peer's already: usrsctp keeps no fragment that it has. */
  isComplete: boolean;
  /** It was given up by a limit of its own, or the association has ended, or the peer has begun a new one. */
  reason: "expired" | "association" | "restart";
}

// ------------------------------------------------- of queues of ours

/**
 * A message that has waited in a queue of ours.
 *
 * @param word of its head
 */
function unsent(
  chunk: Uint8Array,
  word: number,
  ppid: number,
  extra: Extra | undefined,
  reason: Undelivered["reason"],
): Undelivered {
  const stream = streamOf(word);
  const unordered = (flagsOf(word) & FLAG.UNORDERED) !== 0;
  const data = dataOf(chunk, stream, ppid, unordered);
  const context = extra?.context ?? 0;
  return { data, stream, ppid, unordered, context, isSent: false, isComplete: true, reason };
}

/** One that was given up by a limit of its own, at its place among those that have heads. */
export function givenUpAt(
  { words, start }: Heads,
  place: number,
  chunk: Uint8Array,
  extra: Extra,
): Undelivered {
  const head = start + place * HEAD_WORDS;
  return unsent(chunk, words[head + HEAD.STREAM_AND_FLAGS]!, words[head + HEAD.PPID]!, extra, "expired");
}

/** Those that wait as the association ends, from one on; `chunks` are the bytes of all that have heads. */
export function unsentOf(heads: Heads, chunks: readonly Uint8Array[], from: number): Undelivered[] {
  const { words, start } = heads;
  let extras = 0;
  return chunks.flatMap((chunk, i) => {
    const head = start + i * HEAD_WORDS;
    const word = words[head + HEAD.STREAM_AND_FLAGS]!;
    const extra = hasExtra(word) ? heads.extra(extras++) : undefined;
    // An empty one is none (RFC 9260 section 3.3.1), nor is one whose memory has become somebody else's.
    if (i < from || chunk.length === 0 || chunk.length !== lengthAt(words, head)) return [];
    return [unsent(chunk, word, words[head + HEAD.PPID]!, extra, "association")];
  });
}

function dataOf(
  { buffer, byteOffset, length }: Uint8Array,
  stream: number,
  ppid: number,
  unordered: boolean,
): Message {
  return messageOf(buffer as ArrayBuffer, byteOffset, length, stream, ppid, unordered);
}

// ------------------------------------------------- of a stack

/** A message of which some fragments have come back. */
interface Returning {
  readonly stream: number;
  readonly ppid: number;
  readonly unordered: boolean;
  readonly context: number;
  readonly number: number;
  readonly pieces: Buffer[];
  hasFirst: boolean;
  hasLast: boolean;
  isSent: boolean;
}

/** What a stack has given back and nobody was told of yet. */
export class Returned {
  /** By number. */
  readonly #messages = new Map<number, Returning>();
  /** The one whose fragment goes on in the bytes that come next. */
  #current: Returning | undefined;

  /** Takes what a SEND_FAILED carries: one message, or one fragment of it. */
  add(record: RawNotification): void {
    const { sendFlags, raw, payloadOffset } = record;
    const message = this.#messages.get(record.number) ?? this.#begin(record);
    message.pieces.push(raw.subarray(payloadOffset));
    message.isSent ||= record.flags !== 0;
    message.hasFirst ||= (sendFlags & DATA_CHUNK.FIRST) !== 0;
    message.hasLast ||= (sendFlags & DATA_CHUNK.LAST) !== 0;
    this.#current = message;
  }

  #begin({ sid, ppid, context, number, sendFlags }: RawNotification): Returning {
    const unordered = (sendFlags & DATA_CHUNK.UNORDERED) !== 0;
    const rest = { pieces: [], hasFirst: false, hasLast: false, isSent: false };
    const message = { stream: sid, ppid, unordered, context, number, ...rest };
    this.#messages.set(number, message);
    return message;
  }

  /** Takes more of the bytes of what was added last. */
  addRest(bytes: Buffer): void {
    this.#current?.pieces.push(bytes);
  }

  /** All of them, in the order in which they were sent. */
  all(reason: Undelivered["reason"]): Undelivered[] {
    const messages = [...this.#messages.values()].sort((a, b) => (a.number - b.number) | 0); // numbers wrap
    return messages.map(({ pieces, hasFirst, hasLast, isSent, number: _, ...rest }) => {
      const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
      const data = dataOf(bytes, rest.stream, rest.ppid, rest.unordered);
      return { data, ...rest, isSent, isComplete: hasFirst && hasLast, reason };
    });
  }
}
