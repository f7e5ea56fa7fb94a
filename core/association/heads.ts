/**
 * What each queued message is sent with, encoded when the program sends it: stream, flags, payload protocol identifier
 * and length in a ring of numbers, and beside it what few messages have.
 */
import { expired, outranked } from "../errors.ts";
import type { SendPlan } from "../options/send_options.ts";
import { type OutboundExtra, POLICY } from "../shim/records.ts";

/**
 * Where each property is in a head: of the first word, the low 16 bits are the stream, those above are flags. A new one
 * gets a word here.
 */
export const HEAD = { STREAM_AND_FLAGS: 0, PPID: 1, LENGTH: 2 } as const;
export const HEAD_WORDS = 3;

/** Set where a message has extras. */
const HAS_EXTRA = 1 << 29;
/** Set where a message has been given up. */
const IS_LEFT_OUT = 1 << 30;
const ALL_FLAGS = 0xfff;

export const streamOf = (word: number): number => word & 0xffff;
/** Of `FLAG`. */
export const flagsOf = (word: number): number => (word >> 16) & ALL_FLAGS;
export const hasExtra = (word: number): boolean => (word & HAS_EXTRA) !== 0;

/**
 * How many bytes the message whose head begins there had when it was written: none, if it is left out. Its memory may be
 * somebody else's by now, and its chunk be shorter.
 */
export function lengthAt(words: Uint32Array, head: number): number {
  return (words[head + HEAD.STREAM_AND_FLAGS]! & IS_LEFT_OUT) !== 0 ? 0 : words[head + HEAD.LENGTH]!;
}

/** Extras of a message that waits. */
export interface Extra extends OutboundExtra {
  /** When its time to live is over, as `performance.now()`; Infinity for never. */
  readonly deadline: number;
}

function waiting({ policy, policyValue, context, keyNumber, destination }: OutboundExtra): Extra {
  const deadline = policy === POLICY.TIME_TO_LIVE ? performance.now() + policyValue : Infinity;
  return { policy, policyValue, context, keyNumber, destination, deadline };
}

/** Which messages are given up, and why. */
export interface GivingUp {
  isGivenUp(extra: Extra): boolean;
  error(extra: Extra): Error;
}

/** Those whose time to live is over. */
export class Expiry implements GivingUp {
  readonly #now = performance.now();
  /** The earliest deadline of the others that were looked at. */
  next = Infinity;

  isGivenUp({ deadline }: Extra): boolean {
    if (deadline <= this.#now) return true;
    this.next = Math.min(this.next, deadline);
    return false;
  }

  error({ policyValue }: Extra): Error {
    return expired(policyValue);
  }
}

/** Those that are less important than one that there is no room for (RFC 7496 section 3.2). */
export class Outranking implements GivingUp {
  readonly #priority: number;

  constructor(priority: number) {
    this.#priority = priority;
  }

  isGivenUp({ policy, policyValue }: Extra): boolean {
    return policy === POLICY.PRIORITY && policyValue > this.#priority;
  }

  error({ policyValue }: Extra): Error {
    return outranked(policyValue);
  }
}

const LEAST_WORDS = 16 * HEAD_WORDS;
// Above this, memory is not kept for the next burst.
const MOST_KEPT_WORDS = 4096 * HEAD_WORDS;
const NONE = new Uint32Array(0);
// From so many extras on that have left, the memory of their places is used again before all have.
const MOST_LEFT = 4096;

/** Memory that emptied heads have left, for the next ones of any association: those with nothing to send keep none. */
let spare: Uint32Array = NONE;

/** Heads, first in, first out. They lie in one piece, so that a loop over them needs no call. */
export class Heads {
  /** The first one begins at `start`. Another array after a push(). */
  words: Uint32Array = NONE;
  start = 0;
  #end = 0;
  /** From #firstExtra on, one for each head that has some, in their order. */
  #extras: Extra[] | undefined;
  #firstExtra = 0;

