import process from "node:process";

/** One line that is written over on a terminal; elsewhere a line now and then. */
export class Progress {
  readonly #total: number;
  readonly #started = performance.now();
  #done = 0;
  #shownMs = 0;

  constructor(total: number) {
    this.#total = total;
  }

  step(what: string): void {
    this.#done++;
    const ms = performance.now() - this.#started;
    const left = Math.round((ms / this.#done) * (this.#total - this.#done) / 1000);
    const line = `${this.#done}/${this.#total} runs, about ${left} s left: ${what}`;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
    else if (ms - this.#shownMs > 10_000 || this.#done === this.#total) {
      this.#shownMs = ms;
      process.stderr.write(`${line}\n`);
    }
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  }
}
