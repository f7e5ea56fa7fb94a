import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { LONG_JOB_LIMIT_MS, type Result } from "./job.ts";
import { nodeArguments } from "./node_arguments.ts";
import type { Guest, Job } from "./parts.ts";

const BOOT_LIMIT_MS = 120_000;

/** The suite of Debian that has the newest kernel. */
const NEWEST = "sid";

const isInstalled = spawnSync("linux.uml", ["--version"]).status === 0;
const isFetched = existsSync(`build/guest/${NEWEST}/usr/bin/linux.uml`);

/** Where jobs that need a kernel with SCTP can run: here, in a guest, or not at all for the reason given. */
export function kernelPlace(): "here" | Guest | { missing: string } {
  if (spawnSync("tools/has_kernel_sctp").status === 0) return "here";
  if (isFetched) return "newest";
  if (isInstalled) return "installed";
  return {
    missing: "this kernel has no SCTP, and linux.uml, the guest that has, is not installed: " +
      "apt-get install user-mode-linux kmod",
  };
}

/** Why a guest cannot be had, if so. Set-up has tried to fetch or install it. */
export function missingGuest(guest: Guest | undefined): string | undefined {
  if (guest === undefined) return undefined;
  if (guest === "newest") {
    return isFetched
      ? undefined
      : `the guest with the newest kernel could not be fetched: test/guest/fetch ${NEWEST}`;
  }
  return isInstalled ? undefined : "linux.uml is not installed: apt-get install user-mode-linux kmod";
}

/**
 * Boots guests that share the jobs: each takes the next when it has done one. Resolves with what went wrong, if anything did.
 *
 * @param guest whose kernel
 */
export async function runInGuests(
  count: number,
  jobs: Job[],
  guest: Guest,
  report: (result: Result) => void,
): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "netsctp-test-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  const list = join(folder, "jobs.json");
  writeFileSync(list, JSON.stringify(jobs));
  const guests = Array.from({ length: Math.min(count, jobs.length) }, () => boot(list, guest, report));
  const troubles = (await Promise.all(guests)).filter((trouble) => trouble !== undefined);
  return troubles.length > 0 ? troubles.join("\n") : undefined;
}

function boot(
  list: string,
  guest: Guest,
  report: (result: Result) => void,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const machine = spawn(
      "test/guest/run",
      [
        ...(guest === "newest" ? ["-k", NEWEST] : []),
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
    machine.stderr.on("data", (chunk) => said += chunk);

    // Each job has its limit inside; silence for longer means that the guest itself hangs.
    let silent = false;
    const watch = setTimeout(() => {
      silent = true;
      machine.kill("SIGTERM");
    }, BOOT_LIMIT_MS + LONG_JOB_LIMIT_MS);
    createInterface(machine.stdout).on("line", (line) => {
      watch.refresh();
      if (line.startsWith("{")) report(JSON.parse(line));
      else said += `${line}\n`;
    });

    // The runner's own end is the guest's end, too.
    const end = () => void machine.kill("SIGTERM");
    process.once("exit", end);
    machine.on("close", (code) => {
      clearTimeout(watch);
      process.off("exit", end);
      if (code === 0) resolve(undefined);
      else resolve(`the guest ${silent ? "fell silent" : `ended with status ${code}`}\n${said}`);
    });
  });
}