  /** @returns its extras */
  push({ stream, flags, ppid, extra }: SendPlan, length: number): Extra | undefined {
    if (this.#end === this.words.length) this.#makeRoom(HEAD_WORDS);
    const mark = extra === undefined ? 0 : HAS_EXTRA;
    this.words[this.#end + HEAD.STREAM_AND_FLAGS] = stream | flags << 16 | mark;
    this.words[this.#end + HEAD.PPID] = ppid;
    this.words[this.#end + HEAD.LENGTH] = length;
    this.#end += HEAD_WORDS;
    if (extra === undefined) return undefined;
    const own = waiting(extra);
    (this.#extras ??= []).push(own);
    return own;
  }

  /** Those of the messages that have some, the first one's first. */
  extra(place: number): Extra {
    return this.#extras![this.#firstExtra + place]!;
  }

  /** How many messages have extras. */
  get extraCount(): number {
    return this.#extras === undefined ? 0 : this.#extras.length - this.#firstExtra;
  }

  /**
   * Leaves out messages that are given up.
   *
   * @param onLeftOut is told the place of each among those that wait
   */
  leaveOutThose(givingUp: GivingUp, onLeftOut: (place: number, extra: Extra) => void): void {
    const count = this.extraCount;
    let extras = 0;
    for (let place = 0, head = this.start; extras < count; place++, head += HEAD_WORDS) {
      if (!hasExtra(this.words[head + HEAD.STREAM_AND_FLAGS]!)) continue;
      const extra = this.extra(extras++);
      if (lengthAt(this.words, head) === 0 || !givingUp.isGivenUp(extra)) continue;
      onLeftOut(place, extra);
      this.leaveOut(place);
    }
  }

  /** A message that stays where it is until those before it have left, and is passed over then. */
  leaveOut(place: number): void {
    this.words[this.start + place * HEAD_WORDS + HEAD.STREAM_AND_FLAGS]! |= IS_LEFT_OUT;
  }

  /** Of the first one, left out or not. */
  get firstLength(): number {
    return this.words[this.start + HEAD.LENGTH]!;
  }

  /** The bytes of the first messages. */
  sizeOf(count: number): number {
    let bytes = 0;
    for (let i = 0; i < count; i++) bytes += lengthAt(this.words, this.start + i * HEAD_WORDS);
    return bytes;
  }

  /** Moves the first ones to the end of others. */
  moveTo(others: Heads, count: number): void {
    const size = count * HEAD_WORDS;
    if (others.#end === 0 && size === this.#end - this.start) return this.#moveAllTo(others);
    if (others.#end + size > others.words.length) others.#makeRoom(size);
    const { words, start } = this;
    for (let i = 0; i < size; i++) others.words[others.#end + i] = words[start + i]!;
    others.#end += size;
    const extras = this.#extrasOf(count);
    for (let i = 0; i < extras; i++) (others.#extras ??= []).push(this.extra(i));
    this.drop(count);
  }

  #moveAllTo(others: Heads): void {
    others.words = this.words;
    others.start = this.start;
    others.#end = this.#end;
    others.#extras = this.#extras;
    others.#firstExtra = this.#firstExtra;
    this.words = NONE;
    this.start = this.#end = 0;
    this.#extras = undefined;
    this.#firstExtra = 0;
  }

  /** How many of the first heads have extras. */
  #extrasOf(count: number): number {
    if (this.#extras === undefined) return 0;
    let extras = 0;
    for (let i = 0; i < count; i++) {
      if (hasExtra(this.words[this.start + i * HEAD_WORDS + HEAD.STREAM_AND_FLAGS]!)) extras++;
    }
    return extras;
  }

  drop(count: number): void {
    if (this.#extras !== undefined) this.#dropExtras(this.#extras, this.#extrasOf(count));
    this.start += count * HEAD_WORDS;
    if (this.start < this.#end) return;
    this.start = this.#end = 0;
    if (this.words.length > spare.length && this.words.length <= MOST_KEPT_WORDS) spare = this.words;
    this.words = NONE;
  }

  #dropExtras(extras: Extra[], count: number): void {
    this.#firstExtra += count;
    const isEmpty = this.#firstExtra === extras.length;
    if (!isEmpty && this.#firstExtra < MOST_LEFT) return;
    this.#extras = isEmpty ? undefined : extras.slice(this.#firstExtra);
    this.#firstExtra = 0;
  }

  #makeRoom(size: number): void {
    const used = this.#end - this.start;
    const wanted = 2 * (used + size);
    if (used === 0 && spare.length >= size) {
      this.words = spare;
      spare = NONE;
    } else if (this.words.length >= wanted) {
      this.words.copyWithin(0, this.start, this.#end);
    } else {
      const words = new Uint32Array(Math.max(LEAST_WORDS, 2 * this.words.length, wanted));
      words.set(this.words.subarray(this.start, this.#end));
      this.words = words;
    }
    this.start = 0;
    this.#end = used;
  }
}
