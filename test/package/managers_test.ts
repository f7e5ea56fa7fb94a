/** Every package manager installs the packed package without a question and without a warning, and then two ends talk. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { folder, node, pack, Project, tool } from "../helpers/installed.ts";

const ECHO = "hello 3 46\n";
const BUN = resolve("node_modules/bun/bun");
const registry = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
const caches = folder();

/** As on a machine that never saw the package, and where nobody has chosen anything. */
const ENVIRONMENT = {
  CI: undefined,
  npm_config_registry: registry,
  npm_config_update_notifier: "false",
  XDG_CACHE_HOME: caches,
  XDG_DATA_HOME: caches,
  YARN_CACHE_FOLDER: `${caches}/yarn`,
  YARN_GLOBAL_FOLDER: `${caches}/yarn`,
  YARN_ENABLE_TELEMETRY: "0",
  YARN_NPM_REGISTRY_SERVER: registry,
  BUN_INSTALL_CACHE_DIR: `${caches}/bun`,
};

interface Manager {
  command: string[];
  install: string;
  /** What it needs before a program, where Node alone does not find packages. */
  run?: string[];
  environment?: Record<string, string>;
  /** It says this of every package that has ES modules. */
  knownWarning?: RegExp;
}

const yarn4 = ["node", tool("yarn-4/bin/yarn.js")];
const MANAGERS: Record<string, Manager> = {
  "npm 10": { command: ["node", tool("npm-10/bin/npm-cli.js")], install: "install" },
  "npm 12": { command: ["node", tool("npm-12/bin/npm-cli.js")], install: "install" },
  "pnpm 10": { command: ["node", tool("pnpm-10/bin/pnpm.cjs")], install: "add" },
  "pnpm 11": { command: ["node", tool("pnpm-11/bin/pnpm.mjs")], install: "add" },
  "pnpm 12": { command: ["node", tool("pnpm-12/bin/pnpm.mjs")], install: "add" },
  "yarn 1": { command: ["node", tool("yarn-1/bin/yarn.js")], install: "add" },
  "yarn 4, node_modules": {
    command: yarn4,
    install: "add",
    environment: { YARN_NODE_LINKER: "node-modules" },
  },
  "yarn 4, Plug'n'Play": {
    command: yarn4,
    install: "add",
    run: [...yarn4, "node"],
    environment: { YARN_NODE_LINKER: "pnp" },
    knownWarning: /^.*YN0092.*ESM support for PnP.*\n|Done with warnings/gm,
  },
  "bun": { command: [BUN], install: "add" },
};

/** Without what npm says of this machine's own .npmrc. */
function aboutUs(output: string, knownWarning = /^$/): string {
  return output.replace(/^npm warn Unknown \w+ config .*\n/gm, "").replace(knownWarning, "");
}

for (
  const [name, { command, install, run = ["node"], environment, knownWarning }] of Object.entries(MANAGERS)
) {
  test(name, () => {
    const project = new Project(node("24"), { ...ENVIRONMENT, ...environment });
    const [program, ...args] = command;
    const { status, output } = project.run(program!, ...args, install, `netsctp@file:${pack()}`);
    assert.is(status, 0, output);
    assert.not.match(aboutUs(output, knownWarning), /warn|deprecat|ignored|approve|\?/i, output);
    assert.ok(JSON.parse(readFileSync(project.path("package.json"), "utf8")).dependencies.netsctp);

    const [first, ...rest] = run;
    for (const file of ["echo.mjs", "echo.cjs"]) {
      assert.is(project.succeeds(first!, ...rest, file), ECHO, file);
    }
    if (run.length === 1) assert.ok(existsSync(project.path("node_modules/.bin/netsctp")));
    else assert.match(project.succeeds(program!, ...args, "netsctp", "--version"), /^\d+\.\d+\.\d+\n$/);
  });
}

test("npm ci for other systems and processors", () => {
  const project = new Project(node("24"), ENVIRONMENT).install(pack());
  for (const [os, cpu] of [["darwin", "arm64"], ["win32", "x64"], ["linux", "riscv64"]]) {
    rmSync(project.path("node_modules"), { recursive: true });
    const flags = [`--os=${os}`, `--cpu=${cpu}`, "--no-audit", "--no-fund"];
    const { status, output } = project.run("node", tool("npm-12/bin/npm-cli.js"), "ci", ...flags);
    assert.is(status, 0, output);
    assert.not.match(aboutUs(output), /warn/i, output);
    assert.ok(existsSync(project.path("node_modules/netsctp/dist/mod.js")));
  }
});

test.run();
