import type { Result } from "./job.ts";
import type { Job } from "./parts.ts";

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

export function nameOf(job: Job): string {
  const where = [
    job.runtime && `${job.runtime}${job.version ?? ""}`,
    job.stack,
    job.onOlderKernel && "older kernel",
  ].filter(Boolean)
    .join(", ");
  return where ? `${job.file} (${where})` : job.file;
}

/** So many of the slowest files are named. */
const SLOWEST = 15;

/** Prints each part as soon as it is complete, so that a run which is ended shows what it had done; then the failures and the sum. */
export class Report {
  #waiting = new Map<string, number>();
  #results = new Map<string, Result[]>();

  constructor(jobs: Job[]) {
    for (const job of jobs) this.#waiting.set(job.part, (this.#waiting.get(job.part) ?? 0) + 1);
    console.log("part             passed  failed  skipped  files      time");
  }

  add(result: Result): void {
    const { part } = result.job;
    this.#results.set(part, [...this.#results.get(part) ?? [], result]);
    const waiting = this.#waiting.get(part)! - 1;
    this.#waiting.set(part, waiting);
    if (waiting === 0) this.#printPart(part);
  }

  #printPart(part: string): void {
    const results = this.#results.get(part)!;
    const sum = (key: "passed" | "failed" | "skipped" | "ms") =>
      results.reduce((total, result) => total + result[key], 0);
    console.log(
      part.padEnd(15) + String(sum("passed")).padStart(8) + String(sum("failed")).padStart(8) +
        String(sum("skipped")).padStart(9) + String(results.length).padStart(7) +
        seconds(sum("ms")).padStart(10),
    );
    for (const [reason, files] of reasons(results)) {
      console.log(`  SKIP ${reason}${files > 1 ? ` (${files} times)` : ""}`);
    }
    for (const result of results) {
      if (result.failed > 0) console.log(`  FAILED ${nameOf(result.job)}`);
    }
  }

  get results(): Result[] {
    return [...this.#results.values()].flat();
  }

  #printSlowest(): void {
    console.log(`\nslowest of ${this.results.length} files, after ${seconds(performance.now())}:`);
    const slowest = this.results.sort((a, b) => b.ms - a.ms).slice(0, SLOWEST);
    for (const { job, ms } of slowest) console.log(`${seconds(ms).padStart(10)}  ${nameOf(job)}`);
  }

  /** The end of the run; true if nothing failed. */
  finish(): boolean {
    const all = this.results;
    if (all.length > SLOWEST) this.#printSlowest();
    for (const result of all) {
      if (result.failed === 0) continue;
      console.log(`\n---- ${result.job.part}: ${nameOf(result.job)}\n${result.output.trimEnd()}`);
    }
    const sum = (key: "passed" | "failed" | "skipped") =>
      all.reduce((total, result) => total + result[key], 0);
    const skipped = sum("skipped");
    console.log(
      `\n${sum("passed")} passed, ${sum("failed")} failed${skipped ? `, ${skipped} skipped` : ""}`,
    );
    return sum("failed") === 0;
  }
}

function reasons(results: Result[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const reason of results.flatMap((result) => result.skips)) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return counts;
}
