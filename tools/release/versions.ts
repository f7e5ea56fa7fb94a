// Where the version stands, and whether all places agree.
import { readFileSync, writeFileSync } from "node:fs";
import { read as readTable, TABLE, version } from "../prebuilt.ts";

const CHANGES = "CHANGELOG.md";

const read = (file: string) => readFileSync(file, "utf8");

/** Places that have another version than package.json, as problems. */
export function versionProblems(): string[] {
  const wanted = version();
  const lock = JSON.parse(read("package-lock.json"));
  const places: Record<string, string | undefined> = {
    "deno.json": JSON.parse(read("deno.json")).version,
    "package-lock.json": lock.version,
    "package-lock.json, its root package": lock.packages[""].version,
    [TABLE]: readTable(read(TABLE)).version,
  };
  const problems = Object.entries(places)
    .filter(([, found]) => found !== wanted)
    .map(([place, found]) => `${place} has version ${found}, package.json ${wanted}`);
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(wanted)) problems.push(`package.json: ${wanted} is no version`);
  return problems;
}

/** What CHANGELOG.md says of a version; undefined where it has no such chapter. */
export function changesOf(title: string): string | undefined {
  const chapters = read(CHANGES).split(/^## /m).slice(1);
  const found = chapters.find((chapter) => chapter === title || /^(\S+)/.exec(chapter)?.[1] === title);
  return found?.slice(found.indexOf("\n")).trim();
}

/** Writes a new version everywhere. What was unreleased becomes its chapter. */
export function setVersion(next: string, today: string): void {
  const before = version();
  for (const file of ["package.json", "deno.json"]) {
    writeFileSync(file, read(file).replace(`"version": "${before}"`, `"version": "${next}"`));
  }
  // The bytes of the libraries do not depend on it.
  writeFileSync(TABLE, read(TABLE).replace(`version: "${before}"`, `version: "${next}"`));
  const lock = JSON.parse(read("package-lock.json"));
  lock.version = lock.packages[""].version = next;
  writeFileSync("package-lock.json", `${JSON.stringify(lock, undefined, 2)}\n`);
  writeFileSync(
    CHANGES,
    read(CHANGES).replace("## Unreleased\n", `## Unreleased\n\n## ${next} (${today})\n`),
  );
}
