/** An exception that nobody catches ends the process as any other does: with a status, never by a signal. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runtime } from "../helpers/capabilities.ts";
import { startOn } from "../helpers/runtimes.ts";

const RUNS = 5; // what the shim's thread does meanwhile is not the same each time

test("an 'error' without a listener, amid traffic", async () => {
  for (let i = 0; i < RUNS; i++) {
    const program = startOn(runtime, "test/helpers/uncaught.ts", []);
    const { code, signal } = await program.ended;
    assert.equal([code, signal], [1, null], program.text);
    assert.match(program.text, "maxMessageSize");
  }
});

test.run();
