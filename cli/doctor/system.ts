/**
 * The machine as the checks see it: files, commands, addresses. All of it may
 * be missing or forbidden, which no check has to handle: it is undefined then.
 */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { networkInterfaces, release } from "node:os";
import process from "node:process";
import { gunzipSync } from "node:zlib";

/** What a command said. */
export interface Run {
  /** Null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** An address of this machine, with its interface. */
export interface LocalAddress {
  device: string;
  address: string;
  family: "IPv4" | "IPv6";
  internal: boolean;
}

export interface System {
  /** Text of a file, without the last line's end. */
  read(path: string): string | undefined;
  /** Text of a file packed by gzip. */
  readPacked(path: string): string | undefined;
  /** Names in a folder; none where there is no folder. */
  list(path: string): string[];
  link(path: string): string | undefined;
  /** Runs a command that only looks; undefined where there is none, or it takes too long. */
  run(command: string, ...args: string[]): Promise<Run | undefined>;
  variable(name: string): string | undefined;
  addresses(): LocalAddress[];
  readonly release: string | undefined;
  readonly arch: string;
  /** Undefined where it may not be asked. */
  readonly uid: number | undefined;
  readonly runtime: { name: "Node" | "Deno" | "Bun"; version: string };
  /** Flags of Deno that something was refused for want of. */
  readonly refused: ReadonlySet<string>;
}

const COMMAND_LIMIT_MS = 3000;
const SYSTEM_FOLDERS = "/usr/sbin:/sbin";

/** @param root what stands before every path: "" for the machine itself */
export function hostSystem(root = ""): System {
  const refused = new Set<string>();
  /** What may be missing, or not be allowed. */
  function attempt<T>(body: () => T): T | undefined {
    try {
      return body();
    } catch (error) {
      const flag = refusedFlag(error);
      if (flag) refused.add(flag);
      return undefined;
    }
  }
  return {
    read: (path) => attempt(() => readFileSync(root + path, "utf8").trimEnd()),
    readPacked: (path) => attempt(() => gunzipSync(readFileSync(root + path)).toString()),
    list: (path) => attempt(() => readdirSync(root + path).sort()) ?? [],
    link: (path) => attempt(() => readlinkSync(root + path)),
    run: (command, ...args) => attempt(() => run(command, args)) ?? Promise.resolve(undefined),
    variable: (name) => attempt(() => process.env[name]) || undefined,
    addresses: () => attempt(localAddresses) ?? [],
    release: attempt(release),
    arch: process.arch,
    uid: attempt(() => process.getuid?.()),
    runtime: currentRuntime(),
    refused,
  };
}

/** The flag that Deno wants, of its error. */
function refusedFlag(error: unknown): string | undefined {
  const { name, message } = error as Error;
  return name === "NotCapable" ? /run again with the (--allow-\w+) flag/.exec(message)?.[1] : undefined;
}

function run(command: string, args: string[]): Promise<Run | undefined> {
  const env = { ...process.env, PATH: `${process.env.PATH ?? ""}:${SYSTEM_FOLDERS}`, LC_ALL: "C" };
  return new Promise((resolve) => {
    execFile(command, args, { env, timeout: COMMAND_LIMIT_MS }, (error, stdout, stderr) => {
      const code = error ? error.code : 0;
      if (typeof code === "string" || error?.killed) return resolve(undefined);
      resolve({ code: code ?? null, stdout, stderr });
    });
  });
}

function localAddresses(): LocalAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([device, addresses = []]) =>
    addresses.map(({ address, family, internal }) => ({
      device,
      address: address.replace(/%.*/, ""),
      family: family as "IPv4" | "IPv6",
      internal,
    }))
  );
}

function currentRuntime(): System["runtime"] {
  const { deno, bun } = process.versions as Record<string, string | undefined>;
  if (deno) return { name: "Deno", version: deno };
  return bun ? { name: "Bun", version: bun } : { name: "Node", version: process.versions.node };
}
