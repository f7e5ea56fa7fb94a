/**
 * Stream and payload protocol identifier of each queued message, encoded when the program sends it, in a ring of
 * numbers.
 */

/** Where each property is in a head. A new one gets a word here, and an argument of push(). */
export const HEAD = { SID: 0, PPID: 1 } as const;
export const HEAD_WORDS = 2;

const LEAST_WORDS = 16 * HEAD_WORDS;
// Above this, memory is not kept for the next burst.
const MOST_KEPT_WORDS = 4096 * HEAD_WORDS;
const NONE = new Uint32Array(0);

/** Memory that emptied heads have left, for the next ones of any association: those with nothing to send keep none. */
let spare: Uint32Array = NONE;

/** Heads, first in, first out. They lie in one piece, so that a loop over them needs no call. */
export class Heads {
  /** The first one begins at `start`. Another array after a push(). */
  words: Uint32Array = NONE;
  start = 0;
  #end = 0;

  push(sid: number, ppid: number): void {
    if (this.#end === this.words.length) this.#makeRoom(HEAD_WORDS);
    this.words[this.#end + HEAD.SID] = sid;
    this.words[this.#end + HEAD.PPID] = ppid;
    this.#end += HEAD_WORDS;
  }

  /** Moves the first ones to the end of others. */
  moveTo(others: Heads, count: number): void {
    const size = count * HEAD_WORDS;
    if (others.#end === 0 && size === this.#end - this.start) return this.#moveAllTo(others);
    if (others.#end + size > others.words.length) others.#makeRoom(size);
    const { words, start } = this;
    for (let i = 0; i < size; i++) others.words[others.#end + i] = words[start + i]!;
    others.#end += size;
    this.drop(count);
  }

  #moveAllTo(others: Heads): void {
    others.words = this.words;
    others.start = this.start;
    others.#end = this.#end;
    this.words = NONE;
    this.start = this.#end = 0;
  }

  drop(count: number): void {
    this.start += count * HEAD_WORDS;
    if (this.start < this.#end) return;
    this.start = this.#end = 0;
    if (this.words.length > spare.length && this.words.length <= MOST_KEPT_WORDS) spare = this.words;
    this.words = NONE;
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
