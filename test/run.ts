// What `npm test` runs after set-up: every test file in a process of its own, per runtime and stack, on this
// machine or in the guest; see docs/testing.md.
import { spawnSync } from "node:child_process";
import { kernelPlace, missingGuest, runInGuests } from "./runner/guest.ts";
import { inOwnNetwork, programOf, type Result } from "./runner/job.ts";
import { parseOptions } from "./runner/options.ts";
import { type Guest, type Job, PARTS } from "./runner/parts.ts";
import { runJobs } from "./runner/pool.ts";
import { Report } from "./runner/report.ts";
import { writeResults } from "./runner/results.ts";
import { versionOf } from "./runner/versions.ts";

/** Wide enough to use two processors, narrow enough for files that count system calls and memory. */
const WIDTH = 2;
const GUESTS = 2;
const NO_FILES = "(none)";
const inCI = !["", "0", "false"].includes(process.env.CI ?? "");

const options = parseOptions(process.argv.slice(2));
const all = PARTS.flatMap((part) => {
  const found = part.jobs(options.all);
  // A folder moved or a pattern mistyped must not look like success.
  return found.length > 0 ? found : [{ part: part.name, file: NO_FILES, needsKernel: false }];
});
const jobs = all.filter(options.wants);
if (jobs.length === 0) {
  console.error("no test file fits what was asked for");
  process.exit(2);
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));

const place = kernelPlace();
/** The guest that a job runs in; undefined for this machine. */
function guestOf(job: Job): Guest | undefined {
  if (job.onOlderKernel) return "installed";
  if (!job.needsKernel || place === "here" || typeof place === "object") return undefined;
  return job.needsInstalled ? "installed" : place;
}

const [unshare, ...asked] = inOwnNetwork(["true"]);
const hasNetworks = spawnSync(unshare!, asked).status === 0;
const reasonAgainst = (job: Job): string | undefined =>
  job.file === NO_FILES
    ? "no test files"
    : job.runtime && !versionOf(programOf(job))
    ? `${programOf(job)} does not run here: npm run setup`
    : job.ownNetwork && !job.needsKernel && !hasNetworks
    ? "no network namespace of its own: unshare(1) is missing, or neither this user nor root may use it here"
    : job.needsKernel && typeof place === "object"
    ? place.missing
    : job.onOlderKernel && place === "installed"
    ? "on this kernel runs all that needs one: Debian's newest could not be fetched"
    : missingGuest(guestOf(job));

/**
 * What could not run is a failure where everything was promised to be there, and elsewhere a skip. Nobody promises two
 * kernels: set-up installs no guest where this machine's has SCTP, and Debian's next release may lack its own today.
 */
function notRun(job: Job, reason: string): Result {
  const counts = inCI && !(job.onOlderKernel && place !== "newest")
    ? { failed: 1, skipped: 0, skips: [] }
    : { failed: 0, skipped: 1, skips: [reason] };
  return { job, passed: 0, ...counts, output: `[not run: ${reason}]`, ms: 0, kernel: "" };
}

const report = new Report(jobs);
const possible = jobs.filter((job) => {
  const reason = reasonAgainst(job);
  if (reason) report.add(notRun(job, reason));
  return !reason;
});
const forGuest = possible.filter(guestOf);
const forHost = possible.filter((job) => !forGuest.includes(job));

/** Runs the jobs of one kernel after the other, each kernel in several guests, as a guest mostly waits. */
async function runForGuests(): Promise<boolean> {
  let isWell = true;
  for (const guest of new Set(forGuest.map((job) => guestOf(job)!))) {
    const jobs = forGuest.filter((job) => guestOf(job) === guest);
    isWell = await runWithKernel(jobs, guest) && isWell;
  }
  return isWell;
}

/** Returns whether the guests worked, whatever came of the jobs. */
async function runWithKernel(jobs: Job[], guest: Guest): Promise<boolean> {
  const ended = new Set<string>();
  const trouble = await runInGuests(GUESTS, jobs, guest, (result) => {
    ended.add(JSON.stringify(result.job));
    report.add(result);
  });
  for (const job of jobs) {
    if (ended.has(JSON.stringify(job))) continue;
    report.add({
      job,
      passed: 0,
      failed: 1,
      skipped: 0,
      skips: [],
      output: `[not run, or not to its end: ${trouble ?? "the guest ended early"}]`,
      ms: 0,
      kernel: "",
    });
  }
  if (trouble !== undefined) console.error(trouble);
  return trouble === undefined;
}

const [guestsWorked] = await Promise.all([
  runForGuests(),
  runJobs(forHost, WIDTH, (result) => report.add(result)),
]);
writeResults(report.results, all);
process.exitCode = report.finish() && guestsWorked ? 0 : 1;
