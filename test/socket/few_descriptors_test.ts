/** Too few descriptors: whatever needs the one that is missing says EMFILE, and works once there is one. */
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runtime, stack } from "../helpers/capabilities.ts";
import { start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";

test("none left, one, two, …: EMFILE each time, until it works", async () => {
  const program = start(commandOn(runtime, "test/helpers/few_descriptors_program.ts", []), {
    ...process.env,
    NETSCTP_UDP_PORT: "0",
  });
  await program.succeeds();
  const lines = program.stdout.toString().trim().split("\n").map((line) => JSON.parse(line));
  const afterwards = lines.pop();
  assert.is(afterwards.result, "works");
  for (const round of [1, 2]) {
    const ofRound = lines.filter((line) => line.round === round);
    const last = ofRound.pop();
    assert.is(last.result, "works", last.message);
    for (const { result, message } of ofRound) assert.match(result, /^(EMFILE|waits)$/, message);
  }
  const seen = new Set(lines.map(({ syscall, result }) => `${syscall} ${result}`));
  const ofStack = stack === "kernel" ? ["connect EMFILE", "undefined waits"] : []; // a descriptor for each association
  for (const one of ["open EMFILE", "loop EMFILE", "listen EMFILE", ...ofStack]) {
    assert.ok(seen.has(one), `${one} is none of ${[...seen]}`);
  }
});

test.run();
