// What the npm package has to contain, and must not.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { FILES } from "../prebuilt.ts";

const WANTED = ["package.json", "README.md", "LICENSE", "CHANGELOG.md", "THIRD_PARTY_NOTICES"];
const UNWANTED =
  /^(test|bench|examples|docs(?!\/netsctp\.1$)|node_modules|build|c\/test)\/|^(core|runtimes|cli)\/|(^|\/)\.(?!built$)|\.tsbuildinfo$/;

interface Packed {
  filename: string;
  size: number;
  unpackedSize: number;
  files: { path: string }[];
}

export function packed(): Packed {
  const { status, stdout, stderr } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`npm pack failed:\n${stderr}`);
  return JSON.parse(stdout)[0];
}

/** Every file that package.json names: its entries for each condition, types, and commands. */
function entries(value: unknown): string[] {
  if (typeof value === "string") return [value.replace(/^\.\//, "")];
  return value && typeof value === "object" ? Object.values(value).flatMap(entries) : [];
}

/** @param isComplete whether the prebuilt libraries have to be there, which are in no checkout */
export function contentProblems({ files }: Packed, isComplete: boolean): string[] {
  const { exports, main, module, types, bin } = JSON.parse(readFileSync("package.json", "utf8"));
  const paths = new Set(files.map(({ path }) => path));
  const named = [exports, main, module, types, bin].flatMap(entries);
  const libraries = isComplete ? FILES.map((name) => `prebuilt/${name}`) : [];
  const missing = [...WANTED, ...named, ...libraries].filter((path) => !paths.has(path));
  const problems = [...new Set(missing)].map((path) => `the npm package lacks ${path}`);
  for (const path of paths) {
    if (UNWANTED.test(path)) problems.push(`the npm package must not have ${path}`);
  }
  return problems;
}
