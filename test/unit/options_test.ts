/** Call forms and defaults: what comes out is complete and frozen. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { planConnect } from "../../core/options/connect.ts";
import { planAssociation } from "../../core/options/association.ts";
import { OPTION } from "../../core/shim/records.ts";
import { planListen, planServer } from "../../core/options/server.ts";

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
    [[null], 0, undefined, 511],
    [[{}], 0, undefined, 511],
    [[listener], 0, undefined, 511],
    [[7], 7, undefined, 511],
    [[7, listener], 7, undefined, 511],
    [[7, undefined, listener], 7, undefined, 511],
    [[7, null, null], 7, undefined, 511],
    [[7, "h"], 7, "h", 511],
    [[7, "h", listener], 7, "h", 511],
    [[7, "h", 9, listener], 7, "h", 9],
    [[7, 9, listener], 7, undefined, 9],
    [[{ port: 7, host: "h", backlog: 9 }, listener], 7, "h", 9],
    [[{ port: null, host: null }, listener], 0, undefined, 511],
  ];
  for (const [args, port, host, waiting] of forms) {
    const plan = planListen(args);
    assert.equal([plan.port, plan.host, backlog(plan)], [port, host, waiting]);
    assert.is(plan.callback, args.includes(listener) ? listener : undefined);
  }
});

test("what is not given stays the stack's own, but for noDelay", () => {
  const plan = planServer(undefined);
  assert.equal(plan.socketOptions, [[OPTION.NO_DELAY, 1]]);
  assert.is(plan.highWaterMark, 65_536);
  assert.is(plan.maxMessageSize, 1_048_576);
  assert.is(planConnect([1]).connectTimeout, 30_000);
  assert.equal(planServer(null), plan);
});

test("streams, noDelay, acknowledgements, heartbeats and buffers become options of the socket", () => {
  const { socketOptions } = planAssociation({
    OS: 3,
    MIS: 4,
    noDelay: false,
    sctp: { sack: { delay: 20, freq: 3 } },
    keepAlive: true,
    keepAliveInitialDelay: 700,
    sendBufferSize: 8000,
    recvBufferSize: 9000,
  });
  assert.equal(socketOptions, [
    [OPTION.NO_DELAY, 0],
    [OPTION.OUTBOUND_STREAMS, 3],
    [OPTION.INBOUND_STREAMS, 4],
    [OPTION.SACK_DELAY, 20],
    [OPTION.SACK_FREQUENCY, 3],
    [OPTION.SEND_BUFFER, 8000],
    [OPTION.RECEIVE_BUFFER, 9000],
    [OPTION.HEARTBEAT, 1],
    [OPTION.HEARTBEAT_INTERVAL, 700],
  ]);
});

test("a delay and a frequency of 0 leave the stack's own; sack may stand at the top, too", () => {
  const options = (loose: Record<string, unknown>) => planAssociation(loose).socketOptions.slice(1);
  assert.equal(options({ sctp: { sack: { delay: 0, freq: 0 } } }), []);
  assert.equal(options({ sctp: {} }), []);
  assert.equal(options({ sack: { freq: 1 } }), [[OPTION.SACK_FREQUENCY, 1]]);
});

const UNKNOWN: Array<[options: Record<string, unknown>, named: string]> = [
  [{ sctp: { sak: {} } }, "options.sctp.sack?"],
  [{ sctp: { sack_delay: 5 } }, "options.sctp.sack.delay?"],
  [{ sctp: { sackFreq: 5 } }, "options.sctp.sack?"],
  [{ sctp: { nodelay: true } }, "options.sctp.sack"],
  [{ sctp: { sack: { frequency: 2 } } }, "options.sctp.sack.freq?"],
  [{ sctp: { sack: { dely: 2 } } }, "options.sctp.sack.delay?"],
  [{ sack: { Delay: 2 } }, "options.sack.delay?"],
];

for (const [options, named] of UNKNOWN) {
  test(`an unknown name, ${JSON.stringify(options)}, throws and names ${named}`, () => {
    assert.throws(() => planAssociation(options), (error: NodeJS.ErrnoException) => {
      assert.is(error.code, "ERR_INVALID_ARG_VALUE");
      assert.ok(error.message.endsWith(named), error.message);
      return true;
    });
  });
}

/** An object with that name as a property of its own, also where it is `__proto__`. */
function having(name: string): object {
  return Object.defineProperty({}, name, { value: 1, enumerable: true });
}

for (const name of Object.getOwnPropertyNames(Object.prototype)) {
  test(`${name}, which every object inherits, is no option: in sctp and sack unknown, elsewhere ignored`, () => {
    for (
      const options of [{ sctp: having(name) }, { sack: having(name) }, { sctp: { sack: having(name) } }]
    ) {
      assert.throws(() => planAssociation(options), (error: NodeJS.ErrnoException) => {
        assert.is(error.code, "ERR_INVALID_ARG_VALUE");
        assert.match(error.message, `.${name}: there are only `);
        return true;
      });
    }
    assert.equal(planServer(having(name)), planServer({}));
    assert.equal(planListen([having(name)]), planListen([{}]));
    assert.equal(planConnect([Object.assign(having(name), { port: 1 })]), planConnect([1]));
  });
}

test("a wrong value is named in the error, whatever it is", () => {
  const bare = Object.create(null) as object;
  const strange = { constructor: { name: Symbol("s") }, toString: 5, [Symbol.toPrimitive]: 5 };
  for (
    const value of [
      bare,
      strange,
      [bare],
      Symbol("s"),
      5n,
      having("constructor"),
      Object.assign(() => {}, strange),
    ]
  ) {
    for (const port of [value, having("toString")]) {
      assert.throws(() => planConnect([{ port }]), hasCode("ERR_INVALID_ARG_TYPE"));
      assert.throws(() => planListen([{ port }]), hasCode("ERR_INVALID_ARG_VALUE"));
    }
    for (const name of ["keepAliveInitialDelay", "OS", "highWaterMark", "libraryPath"]) {
      assert.throws(() => planServer({ [name]: value }), hasCode("ERR_INVALID_ARG_TYPE"));
    }
    for (const name of ["path", "fd"]) {
      assert.throws(() => planServer({ [name]: value }), hasCode("ERR_INVALID_ARG_VALUE"));
    }
    assert.throws(() => planConnect([{ port: 1, family: value }]), hasCode("ERR_INVALID_ARG_VALUE"));
  }
});

function hasCode(code: string): (error: NodeJS.ErrnoException) => boolean {
  return (error) => {
    assert.is(error.code, code, error.stack);
    return true;
  };
}

test("options of others are ignored, as net does", () => {
  const agents = {
    port: 1,
    servername: "x",
    method: "GET",
    path: null,
    fd: undefined,
    localAddress: undefined,
  };
  assert.is(planConnect([agents]).port, 1);
});

test("plans are frozen", () => {
  for (const plan of [planAssociation({}), planServer({}), planListen([]), planConnect([1])]) {
    assert.ok(Object.isFrozen(plan));
  }
});

test.run();
