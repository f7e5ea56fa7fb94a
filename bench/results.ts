/** Results on disk, a line each as they come, so that an interrupted run loses nothing. */
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "./machine.ts";
import type { Result } from "./one_run.ts";
import type { Plan } from "./trials.ts";

const FOLDER = "build/bench/results";

/** What the results have in common. */
export interface Head {
  command: string;
  date: string;
  machine: Machine;
  plan: Plan;
}

export interface Saved {
  heads: Head[];
  results: Result[];
}

/** Keeps the results of one run of the bench. */
export class Keeper {
  readonly file: string;

  constructor(head: Head) {
    mkdirSync(FOLDER, { recursive: true });
    this.file = join(FOLDER, `${head.date.replace(/[:.]/g, "-")}.jsonl`);
    this.#append({ head });
  }

  add(result: Result): void {
    this.#append(result);
  }

  /** What becomes known of the machine only later. */
  addMachine(machine: Machine): void {
    this.#append({ machine });
  }

  #append(line: unknown): void {
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
  }
}

function readOne(file: string): Saved {
  const saved: Saved = { heads: [], results: [] };
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const value = JSON.parse(line) as { head: Head } | { machine: Machine } | Result;
    if ("head" in value) saved.heads.push(value.head);
    else if ("machine" in value) Object.assign(saved.heads.at(-1)!.machine, value.machine);
    else saved.results.push(value);
  }
  return saved;
}

/** Of a trial that several files have, the last one's results count: rounds of different runs do not mix. */
export function readResults(files: string[]): Saved {
  const heads: Head[] = [];
  const byTrial = new Map<string, Result[]>();
  for (const file of files) {
    const saved = readOne(file);
    heads.push(...saved.heads);
    const mine = new Map<string, Result[]>();
    for (const result of saved.results) {
      const key = `${result.stack}/${result.trial}`;
      mine.set(key, [...mine.get(key) ?? [], result]);
    }
    for (const [key, results] of mine) byTrial.set(key, results);
  }
  return { heads, results: [...byTrial.values()].flat() };
}
