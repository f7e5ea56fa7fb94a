// Each build finds the runtime it is in, whichever way it is loaded; and says what it needs where there is no SCTP.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";

const RUNTIMES = {
  node: [process.execPath, "--input-type=module", "-e"],
  deno: ["node_modules/deno/deno", "eval", "--no-config", "--no-lock", "--cached-only"],
  bun: ["node_modules/bun/bun", "-e"],
};
const env = { ...process.env, NETSCTP_STACK: "userspace", NETSCTP_LIBRARY: "build" };

const echo = (load) => `
${load}
const server = createServer((socket) => socket.on("data", (message) => socket.end(message)));
server.listen({ port: 0, host: "127.0.0.1" }, () => {
  const client = connect({ port: server.address().port, host: "127.0.0.1" });
  client.on("data", (message) => console.log(message.toString())).on("close", () => server.close());
  client.write("hello");
});`;
const required = `
import { createRequire } from "node:module";
const { connect, createServer } = createRequire("${process.cwd()}/package.json")`;

const LOADS = {
  "dist/mod.js by its path": `import { connect, createServer } from "${process.cwd()}/dist/mod.js";`,
  "dist/mod.cjs by its path": `${required}("./dist/mod.cjs");`,
  'require("netsctp")': `${required}("netsctp");`,
};
for (const [runtime, [program, ...flags]] of Object.entries(RUNTIMES)) {
  for (const [name, load] of Object.entries(LOADS)) {
    test(`${runtime}: ${name}`, () => {
      const output = execFileSync(program, [...flags, echo(load)], {
        env,
        encoding: "utf8",
        timeout: 60_000,
      });
      assert.is(output, "hello\n");
    });
  }
}

test("the JSR package on Node says at load what to install", () => {
  const program = 'await import("./runtimes/jsr.ts")';
  const flags = ["--import", "tsx", "--input-type=module", "-e", program];
  const { status, stderr } = spawnSync(process.execPath, flags, { encoding: "utf8" });
  assert.is(status, 1);
  assert.match(stderr, /ERR_SCTP_UNAVAILABLE/);
  assert.match(stderr, /for Node and Bun install the npm package netsctp/i);
});

test("in a folder whose name means something else in a URL", () => {
  const folder = join(mkdtempSync(join(tmpdir(), "netsctp-")), "C# at 100%?");
  const inProject = join(folder, "node_modules/netsctp");
  mkdirSync(inProject, { recursive: true });
  for (const part of ["dist", "prebuilt", "package.json"]) {
    cpSync(part, join(inProject, part), { recursive: true });
  }
  cpSync("test/package/programs", folder, { recursive: true });
  const { NETSCTP_LIBRARY: _, ...rest } = env;
  try {
    for (const program of ["echo.mjs", "echo.cjs"]) {
      const { stdout, stderr } = spawnSync(process.execPath, [program], {
        cwd: folder,
        env: rest,
        encoding: "utf8",
      });
      assert.is(stdout, "hello 3 46\n", stderr);
    }
  } finally {
    rmSync(join(folder, ".."), { recursive: true });
  }
});

// There is no such system here. What is looked at is what the package says of the name, and there it has no SCTP that
// this could stand in for: nothing is loaded.
const OTHERS = { darwin: "arm64", win32: "x64" };
const onAnother = (platform) => {
  const program = Object.entries({ platform, arch: OTHERS[platform] }).map(([name, value]) =>
    `Object.defineProperty(process, "${name}", { value: "${value}" });`
  );
  return ["--import", `data:text/javascript,${encodeURIComponent(program.join(""))}`];
};
const LINUX_ONLY = (platform) => `Linux only .*and this is ${platform}-${OTHERS[platform]}`;

for (const platform of Object.keys(OTHERS)) {
  test(`on ${platform} the import succeeds, and the first socket says once what SCTP needs`, () => {
    const program = `
      const { connect, createServer, stackInfo } = await import("netsctp");
      for (const first of [() => connect(1, "127.0.0.1"), () => createServer().listen(0), () => stackInfo()]) {
        try {
          const emitter = first();
          console.log((await new Promise((resolve) => emitter.on("error", resolve))).code);
        } catch (error) {
          console.log(error.code, error.message);
        }
      }`;
    const args = [...onAnother(platform), "--input-type=module", "-e", program];
    for (const stack of ["auto", "userspace"]) {
      const of = { ...env, NETSCTP_STACK: stack };
      const output = execFileSync(process.execPath, args, { env: of, encoding: "utf8" });
      assert.is(output.match(/ERR_SCTP_UNAVAILABLE/g)?.length, 3, output);
      assert.is(output.match(new RegExp(LINUX_ONLY(platform), "g"))?.length, 3, output);
    }
  });

  for (const command of ["doctor", "listen 3868", "connect 127.0.0.1:3868", "ping 127.0.0.1:3868"]) {
    test(`on ${platform}, netsctp ${command}: one line, and the status for "SCTP cannot be used here"`, () => {
      const args = [...onAnother(platform), "dist/cli.js", ...command.split(" ")];
      const of = { ...env, NETSCTP_STACK: "auto" };
      const { status, stdout, stderr } = spawnSync(process.execPath, args, {
        env: of,
        encoding: "utf8",
        input: "",
      });
      assert.is(status, 2, stderr);
      assert.is(stdout, "");
      assert.match(stderr, new RegExp(`^netsctp: netsctp has SCTP on ${LINUX_ONLY(platform)}.*\n$`));
    });
  }
}

test("nothing keeps the package from being installed there", () => {
  const { os, cpu, libc } = JSON.parse(readFileSync("package.json", "utf8"));
  assert.equal([os, cpu, libc], [undefined, undefined, undefined]);
});

test.run();
