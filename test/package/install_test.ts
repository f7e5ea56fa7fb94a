/** npm install of the packed package into an empty project, on every Node and on Bun: nothing is compiled, and an echo runs. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { node, pack, Project } from "../helpers/installed.ts";
import { Tried } from "../helpers/tried.ts";
import { platform } from "../runner/versions.ts";

const ECHO = "hello 3 46\n";
const BUN = resolve("node_modules/bun/bun");
const tried = new Tried("package-install");

for (const version of ["20", "22", "24", "26"]) {
  test(`Node ${version}: ESM and CommonJS, without a compiler`, () => {
    const project = new Project(node(version)).install(pack());
    const said = project.succeeds("node", "--version");
    assert.match(said, new RegExp(`^v${version}\\.`));
    assert.match(project.run("sh", "-c", "gcc; make").output, /gcc: not found.*make: not found/s);
    assert.is(project.succeeds("node", "echo.mjs"), ECHO);
    assert.is(project.succeeds("node", "echo.cjs"), ECHO);
    tried.passed("node", said, platform(), 2);
  });
}

test("Bun: ESM, CommonJS and TypeScript", () => {
  const project = new Project(process.execPath).install(pack());
  for (const file of ["echo.mjs", "echo.cjs", "echo.ts"]) assert.is(project.succeeds(BUN, file), ECHO, file);
  tried.passed("bun", project.succeeds(BUN, "--version"), platform(), 3);
});

const TSC = resolve("node_modules/typescript/bin/tsc");
const ESBUILD = resolve("node_modules/.bin/esbuild");

/** TypeScript as users have it: the declarations are checked, too, and ask for Node's types themselves. */
function typeScript(moduleResolution: string, module: string): Project {
  const manifest = JSON.parse(execFileSync("npm", ["pkg", "get", "devDependencies"], { encoding: "utf8" }));
  const types = `@types/node@${manifest["@types/node"]}`;
  const project = new Project(process.execPath).install(pack(), types);
  const compilerOptions = {
    module,
    moduleResolution,
    target: "es2022",
    strict: true,
    types: [],
    outDir: "out",
  };
  writeFileSync(project.path("tsconfig.json"), JSON.stringify({ compilerOptions, files: ["echo.ts"] }));
  project.succeeds("node", TSC);
  return project;
}

test("TypeScript, NodeNext", () => {
  assert.is(typeScript("nodenext", "nodenext").succeeds("node", "out/echo.js"), ECHO);
});

test("TypeScript, bundler", () => {
  const project = typeScript("bundler", "esnext");
  // The package has libraries beside it, and so stays a package: as with every native one.
  const flags = ["--bundle", "--platform=node", "--format=esm", "--external:netsctp"];
  execFileSync(ESBUILD, [project.path("echo.ts"), ...flags, `--outfile=${project.path("out/bundle.mjs")}`], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  assert.is(project.succeeds("node", "out/bundle.mjs"), ECHO);
});

test.run();
