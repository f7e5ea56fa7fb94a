/** What a file of test/package has tried, for the support matrix. */
import { type GivenRow, writeRows } from "../runner/results.ts";

export class Tried {
  readonly #name: string;
  readonly #rows: GivenRow[] = [];

  /** @param name of the file in build/results/; what an earlier run left there is gone */
  constructor(name: string) {
    this.#name = name;
    writeRows(name, this.#rows);
  }

  /**
   * So many programs ended as they should, with the package installed.
   *
   * @param said what the runtime says of its version
   */
  passed(runtime: string, said: string, platform: string, passed: number): void {
    const version = /\d+\.\d+\.\d+/.exec(said)![0];
    const counts = { passed, failed: 0, skipped: 0 };
    this.#rows.push({ runtime, version, stack: "userspace", platform, what: "package", ...counts });
    writeRows(this.#name, this.#rows);
  }
}
