// check_workflows.ts: the forge runs the commands that everybody runs, with actions pinned to a commit; the form for bugs
// asks for what the doctor says.
import { existsSync, readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { globSync } from "./glob.ts";

interface Step {
  run?: string;
  uses?: string;
}
interface Workflow {
  permissions?: unknown;
  jobs: Record<string, { steps: Step[]; "timeout-minutes"?: number }>;
}

const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
const problems: string[] = [];

function parsed(file: string): unknown {
  const document = parseDocument(readFileSync(file, "utf8"));
  problems.push(...document.errors.map(({ message }) => `${file}: ${message}`));
  return document.toJS();
}

/** What is wrong with a command, if anything: it has to be a file of ours, or a script of package.json. */
function commandProblem(command: string): string | undefined {
  const [first = "", second, third] = command.split(" ");
  if (first.startsWith(".") || first.startsWith("tools/")) {
    return existsSync(first) ? undefined : "does not exist";
  }
  const name = first !== "npm"
    ? undefined
    : second === "test"
    ? "test"
    : second === "run"
    ? third
    : undefined;
  if (name === undefined) {
    return "is neither .ci/run nor a script of package.json, so nobody can run it at home";
  }
  if (!(name in scripts)) return "is no script of package.json";
}

for (const file of globSync(".github/workflows", /\.ya?ml$/)) {
  const { permissions, jobs } = parsed(file) as Workflow;
  if (permissions === undefined) problems.push(`${file}: no permissions: the default is too much`);
  for (const [name, job] of Object.entries(jobs)) {
    if (job["timeout-minutes"] === undefined) problems.push(`${file}: ${name} has no timeout-minutes`);
    for (const { run, uses } of job.steps) {
      for (const command of run?.trim().split("\n") ?? []) {
        const problem = commandProblem(command.trim());
        if (problem) problems.push(`${file}: "${command}" ${problem}`);
      }
      if (uses && !/@[0-9a-f]{40}$/.test(uses)) problems.push(`${file}: ${uses} is not pinned to a commit`);
    }
  }
  const unsaid = readFileSync(file, "utf8").match(/uses: \S+@[0-9a-f]{40}(?! # v\d)/g) ?? [];
  for (const use of unsaid) problems.push(`${file}: ${use}: which version is that? (# v1.2.3)`);
}

for (const file of globSync(".github/ISSUE_TEMPLATE", /\.ya?ml$/)) parsed(file);
if (!readFileSync(".github/ISSUE_TEMPLATE/bug.yml", "utf8").includes("npx netsctp doctor --json")) {
  problems.push(".github/ISSUE_TEMPLATE/bug.yml: does not ask for `npx netsctp doctor --json`");
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
