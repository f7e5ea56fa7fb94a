// The runner's half inside the guest: runs the jobs of the file named and prints each result as a line of JSON.
import { readFileSync } from "node:fs";
import type { Job } from "./parts.ts";
import { runJobs } from "./pool.ts";

const jobs = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as Job[];
// One at a time in its network: the guest has one processor, and ports and parameters are every test's.
await runJobs(jobs, 1, (result) => console.log(JSON.stringify(result)));
