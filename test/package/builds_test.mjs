// Each build finds the runtime it is in, whichever way it is loaded; and says what it needs where there is no SCTP.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
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

for (const [platform, arch] of [["darwin", "arm64"], ["win32", "x64"]]) {
  test(`on ${platform} the import succeeds, and the first socket says what SCTP needs`, () => {
    const program = `
      for (const [name, value] of [["platform", "${platform}"], ["arch", "${arch}"]]) {
        Object.defineProperty(process, name, { value });
      }
      const { connect, createServer, stackInfo } = await import("netsctp");
      for (const first of [() => connect(1, "127.0.0.1"), () => createServer().listen(0), () => stackInfo()]) {
        try {
          const emitter = first();
          console.log((await new Promise((resolve) => emitter.on("error", resolve))).code);
        } catch (error) {
          console.log(error.code, error.message);
        }
      }`;
    const args = ["--input-type=module", "-e", program];
    for (const stack of ["auto", "userspace"]) {
      const of = { ...env, NETSCTP_STACK: stack };
      const output = execFileSync(process.execPath, args, { env: of, encoding: "utf8" });
      assert.is(output.match(/ERR_SCTP_UNAVAILABLE/g)?.length, 3, output);
      assert.match(output, new RegExp(`Linux only .*and this is ${platform}-${arch}`));
    }
  });
}

test("nothing keeps the package from being installed there", () => {
  const { os, cpu, libc } = JSON.parse(readFileSync("package.json", "utf8"));
  assert.equal([os, cpu, libc], [undefined, undefined, undefined]);
});

test.run();
