/** The prebuilt libraries: building them, and the table that says what they are (runtimes/prebuilt.gen.ts). */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "./glob.ts";

export const TABLE = "runtimes/prebuilt.gen.ts";

export const TARGETS = ["linux-arm64-glibc", "linux-arm64-musl", "linux-x64-glibc", "linux-x64-musl"];

export const FILES = ["kernel", "userspace"].flatMap((stack) =>
  TARGETS.map((target) => `netsctp_${stack}-${target}.so`)
);

/**
 * Builds the libraries of some platforms, into prebuilt/.
 *
 * @param root of the project, or of a copy of it
 */
export async function build(targets: string[], root = "."): Promise<void> {
  for (const target of targets) {
    const args = ["-s", "-j2", "-C", join(root, "c"), "prebuilt", `TARGET=${target}`];
    const [code] = await once(spawn("make", args, { stdio: ["ignore", "inherit", "inherit"] }), "exit");
    if (code !== 0) throw new Error(`make ${args.join(" ")} failed: see the lines above`);
  }
}

/** What the bytes depend on beside our sources: a line for each platform, of the tools it was made with. */
export function toolchain(): string[] {
  return TARGETS.map((target) => {
    const args = ["-s", "-C", "c", "toolchain", `TARGET=${target}`];
    const output = execFileSync("make", args, { encoding: "utf8" });
    return `${target}: ${output.trim().split("\n").join(", ")}`;
  });
}

/** Changes with everything in c/ that is compiled or says how. */
export function sourcesHash(): string {
  const hash = createHash("sha256");
  const files = globSync("c", /\.(c|h|def|map|mk)$|^Makefile$/).filter((file) => !file.startsWith("c/test/"));
  for (const file of files) {
    hash.update(`${file}\n`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

export function version(): string {
  return JSON.parse(readFileSync("package.json", "utf8")).version;
}

/** The table's text for the libraries in a folder. */
export function tableOf(folder: string): string {
  const entries = [...FILES].sort().map((file) => {
    const content = readFileSync(join(folder, file));
    const sha256 = createHash("sha256").update(content).digest("hex");
    return `    "${file}": {\n      sha256: "${sha256}",\n      bytes: ${content.length},\n    },\n`;
  });
  return `// Written by \`npm run build:native\`; not to be edited.
//
// Of the sources ${sourcesHash()}, by
${toolchain().map((line) => `// ${line}\n`).join("")}
/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "${version()}",
  files: {
${entries.join("")}  },
};
`;
}

/** What a table's text says. */
export function read(
  table: string,
): { sources?: string; version?: string; toolchain: string[]; body: string } {
  return {
    sources: /^\/\/ Of the sources (\w+)/m.exec(table)?.[1],
    version: /^ {2}version: "(.*)"/m.exec(table)?.[1],
    toolchain: [...table.matchAll(/^\/\/ (linux-.*)$/gm)].map(([, line]) => line!),
    body: table.slice(table.indexOf("export const")),
  };
}
