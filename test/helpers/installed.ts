/** The package as a user has it: packed, and installed into a project of its own. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";

/** Where tools/setup.sh has put what test/package/runtimes/package.json and its neighbour name. */
const RUNTIMES = resolve("build/runtimes/node_modules");
const TOOLS = resolve("build/tools/node_modules");
const NPM = join(
  execFileSync("npm", ["root", "--global"], { encoding: "utf8" }).trim(),
  "npm/bin/npm-cli.js",
);

export const node = (version: string) => join(RUNTIMES, `node-${version}/bin/node`);
export const packageOf = (name: string) => join(RUNTIMES, name);
/** A file of a package manager or bundler. */
export const tool = (path: string) => join(TOOLS, path);

const folders: string[] = [];
process.on("exit", () => folders.forEach((path) => rmSync(path, { recursive: true, force: true })));

/** A folder that is gone when this process is. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "netsctp-"));
  folders.push(path);
  return path;
}

let tarball: string | undefined;
export function pack(): string {
  if (tarball) return tarball;
  const where = folder();
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--pack-destination", where], { encoding: "utf8" }),
  );
  return tarball = join(where, packed.filename);
}

export class Project {
  readonly folder = folder();
  readonly #environment: Record<string, string | undefined>;

  /**
   * @param node what `node` is in this project; it and a shell are all that is in PATH: no compiler, no make
   * @param environment more variables, or others
   */
  constructor(node: string, environment: Record<string, string | undefined> = {}) {
    const bin = join(this.folder, "bin");
    mkdirSync(bin);
    symlinkSync(node, join(bin, "node"));
    symlinkSync("/bin/sh", join(bin, "sh"));
    const { NETSCTP_LIBRARY: _library, NODE_OPTIONS: _options, ...rest } = process.env;
    this.#environment = { ...rest, PATH: bin, NETSCTP_STACK: "userspace", ...environment };
    writeFileSync(join(this.folder, "package.json"), '{ "private": true }');
    cpSync("test/package/programs", this.folder, { recursive: true });
  }

  /** `npm install`, by the project's Node. */
  install(...packages: string[]): this {
    this.succeeds("node", NPM, "install", "--no-audit", "--no-fund", ...packages);
    return this;
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  run(program: string, ...args: string[]): { status: number | null; output: string; stdout: string } {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd: this.folder,
      env: this.#environment,
      encoding: "utf8",
      timeout: 120_000,
    });
    return { status, stdout, output: `${stdout}${stderr}${error?.message ?? ""}` };
  }

  /** What a program prints to its standard output; it has to succeed. */
  succeeds(program: string, ...args: string[]): string {
    const { status, stdout, output } = this.run(program, ...args);
    if (status !== 0) throw new Error(`${program} ${args.join(" ")}: status ${status}\n${output}`);
    return stdout;
  }
}
