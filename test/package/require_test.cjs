// `require('.')`: on plain Node, without a loader, as a CommonJS program does.
const { readFileSync } = require("node:fs");
const { test } = require("uvu");
const assert = require("uvu/assert");

test("require gives the public names and loads no shared object of ours", () => {
  const netsctp = require("../..");
  for (const name of ["createServer", "connect", "createConnection", "stackInfo", "Server", "Socket"]) {
    assert.type(netsctp[name], "function", name);
  }
  assert.not.match(readFileSync("/proc/self/maps", "utf8"), /netsctp_\w+\.so/);
});

test.run();
