/**
 * What was run, on what, and how it ended: a file of rows for each part in
 * build/results/, from which tools/support.ts makes the support matrix. Tests
 * that use other means (an emulator, another C library) add theirs by
 * writeRows().
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { programOf, type Result } from "./job.ts";
import type { Job } from "./parts.ts";
import { kernelVersion, platform, versionOf } from "./versions.ts";

export const FOLDER = "build/results";

/** What ran: test/socket, some files of it, or the packed package as a user installs it. */
export type What = "sockets" | "sample" | "package";

export interface Row {
  runtime: string;
  version: string;
  stack: string;
  /** As the prebuilt libraries are named; behind it, what else there is to know: "linux-arm64-glibc, qemu-user". */
  platform: string;
  /** The version of the kernel: 6.1.176. */
  kernel: string;
  what: What;
  passed: number;
  failed: number;
  skipped: number;
  /** The day, as 2026-01-31. */
  date: string;
}

export type GivenRow = Omit<Row, "date" | "kernel"> & { kernel?: string };

const isAboutSockets = ({ file }: Job) => file.startsWith("test/socket/");

/**
 * Leaves a file for each part about sockets that was run as a whole.
 *
 * @param all every job there is, wanted or not
 */
export function writeResults(results: Result[], all: Job[]): void {
  const sockets = all.filter(isAboutSockets);
  const most = new Set(sockets.map(({ file }) => file)).size;
  for (const part of new Set(sockets.map((job) => job.part))) {
    const ofPart = results.filter(({ job, kernel }) => job.part === part && kernel !== "");
    const count = sockets.filter((job) => job.part === part).length;
    if (ofPart.length < count) continue;
    const row = rowOf(ofPart, count < most ? "sample" : "sockets");
    writeRows(part, [row]);
  }
}

/** Writes build/results/NAME.json, with the day, and with this machine's kernel where none is given. */
export function writeRows(name: string, rows: GivenRow[]): void {
  const dated = rows.map((row) => ({
    kernel: kernelVersion(),
    ...row,
    date: new Date().toISOString().slice(0, 10),
  }));
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(dated, null, 2)}\n`);
}

function rowOf(results: Result[], what: What): GivenRow {
  const [{ job, kernel }] = results as [Result];
  const sum = (key: "passed" | "failed" | "skipped") =>
    results.reduce((total, result) => total + result[key], 0);
  return {
    runtime: job.runtime!,
    version: versionOf(programOf(job))!,
    stack: job.stack!,
    platform: job.onOlderKernel ? `${platform()}, Linux ${kernel}` : platform(),
    kernel,
    what,
    passed: sum("passed"),
    failed: sum("failed"),
    skipped: sum("skipped"),
  };
}
