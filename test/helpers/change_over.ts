/** The judge of examples/change_over: whether the receivers have all that was sent, and what came twice. */
import * as assert from "uvu/assert";
import type { Program } from "./programs.ts";

export interface Ends {
  sender: Program;
  primary: Program;
  alternate: Program;
}

/** Has the primary fail while messages are under way, and the others go on; then ends all three. */
export async function judge(
  { sender, primary, alternate }: Ends,
  fail: () => void,
  recover: () => void,
): Promise<void> {
  await sender.says(/^sent 2000$/m);
  fail();
  const [, maybe, never] = await sender.says(
    /^changed over: (\d+) messages that may have arrived, (\d+) that were never sent$/m,
  );
  await sender.says(/^sent \d+$/m);
  sender.kill("SIGINT");
  const [, count] = await sender.says(/^closed after (\d+) messages$/m);
  await sender.succeeds();
  await alternate.says(/closed$/m); // its stack had acknowledged all of it before the program had read all
  recover();
  const [before, after] = [await received(primary), await received(alternate)];
  assert.is(before[0], 1);
  assert.is(after[1], Number(count));
  assert.ok(after[0] <= before[1] + 1, `none is lost: ${before} and ${after}`);
  const twice = before[1] - after[0] + 1;
  assert.ok(twice <= Number(maybe), `${twice} came twice, of ${maybe} that may have`);
  assert.ok(Number(never) > 0);
}

/** The numbers of what it has, which came in order and without a gap. */
async function received(receiver: Program): Promise<[first: number, last: number]> {
  receiver.kill("SIGINT");
  const [, runs] = await receiver.says(/^received (.*)$/m);
  await receiver.succeeds();
  assert.match(runs!, /^\d+-\d+$/, "in order, each once");
  const [first, last] = runs!.split("-").map(Number) as [number, number];
  return [first, last];
}
