// check_decisions.ts [--write]: every decision record has its four chapters, numbers run without gaps, and the
// index in docs/decisions/README.md names all of them; --write rewrites that index.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const FOLDER = "docs/decisions";
const INDEX = `${FOLDER}/README.md`;
const MARK = "<!-- index: written by `npm run format` -->\n";
const CHAPTERS = ["Context", "Decision", "Consequences", "Status"];

const problems: string[] = [];
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".md") && name !== "README.md").sort();
const entries = names.map((name, position) => {
  const text = readFileSync(`${FOLDER}/${name}`, "utf8");
  const title = /^# (.+)$/m.exec(text)?.[1];
  if (!/^\d{4}-[a-z0-9-]+\.md$/.test(name)) problems.push(`${name}: not named NNNN-title.md`);
  else if (Number(name.slice(0, 4)) !== position + 1) {
    problems.push(`${name}: numbers run from 0001 without gaps or twins; this is record ${position + 1}`);
  }
  if (!title) problems.push(`${name}: no title (a line beginning "# ")`);
  const found = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
  if (found.join() !== CHAPTERS.join()) {
    problems.push(`${name}: chapters are ${found.join(", ") || "none"}; they must be ${CHAPTERS.join(", ")}`);
  }
  return `- [${name.slice(0, 4)}](${name}) ${title?.replace(/^\d+[.:]? +/, "")}\n`;
});

const index = readFileSync(INDEX, "utf8");
const [head, list] = index.split(MARK);
const fresh = `\n${entries.join("")}`;
if (list === undefined) problems.push(`README.md: the line that begins the index is missing: ${MARK.trim()}`);
else if (list !== fresh && process.argv.includes("--write")) writeFileSync(INDEX, head + MARK + fresh);
else if (list !== fresh) problems.push("README.md: the index does not fit the records. Type: npm run format");

for (const problem of problems) console.error(`${FOLDER}/${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
