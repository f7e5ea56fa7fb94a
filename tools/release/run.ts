// run.ts check|dry|version X.Y.Z|publish: docs/releasing.md has the steps.
//   check    versions agree, the npm package is complete; part of `npm run check`
//   dry      all of a release but publishing
//   version  writes a version everywhere
//   publish  by the forge, for a tag
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FILES, version } from "../prebuilt.ts";
import { contentProblems, packed } from "./contents.ts";
import { changesOf, setVersion, versionProblems } from "./versions.ts";

const [mode, next] = process.argv.slice(2);

function run(command: string[]): void {
  const [file, ...args] = command;
  console.log(`$ ${command.join(" ")}`);
  const { status, error } = spawnSync(file!, args, { stdio: "inherit" });
  if (status !== 0) fail([`${command.join(" ")}: ${error?.message ?? `status ${status}`}`]);
}

function outputOf(command: string[]): string {
  const [file, ...args] = command;
  return spawnSync(file!, args, { encoding: "utf8" }).stdout?.trim() ?? "";
}

function fail(problems: string[]): void {
  if (problems.length === 0) return;
  for (const problem of problems) console.error(problem);
  process.exit(1);
}

function check(isComplete: boolean): void {
  const pack = packed();
  const changes = changesOf(version()) ?? changesOf("Unreleased");
  fail([
    ...versionProblems(),
    ...contentProblems(pack, isComplete),
    ...changes === undefined ? [`CHANGELOG.md has neither "## Unreleased" nor "## ${version()}"`] : [],
  ]);
  const size = (bytes: number) => `${Math.round(bytes / 1000)} KB`;
  console.log(
    `${pack.filename}: ${pack.files.length} files, ${size(pack.size)}, unpacked ${size(pack.unpackedSize)}`,
  );
}

/** What stands between this checkout and a tag. */
function remaining(): string[] {
  const tag = `v${version()}`;
  const isReleased = outputOf(["git", "tag", "--list", tag]) !== "";
  return [
    ...isReleased ? [`choose a version: ${tag} is a tag already. npm run release:version -- X.Y.Z`] : [],
    ...changesOf(version()) === undefined
      ? [`npm run release:version -- ${version()}, or a later one: CHANGELOG.md has no chapter for it`]
      : [],
    ...outputOf(["git", "status", "--porcelain"]) !== "" ? ["commit what is not committed"] : [],
    ".ci/run is green on this commit",
    `git tag -s ${tag} -m ${tag} && git push origin main ${tag}`,
    "the workflow `release` does the rest; look at it, and at the packages' pages",
    "npm install netsctp and deno add jsr:@netsctp/sctp in an empty folder, npx netsctp doctor",
  ];
}

function publish(): void {
  const tag = `v${version()}`;
  const notes = changesOf(version());
  const given = process.env.GITHUB_REF_NAME;
  if (given !== tag) fail([`the tag is ${given}, the version ${version()}`]);
  if (notes === undefined) return fail([`CHANGELOG.md has no chapter ${version()}`]);
  const folder = mkdtempSync(join(tmpdir(), "netsctp-release-"));
  const file = join(folder, "notes.md");
  writeFileSync(file, notes);
  // The release comes first: the JSR package fetches its libraries from there.
  const libraries = FILES.map((name) => `prebuilt/${name}`);
  // With what libsctp's licence asks for beside a library that it is linked into.
  const libsctp = join(folder, "libsctp.tar.gz");
  run(["tar", "-czf", libsctp, "-C", "prebuilt", "libsctp"]);
  const assets = [...libraries, libsctp];
  run(["gh", "release", "create", tag, "--verify-tag", "--title", tag, "--notes-file", file, ...assets]);
  run(["npm", "publish", "--provenance", "--access", "public"]);
  run(["node_modules/.bin/deno", "publish"]);
  rmSync(folder, { recursive: true });
}

const BUILD = ["npm", "run", "--silent", "--if-present", "build:native"];

if (mode === "check") check(false);
else if (mode === "version" && next) setVersion(next, new Date().toISOString().slice(0, 10));
else if (mode === "dry") {
  run(BUILD);
  check(true);
  run(["node_modules/.bin/deno", "publish", "--dry-run", "--allow-dirty", "--quiet"]);
  console.log(`\nStill to do for ${version()}:`);
  remaining().forEach((step, index) => console.log(`${index + 1}. ${step}`));
} else if (mode === "publish") {
  run(BUILD);
  check(true);
  publish();
} else fail(["usage: tools/release/run.ts check|dry|version X.Y.Z|publish"]);
