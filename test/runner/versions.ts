/** What this is run on. */
import { spawnSync } from "node:child_process";
import { release } from "node:os";

const known = new Map<string, string | undefined>();

/** The version of a runtime; undefined if it does not run here. */
export function versionOf(program: string): string | undefined {
  if (!known.has(program)) {
    const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
    known.set(program, status === 0 ? /\d+\.\d+\.\d+/.exec(stdout)?.[0] : undefined);
  }
  return known.get(program);
}

/** Without what a distribution puts behind it: 6.1.176. */
export function kernelVersion(): string {
  return /^[\d.]*\d/.exec(release())![0];
}

interface ReportHeader {
  glibcVersionRuntime?: string;
}

/** As the prebuilt libraries are named: linux-x64-glibc. */
export function platform(): string {
  const { header } = process.report.getReport() as { header: ReportHeader };
  return `${process.platform}-${process.arch}-${header.glibcVersionRuntime ? "glibc" : "musl"}`;
}
