// check_error_texts.ts: each text that docs/troubleshooting.md explains is one that the sources can say.
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { GAP, sourceTexts } from "./source_texts.ts";

const FILE = "docs/troubleshooting.md";
/** `connect ECONNREFUSED …`, as systemError() of core/errors.ts composes it, and what Node's resolver says. */
const SYSTEM = /^(\w+) (E[A-Z_]+)( …)?$/;
const OF_RESOLVER = ["ENOTFOUND", "EAI_AGAIN"];
const SYSCALLS = ["connect", "bind", "listen", "read", "write", "shutdown", "getsockopt", "getaddrinfo"];

const texts = sourceTexts();

/** Its fixed parts stand in one text, in this order. */
function isSaid(quoted: string): boolean {
  const parts = quoted.split(GAP).map((part) => part.trim()).filter((part) => part !== "");
  return texts.some((text) => {
    let from = 0;
    return parts.every((part) => {
      const at = text.indexOf(part, from);
      from = at + part.length;
      return at >= 0;
    });
  });
}

function problemOf(quoted: string): string | undefined {
  const [, syscall, code] = SYSTEM.exec(quoted) ?? [];
  if (!syscall) return isSaid(quoted) ? undefined : "no source says this";
  if (!SYSCALLS.includes(syscall)) return "no error names this call";
  if (!(code! in constants.errno) && !OF_RESOLVER.includes(code!)) return "there is no such errno";
}

const headings = [...readFileSync(FILE, "utf8").matchAll(/^### `(.*)`$/gm)].map(([, text]) => text!);
const problems = headings.flatMap((quoted) => {
  const problem = problemOf(quoted);
  return problem ? [`${FILE}: "${quoted}": ${problem}`] : [];
});
if (headings.length === 0) problems.push(`${FILE}: no headings that are texts of errors`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
