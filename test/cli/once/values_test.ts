/** What stands on the command line, and what is made of it. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { exitCodeOf } from "../../../cli/exit_codes.ts";
import { messagesOf } from "../../../cli/netcat/input.ts";
import { wantsJson } from "../../../cli/output.ts";
import { roundTrips } from "../../../cli/ping/statistics.ts";
import {
  formatTarget,
  hostPort,
  parseHosts,
  parseLocal,
  parseTarget,
  type TargetWords,
} from "../../../cli/target.ts";
import { duration, integer, size } from "../../../cli/values.ts";

test("targets", () => {
  const good: [string, string[], number][] = [
    ["10.0.0.1:3868", ["10.0.0.1"], 3868],
    ["[::1]:1", ["::1"], 1],
    ["10.0.0.1,[fe80::1%eth0],10.1.0.1:2905", ["10.0.0.1", "fe80::1%eth0", "10.1.0.1"], 2905],
    ["mme.example:36412", ["mme.example"], 36412],
  ];
  for (const [text, hosts, port] of good) {
    assert.equal(parseTarget({ where: text }), { hosts, port });
    assert.is(formatTarget({ hosts, port }), text);
  }
  assert.equal(parseLocal({ where: "3868" }), { hosts: [], port: 3868 });
  assert.equal(parseLocal({ where: ":0" }), { hosts: [], port: 0 });
  assert.equal(parseLocal({}), { hosts: [], port: 0 });
  assert.equal(parseHosts("::1,10.0.0.1"), ["::1", "10.0.0.1"]);
  assert.is(hostPort("::1", 5), "[::1]:5");
});

test("host and port as two words, or the port as an option, as netcat and iperf3 have it", () => {
  const good: [string, string[]][] = [
    ["10.0.0.1", ["10.0.0.1"]],
    ["::1", ["::1"]],
    ["[::1]", ["::1"]],
    ["fe80::1%eth0", ["fe80::1%eth0"]],
    ["mme.example", ["mme.example"]],
    ["10.0.0.1,2001:db8::1,10.1.0.1", ["10.0.0.1", "2001:db8::1", "10.1.0.1"]],
  ];
  for (const [where, hosts] of good) {
    assert.equal(parseTarget({ where, port: "3868" }), { hosts, port: 3868 }, where);
    assert.equal(parseTarget({ where, portOption: 3868 }), { hosts, port: 3868 }, where);
    assert.equal(parseLocal({ where, port: "3868" }), { hosts, port: 3868 }, where);
  }
  assert.equal(parseLocal({ portOption: 3868 }), { hosts: [], port: 3868 });
  assert.equal(parseLocal({ portOption: 3868 }, ["::1"]), { hosts: ["::1"], port: 3868 });
  assert.equal(parseLocal({}, ["::1"]), { hosts: ["::1"], port: 0 });
  const bad: [TargetWords, RegExp][] = [
    [{ where: "10.0.0.1:3868", port: "3869" }, /has a port already/],
    [{ where: "[::1]:3868", port: "3869" }, /has a port already/],
    [{ where: "10.0.0.1", port: "diameter" }, /"diameter" is no port/],
    [{ where: "10.0.0.1", port: "65536" }, /"65536" is no port/],
    [{ where: "10.0.0.1", port: "0" }, /port 0/],
    [{ where: "10.0.0.1", port: "1", portOption: 2 }, /said twice/],
    [{ where: "a,,b", port: "1" }, /empty host/],
  ];
  for (const [words, message] of bad) {
    assert.throws(
      () => parseTarget(words),
      (error: Error) => message.test(error.message) && exitCodeOf(error) === 64,
    );
  }
  assert.throws(() => parseLocal({ where: "::1", port: "1" }, ["::2"]), /names an address/);
});

test("what is no target says how it is written", () => {
  const bad: [string, RegExp][] = [
    ["", /no port/],
    ["host", /has no port/],
    ["host:", /is no port/],
    ["host:http", /is no port/],
    ["host:65536", /is no port/],
    ["::1", /\[::1\]:PORT/],
    ["10.0.0.1,::1:80", /written \[::1\]/],
    ["[host]:1", /neither an address nor a name/],
    ["a,,b:1", /empty host/],
    [":5", /names no host/],
    ["host:0", /port 0/],
    ["[::1]", /has no port/],
  ];
  for (const [text, message] of bad) {
    assert.throws(
      () => parseTarget({ where: text }),
      (error: Error) => message.test(error.message) && exitCodeOf(error) === 64,
    );
  }
});

test("an error's code is looked up among those that are listed, and nowhere else", () => {
  for (const code of ["toString", "constructor", "__proto__", "EIO"]) assert.is(exitCodeOf({ code }), 1);
  assert.is(exitCodeOf({ code: "EADDRINUSE" }), 8);
});

test("numbers, times and sizes", () => {
  assert.is(integer(1, 5)("5"), 5);
  for (const text of ["0", "6", "1.5", "-1", "", "0x2"]) {
    assert.throws(() => integer(1, 5)(text), /from 1 to 5/);
  }
  const time = duration("0s", "1h");
  assert.equal(["2", "0.5", "200ms", "5m", "1h", "0"].map(time), [2000, 500, 200, 300_000, 3_600_000, 0]);
  for (const text of ["", "-1", "2h", "5 s", "fast", "1s2"]) assert.throws(() => time(text), /200ms/);
  const bytes = size(1, 1 << 20);
  assert.equal(["1", "64k", "64Ki", "1Mi"].map(bytes), [1, 64_000, 65_536, 1_048_576]);
  for (const text of ["0", "2M", "1.5k", "k", "-1"]) assert.throws(() => bytes(text), /size from/);
});

test("--json behind -- is no option", () => {
  assert.ok(wantsJson(["ping", "--json"]));
  assert.not(wantsJson(["ping", "--", "--json"]));
});

async function cut(chunks: string[], mode: "line" | "raw" | "whole" | "hex"): Promise<string[]> {
  async function* source() {
    for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk, "latin1"));
  }
  const found: string[] = [];
  const options = { mode, sid: 0, ppid: 0, newline: false };
  for await (const message of messagesOf(source(), options)) found.push(message.toString("latin1"));
  return found;
}

test("lines and reads do not depend on each other", async () => {
  assert.equal(await cut(["on", "e\ntw", "o\r", "\n\n", "\xff\x00\n", "end"], "line"), [
    "one",
    "two",
    "\xff\x00",
    "end",
  ]);
  assert.equal(await cut(["on", "e\n", ""], "raw"), ["on", "e\n"]);
  assert.equal(await cut(["on", "e\n"], "whole"), ["one\n"]);
  assert.equal(await cut([], "whole"), []);
  assert.equal(await cut(["61 6", "2\n7/60 6", "3"], "hex"), ["ab", "c"]);
});

test("round trips", () => {
  assert.is(roundTrips([]), undefined);
  const times = Array.from({ length: 100 }, (_, i) => 100 - i);
  const { mdev, ...others } = roundTrips(times)!;
  assert.equal(others, { min: 1, avg: 50.5, max: 100, p50: 50, p90: 90, p99: 99 });
  assert.ok(Math.abs(mdev - 28.866) < 0.001);
});

test.run();
