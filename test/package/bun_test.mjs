// The package on Bun: `import` and `require` are one module.
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";

const PROGRAM = `
import { createRequire } from "node:module";
import { connect, createServer } from "netsctp";

const require = createRequire(import.meta.url);
const server = createServer((socket) => socket.on("data", (message) => socket.end(message)));
server.listen({ port: 0, host: "127.0.0.1" }, () => {
  const client = require("netsctp").connect({ port: server.address().port, host: "127.0.0.1" });
  client.on("data", (reply) => console.log(JSON.stringify({
    said: reply.toString(),
    bundle: require.resolve("netsctp"),
    isOneModule: require("netsctp").connect === connect,
  })));
  client.on("close", () => server.close());
  client.write("hello");
});
`;

test("an echo", () => {
  const env = { ...process.env, NETSCTP_STACK: "userspace" };
  const output = execFileSync("node_modules/bun/bun", ["-e", PROGRAM], { env, encoding: "utf8" });
  assert.equal(JSON.parse(output), {
    said: "hello",
    bundle: resolve("dist/mod.js"),
    isOneModule: true,
  });
});

test.run();
