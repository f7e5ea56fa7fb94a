/** When a watch looks whether the peer acknowledges what it is sent, and what it makes of that. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { StallWatch } from "../../core/association/stall_watch.ts";

const LIMIT_MS = 20;

/** A watch of what gives these answers, one a look: nothing is outstanding after the last. */
function watching(...answers: [outstanding: number, acknowledged: number][]) {
  const state = { looks: 0, isOpen: true, isSilent: undefined as boolean | undefined, done: () => {} };
  const watched = {
    get isOpen() {
      return state.isOpen;
    },
    acknowledgement() {
      const [outstanding, acknowledged] = answers[state.looks++] ?? [0, 0];
      if (outstanding === 0) state.done();
      return { outstanding, acknowledged };
    },
  };
  let limit: number | undefined;
  let tell = () => {};
  const stalled = new Promise<void>((resolve) => tell = resolve);
  const over = new Promise<number | undefined>((resolve) => {
    state.done = () => resolve(limit);
    watch = new StallWatch(watched, (ms, isSilent) => {
      state.isSilent = isSilent;
      tell();
      resolve(limit = ms);
    });
    watch.limit = LIMIT_MS;
  });
  return { state, over, stalled, watch: watch! };
}
let watch: StallWatch | undefined;

/** A timer that keeps the process alive until a watch's, which does not, has fired. */
async function awake<T>(over: Promise<T>): Promise<T> {
  const timer = setInterval(() => {}, 1000);
  const result = await over;
  clearInterval(timer);
  return result;
}

test("nothing acknowledged for as long as the limit, from the first look on", async () => {
  const before = performance.now();
  const { over, state } = watching(...Array<[number, number]>(5).fill([1, 7]));
  assert.is(await awake(over), LIMIT_MS);
  assert.is(state.looks, 5);
  assert.ok(performance.now() - before >= LIMIT_MS);
});

test("it tells whether anything was acknowledged before", async () => {
  const same = Array<[number, number]>(5).fill([1, 7]);
  const silent = watching(...same);
  await awake(silent.over);
  assert.is(silent.state.isSilent, true);
  const before = watching([2, 6], ...same);
  await awake(before.over);
  assert.is(before.state.isSilent, false);
  const all = watching([0, 7], ...same);
  await awake(all.over);
  all.watch.onSent();
  await awake(all.stalled);
  assert.is(all.state.isSilent, false);
});

test("what is acknowledged meanwhile begins it again; with nothing left, it is over", async () => {
  const { over, state } = watching([1, 7], [1, 7], [1, 7], [1, 7], [1, 8], [1, 8], [1, 8], [1, 8], [0, 9]);
  assert.is(await awake(over), undefined);
  assert.is(state.looks, 9);
});

test("it looks only while something is outstanding, and not more than four times within the limit", async () => {
  const { over, state, watch } = watching([0, 7], [1, 7], [0, 8]);
  await awake(over);
  assert.is(state.looks, 1);
  const again = new Promise<void>((resolve) => state.done = resolve);
  for (let i = 0; i < 10; i++) watch.onSent();
  const before = performance.now();
  await awake(again);
  assert.is(state.looks, 3);
  assert.ok(performance.now() - before >= LIMIT_MS / 2 - 1);
});

test("without a limit or a handle it does nothing", async () => {
  const { state, watch } = watching([1, 7]);
  watch.limit = 0;
  watch.onSent();
  state.isOpen = false;
  watch.limit = LIMIT_MS;
  watch.onSent();
  await new Promise((resolve) => setTimeout(resolve, LIMIT_MS));
  assert.is(state.looks, 0);
});

test.run();
