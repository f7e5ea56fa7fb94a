import { type Result, runJob } from "./job.ts";
import type { Job } from "./parts.ts";

/** Runs the jobs in their order, `width` at a time; `report` hears of each as it ends. */
export async function runJobs(
  jobs: Job[],
  width: number,
  report: (result: Result) => void,
): Promise<void> {
  const queue = [...jobs];
  const worker = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) report(await runJob(job));
  };
  await Promise.all(Array.from({ length: width }, worker));
}
