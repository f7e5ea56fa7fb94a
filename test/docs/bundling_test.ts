// The recipes for bundlers run as they stand in the document, and what they make runs where the package is not.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { blocksFor, blocksOf } from "../../tools/documents.ts";
import { folder, node, pack, Project, tool } from "../helpers/installed.ts";

const DOCUMENT = "docs/bundling.md";
const LIMIT_MS = 120_000;
const test = suite("bundling");

const [app] = blocksOf(DOCUMENT).filter(({ language }) => language === "js");
const project = new Project(node("24")).install(pack());
writeFileSync(project.path("app.mjs"), app!.text);
// What a project would have among its devDependencies.
const BUNDLERS = {
  esbuild: resolve("node_modules/esbuild/bin/esbuild"),
  rollup: resolve("node_modules/rollup/dist/bin/rollup"),
  tsup: resolve("node_modules/tsup/dist/cli-default.js"),
  webpack: tool("webpack/bin/webpack.js"),
  ncc: tool("@vercel/ncc/dist/ncc/cli.js"),
  postject: tool("postject/dist/cli.js"),
};
for (const [name, file] of Object.entries(BUNDLERS)) {
  symlinkSync(file, project.path("node_modules/.bin", name));
}
symlinkSync(resolve("node_modules/bun/bun"), project.path("bin/bun"));

const { NETSCTP_LIBRARY: _, ...environment } = process.env;
function run(command: string, cwd: string) {
  const { status, stdout, stderr } = spawnSync("bash", ["-eu", "-c", command], {
    cwd,
    env: {
      ...environment,
      NETSCTP_STACK: "userspace",
      PATH: `${project.path("bin")}${delimiter}${process.env.PATH}`,
    },
    encoding: "utf8",
    timeout: LIMIT_MS,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { status, stdout, stderr };
}

/** A folder with what is to be shipped, and nothing of the project above it. */
function shipped(): string {
  const place = `${folder()}/dist`;
  cpSync(project.path("dist"), place, { recursive: true });
  return place;
}

/** As on another machine, where the package that a bundle was made of is not at its path. */
function elsewhere<T>(body: () => T): T {
  const [there, away] = [project.path("node_modules/netsctp"), project.path("away")];
  renameSync(there, away);
  try {
    return body();
  } finally {
    renameSync(away, there);
  }
}

for (const block of blocksFor("bundling_test.ts")) {
  const start = block.how.replace(/^bundle /, "");
  test(`${block.file}:${block.line} (${start})`, () => {
    rmSync(project.path("dist"), { recursive: true, force: true });
    const built = run(block.text, project.folder);
    assert.is(built.status, 0, `${built.stdout}${built.stderr}`);
    // A bundle says nothing of the machine that made it, and looks for nothing at that machine's paths.
    const named = run(`grep -rlF --include='*.?js' '${project.folder}/' dist || true`, project.folder);
    assert.is(named.stdout, "");
    const { stdout, stderr } = elsewhere(() => run(start, shipped()));
    assert.is(stdout, app!.output, stderr);
  });
}

test("a bundle in the project needs nothing; elsewhere it says what to copy, and that is enough", () => {
  rmSync(project.path("dist"), { recursive: true, force: true });
  const flags = "--bundle --platform=node --log-level=error";
  for (const [format, file] of [["esm", "app.mjs"], ["cjs", "app.cjs"]]) {
    assert.is(
      run(`npx esbuild app.mjs ${flags} --format=${format} --outfile=dist/${file}`, project.folder).stderr,
      "",
    );
    assert.is(run(`node dist/${file}`, project.folder).stdout, app!.output);

    const place = shipped();
    const { status, stderr } = run(`node ${file}`, place);
    assert.is(status, 1);
    assert.match(stderr, /ERR_SCTP_NO_LIBRARY/);
    assert.match(stderr, /docs\/bundling\.md/);
    const [, library] = /Copy (prebuilt\/\S+\.so) of the package/.exec(stderr)!;
    assert.ok(stderr.includes(`${place}/${library}: no such file`), stderr);
    assert.not.ok(stderr.includes(resolve(place, "../prebuilt")), stderr); // nobody's but the machine's
    mkdirSync(`${place}/prebuilt`);
    cpSync(project.path("node_modules/netsctp", library!), `${place}/${library}`);
    assert.is(run(`node ${file}`, place).stdout, app!.output);
  }
});

test.run();
