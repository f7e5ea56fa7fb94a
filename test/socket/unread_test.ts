/** As with net, an end that nobody reads does not keep its process alive: nothing that comes could be taken. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runtime } from "../helpers/capabilities.ts";
import { startOn } from "../helpers/runtimes.ts";

const WAYS = {
  "paused": "messages that came before the peer's end",
  "full": "messages that wait, and the peer's end, which is behind them in the stack",
  "held": "an end that was never read, by pauseOnConnect",
  "aborted": "messages that wait, and the peer's ABORT behind them",
  "ended": "messages that wait where both ends have ended",
};

for (const [way, what] of Object.entries(WAYS)) {
  test(`${what}: the process ends`, async () => {
    const program = startOn(runtime, "test/helpers/unread.ts", [way]);
    await program.succeeds();
    assert.is(program.stdout.toString(), "left\n", program.text);
  });
}

test.run();
