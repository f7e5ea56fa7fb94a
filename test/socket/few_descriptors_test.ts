/** Too few descriptors: whatever needs the one that is missing says EMFILE, and works once there is one. */
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runtime, stack } from "../helpers/capabilities.ts";
import { start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";

const command = commandOn(runtime, "test/helpers/few_descriptors_program.ts", []);

/** What the program says, of a run in which nothing but the sockets used descriptors. */
async function undisturbed() {
  for (let run = 0; run < 2; run++) {
    const program = start(command, { ...process.env, NETSCTP_UDP_PORT: "0" });
    await program.succeeds();
    const lines = program.stdout.toString().trim().split("\n").map((line) => JSON.parse(line));
    const disturbed = lines.find(({ surplus }) => surplus > 0);
    if (disturbed === undefined) return lines;
    console.log("# once more: something else closed descriptors meanwhile:", disturbed);
  }
  throw new Error("In both runs there were more descriptors than were left");
}

test("none left, one, two, …: EMFILE each time, until it works", async () => {
  const lines = await undisturbed();
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
    assert.ok(seen.has(one), `${one} is none of ${[...seen]}: ${JSON.stringify(lines)}`);
  }
});

test.run();
