/** Call forms and defaults: what comes out is complete and frozen. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { planAssociation, planConnect, planListen } from "../../core/options.ts";
import { OPTION } from "../../core/records.ts";

const listener = () => {};

test("every form of connect() gives the same plan", () => {
  const forms = [
    [{ port: 5, host: "h" }, listener],
    [5, "h", listener],
    ["5", "h", listener],
  ];
  for (const form of forms) {
    const { port, host, callback } = planConnect(form);
    assert.equal([port, host, callback], [5, "h", listener]);
  }
  assert.is(planConnect([5]).host, "localhost");
  assert.is(planConnect([5, listener]).callback, listener);
});

test("every form of listen() gives its plan", () => {
  const backlog = (plan: ReturnType<typeof planListen>) =>
    plan.socketOptions.find(([name]) => name === OPTION.BACKLOG)?.[1];
  const forms: Array<[unknown[], number, string | undefined, number]> = [
    [[], 0, undefined, 511],
    [[listener], 0, undefined, 511],
    [[7], 7, undefined, 511],
    [[7, listener], 7, undefined, 511],
    [[7, "h"], 7, "h", 511],
    [[7, "h", listener], 7, "h", 511],
    [[7, "h", 9, listener], 7, "h", 9],
    [[7, 9, listener], 7, undefined, 9],
    [[{ port: 7, host: "h", backlog: 9 }, listener], 7, "h", 9],
  ];
  for (const [args, port, host, waiting] of forms) {
    const plan = planListen(args);
    assert.equal([plan.port, plan.host, backlog(plan)], [port, host, waiting]);
    assert.is(plan.callback, args.includes(listener) ? listener : undefined);
  }
});

test("what is not given stays the stack's own, but for noDelay", () => {
  const plan = planAssociation(undefined);
  assert.equal(plan.socketOptions, [[OPTION.NO_DELAY, 1]]);
  assert.is(plan.highWaterMark, 65_536);
  assert.is(plan.maxMessageSize, 1_048_576);
  assert.is(planConnect([1]).connectTimeout, 30_000);
});

test("streams and noDelay become options of the socket", () => {
  const { socketOptions } = planAssociation({ OS: 3, MIS: 4, noDelay: false });
  assert.equal(socketOptions, [[OPTION.NO_DELAY, 0], [OPTION.OUTBOUND_STREAMS, 3], [
    OPTION.INBOUND_STREAMS,
    4,
  ]]);
});

test("options of others are ignored, as net does", () => {
  assert.is(planConnect([{ port: 1, keepAlive: true, servername: "x", method: "GET" }]).port, 1);
});

test("plans are frozen", () => {
  for (const plan of [planAssociation({}), planListen([]), planConnect([1])]) {
    assert.ok(Object.isFrozen(plan));
  }
});

test.run();
