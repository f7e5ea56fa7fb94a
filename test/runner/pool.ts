import { type Result, runJob } from "./job.ts";
import type { Job } from "./parts.ts";

/**
 * Runs the jobs in their order, `width` at a time; `report` hears of each as it ends. Those with a network of their own
 * wait for the timers of SCTP most of the time and meet nobody there, so they have a place beside the others.
 *
 * @param take whether a job is still to do here; false where another guest has it
 */
export async function runJobs(
  jobs: Job[],
  width: number,
  report: (result: Result) => void,
  take: (job: Job) => boolean = () => true,
): Promise<void> {
  const beside = jobs.filter((job) => job.ownNetwork);
  const others = jobs.filter((job) => !job.ownNetwork);
  const worker = async (queue: Job[]) => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      if (take(job)) report(await runJob(job));
    }
  };
  await Promise.all([worker(beside), ...Array.from({ length: width }, () => worker(others))]);
}
