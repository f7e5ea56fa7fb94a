/** How long a process stood still because the machine had no time for it. */
const EVERY_MS = 50;

export class Standstill {
  #longestMs = 0;
  #before = performance.now();
  readonly #timer: NodeJS.Timeout;

  /** @param told called with how late each look was, in ms */
  constructor(told: (ms: number) => void = () => {}) {
    this.#timer = setInterval(() => told(this.#look()), EVERY_MS);
  }

  /** The longest time since the last reset, of this process or of one whose times are added. */
  get longestMs(): number {
    return Math.max(this.#longestMs, this.#lateMs);
  }

  add(ms: number): void {
    this.#longestMs = Math.max(this.#longestMs, ms);
  }

  reset(): void {
    this.#longestMs = 0;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  get #lateMs(): number {
    return performance.now() - this.#before - EVERY_MS;
  }

  #look(): number {
    const ms = this.#lateMs;
    this.#before += ms + EVERY_MS;
    this.add(ms);
    return ms;
  }
}
