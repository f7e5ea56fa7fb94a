/** What a figure depends on besides the code. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release } from "node:os";
import process from "node:process";

export type Machine = Record<string, string>;

function output(file: string, ...args: string[]): string {
  try {
    return execFileSync(file, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "?";
  }
}

function commit(): string {
  const isClean = output("git", "status", "--porcelain", "-uno") === "";
  return output("git", "rev-parse", "--short", "HEAD") + (isClean ? "" : ", with changes");
}

export function describeMachine(): Machine {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  return {
    processor: `${cpus()[0]?.model ?? "?"}, ${cpus().length} cores`,
    kernel: release(),
    Node: process.version,
    Deno: output("node_modules/.bin/deno", "--version").match(/^deno (\S+)/)?.[1] ?? "?",
    compiler: output("cc", "--version").split("\n")[0]!,
    netsctp: `${version} (${commit()})`,
  };
}
