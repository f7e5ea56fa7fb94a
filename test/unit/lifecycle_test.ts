/** Legal moves are made, illegal ones are a bug that shows. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Lifecycle, type State } from "../../core/association/lifecycle.ts";

const LEGAL: Array<[first: "connecting" | "established", ...moves: State[]]> = [
  ["connecting", "established", "shutdown-pending", "ended", "closed"],
  ["connecting", "closed"],
  ["established", "ended", "closed"],
  ["established", "closed"],
  ["established", "shutdown-pending", "closed"],
];

for (const [first, ...moves] of LEGAL) {
  test(`${first} -> ${moves.join(" -> ")}`, () => {
    const lifecycle = new Lifecycle(first);
    for (const move of moves) lifecycle.to(move);
    assert.is(lifecycle.state, moves.at(-1));
  });
}

test("nothing comes after closed, and no state is skipped", () => {
  const closed = new Lifecycle("established");
  closed.to("closed");
  for (const state of ["connecting", "established", "shutdown-pending", "ended", "closed"] as const) {
    assert.throws(() => closed.to(state), /netsctp bug/);
  }
  assert.throws(() => new Lifecycle("connecting").to("ended"), /netsctp bug/);
});

test.run();
