// check_jsr.ts: the package as JSR will have it. Publishing it would pass without slow types and without a warning,
// what it holds is documented, and no other runtime's adapter travels with it.
import { readFileSync } from "node:fs";
import { exec } from "./exec.ts";

const DENO = "node_modules/deno/deno";
const LIMIT_MS = 120_000;
// Of `deno doc`, about @types/node, which only Node's compiler is to see.
const NOISE = /^Warning Failed resolving types.*\n\s+at .*@types\/node\/.*\n/gm;
const OTHER_RUNTIMES = /\/runtimes\/(node|bun|detected)[._]/;

const { exports } = JSON.parse(readFileSync("deno.json", "utf8")) as {
  exports: string | Record<string, string>;
};
const entries = typeof exports === "string" ? [exports] : Object.values(exports);

/** The lines that a command should not have printed, or all of them where it failed. */
async function troubleOf(args: string[]): Promise<string> {
  const { code, output } = await exec([DENO, ...args], process.env, LIMIT_MS);
  const text = output.replace(NOISE, "");
  const isClean = code === 0 && !/^\s*(warning|error)\b/im.test(text) && !OTHER_RUNTIMES.test(text);
  return isClean ? "" : `deno ${args.join(" ")}\n${text}`;
}

const troubles = await Promise.all([
  troubleOf(["publish", "--dry-run", "--allow-dirty"]),
  troubleOf(["doc", "--lint", ...entries]),
]);
for (const trouble of troubles.filter(Boolean)) console.error(trouble);
process.exitCode = troubles.some(Boolean) ? 1 : 0;
