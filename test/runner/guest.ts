import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { LONG_JOB_LIMIT_MS, type Result } from "./job.ts";
import { nodeArguments } from "./node_arguments.ts";
import type { Job } from "./parts.ts";

const BOOT_LIMIT_MS = 120_000;

/** Where jobs that need a kernel with SCTP can run: here, in the guest, or not at all for the reason given. */
export function kernelPlace(): "here" | "guest" | { missing: string } {
  if (spawnSync("tools/has_kernel_sctp").status === 0) return "here";
  if (spawnSync("linux.uml", ["--version"]).status === 0) return "guest";
  return {
    missing: "this kernel has no SCTP, and linux.uml, the guest that has, is not installed: " +
      "apt-get install user-mode-linux kmod",
  };
}

/** Why the kernel of another suite cannot be had, if so. Set-up has tried to fetch it. */
export function missingSuite(suite: string): string | undefined {
  if (existsSync(`build/guest/${suite}/usr/bin/linux.uml`)) return undefined;
  return `the guest with the kernel of Debian's ${suite} could not be fetched: test/guest/fetch ${suite}`;
}

/**
 * Boots guests that share the jobs: each takes the next when it has done one. Resolves with what went wrong, if anything did.
 *
 * @param suite whose kernel; undefined for the installed one
 */
export async function runInGuests(
  count: number,
  jobs: Job[],
  suite: string | undefined,
  report: (result: Result) => void,
): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "netsctp-test-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  const list = join(folder, "jobs.json");
  writeFileSync(list, JSON.stringify(jobs));
  const guests = Array.from({ length: Math.min(count, jobs.length) }, () => boot(list, suite, report));
  const troubles = (await Promise.all(guests)).filter((trouble) => trouble !== undefined);
  return troubles.length > 0 ? troubles.join("\n") : undefined;
}

function boot(
  list: string,
  suite: string | undefined,
  report: (result: Result) => void,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const guest = spawn(
      "test/guest/run",
      [
        ...(suite ? ["-k", suite] : []),
        "-t",
        "14400",
        "--",
        process.execPath,
        ...nodeArguments(process.versions.node, "test/runner/in_guest.ts"),
        list,
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let said = "";
    guest.stderr.on("data", (chunk) => said += chunk);

    // Each job has its limit inside; silence for longer means that the guest itself hangs.
    let silent = false;
    const watch = setTimeout(() => {
      silent = true;
      guest.kill("SIGTERM");
    }, BOOT_LIMIT_MS + LONG_JOB_LIMIT_MS);
    createInterface(guest.stdout).on("line", (line) => {
      watch.refresh();
      if (line.startsWith("{")) report(JSON.parse(line));
      else said += `${line}\n`;
    });

    // The runner's own end is the guest's end, too.
    const end = () => void guest.kill("SIGTERM");
    process.once("exit", end);
    guest.on("close", (code) => {
      clearTimeout(watch);
      process.off("exit", end);
      if (code === 0) resolve(undefined);
      else resolve(`the guest ${silent ? "fell silent" : `ended with status ${code}`}\n${said}`);
    });
  });
}
