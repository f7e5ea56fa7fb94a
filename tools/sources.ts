import { existsSync } from "node:fs";
import { globSync } from "./glob.ts";

const FOLDERS = ["cli", "core", "runtimes", "test", "tools", "examples", "bench"];
const AT_TOP = ["mod.ts", "tsup.config.ts"];
const MANIFESTS = ["package.json", "deno.json", "tsconfig.json"];

/** Every TypeScript file of the project, or those that Deno runs. */
export function typeScriptFiles(which: "all" | "for Deno"): string[] {
  const found = [...AT_TOP.filter(existsSync), ...FOLDERS.flatMap((folder) => globSync(folder, /\.ts$/))];
  // tools/, the bundler's configuration, the runner and the bench run on Node only; node.ts and bun.ts are theirs.
  const notForDeno = /^(tools|test\/run|bench|tsup)|^runtimes\/(node|bun|detected)/;
  return which === "all" ? found : found.filter((file) => !notForDeno.test(file));
}

/** The commands that check or rewrite the layout of all sources. */
export function formatters(mode: "check" | "write"): [typeScript: string[], c: string[]] {
  const typeScript = [...AT_TOP, ...MANIFESTS, ...FOLDERS].filter(existsSync);
  const c = ["c", "bench"].flatMap((folder) => globSync(folder, /\.[ch]$/));
  return [
    ["node_modules/deno/deno", "fmt", ...(mode === "check" ? ["--check"] : ["--quiet"]), ...typeScript],
    ["clang-format", ...(mode === "check" ? ["--dry-run", "-Werror"] : ["-i"]), ...c],
  ];
}
