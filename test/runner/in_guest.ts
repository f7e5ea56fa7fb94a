// The runner's half inside the guest: runs the jobs of the file named that no other guest has taken and prints each result as
// a line of JSON.
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Job } from "./parts.ts";
import { runJobs } from "./pool.ts";

const list = process.argv[2]!;
const jobs = JSON.parse(readFileSync(list, "utf8")) as Job[];

/** A folder beside the list says that a job is taken: of those who want to make it, one can. */
function take(job: Job): boolean {
  try {
    mkdirSync(join(dirname(list), `taken-${jobs.indexOf(job)}`));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

// One at a time in its network: the guest has one processor, and ports and parameters are every test's.
await runJobs(jobs, 1, (result) => console.log(JSON.stringify(result)), take);
