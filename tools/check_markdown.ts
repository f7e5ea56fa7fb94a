// check_markdown.ts [--list]: documents are laid out alike, links and images lead to files and headings that exist, those to the world outside look
// right, and every code block is run by somebody. --list prints the links to the outside, which nothing here follows.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { allBlocks, blockProblem, documents, RUNNERS } from "./documents.ts";
import { Markdown } from "./markdown.ts";

/** Hosts that only some can reach, or that say nothing to a reader. */
const NO_READER = /(^|\.)(registry|proxy|mirror|cdn)\b|^localhost$|^[\d.]+$/;

const problems: string[] = [];
const outside = new Map<string, string>();

function outsideProblem(target: string): string | undefined {
  if (target.startsWith("mailto:")) return undefined;
  if (!URL.canParse(target)) return "is no URL";
  const { protocol, hostname, username } = new URL(target);
  if (protocol !== "https:") return "is not https";
  if (username !== "") return "has a user in it";
  if (NO_READER.test(hostname)) return "is no host for readers";
}

function insideProblem(file: string, target: string): string | undefined {
  const [path, anchor] = target.split("#") as [string, string?];
  if (path.startsWith("/")) return "is absolute";
  const to = path === "" ? file : join(dirname(file), path);
  if (!existsSync(to)) return "leads to no file";
  if (anchor !== undefined && !new Markdown(to).anchors().has(anchor)) return "leads to no heading";
}

for (const file of documents()) {
  for (const target of new Markdown(file).links()) {
    const isOutside = /^[a-z]+:/.test(target);
    if (isOutside && !outside.has(target)) outside.set(target, file);
    const problem = isOutside ? outsideProblem(target) : insideProblem(file, target);
    if (problem) problems.push(`${file}: ${target} ${problem}`);
  }
}

/** What a reader of the text, or of a diff, stumbles over. */
function layoutProblems(text: string): string[] {
  const found: string[] = [];
  let level = 0;
  let isCode = false;
  for (const [index, line] of text.split("\n").entries()) {
    if (/^ *```/.test(line)) isCode = !isCode;
    if (isCode) continue;
    const marks = /^#+(?= )/.exec(line)?.[0].length ?? 0;
    if (/[ \t]$/.test(line)) found.push(`${index + 1}: ends in white space`);
    if (line.includes("\t")) found.push(`${index + 1}: has a tab`);
    // docs/api.md has types two levels below a chapter, so that they look alike wherever they are.
    if (marks > level + 2) {
      found.push(`${index + 1}: a heading of level ${marks} below one of level ${level}`);
    }
    if (marks > 0) level = marks;
  }
  if (!text.endsWith("\n") || text.endsWith("\n\n")) found.push("must end in one line break");
  if (isCode) found.push("a code block has no end");
  return found;
}

for (const file of documents()) {
  problems.push(...layoutProblems(readFileSync(file, "utf8")).map((problem) => `${file}:${problem}`));
}

for (const block of allBlocks()) {
  const problem = blockProblem(block);
  if (problem) problems.push(`${block.file}:${block.line}: ${problem}`);
}
for (const runner of new Set(Object.values(RUNNERS))) {
  if (!existsSync(`test/docs/${runner}`)) {
    problems.push(`tools/documents.ts: there is no test/docs/${runner}`);
  }
}

if (process.argv.includes("--list")) {
  for (const [target, file] of [...outside].sort()) console.log(`${target}  (${file})`);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
