/** Call forms and defaults: what comes out is complete and frozen. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { planConnect } from "../../core/options/connect.ts";
import { planAssociation } from "../../core/options/association.ts";
import { planChanges } from "../../core/options/sctp_options.ts";
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
    [OPTION.SEND_BUFFER, 8000],
    [OPTION.RECEIVE_BUFFER, 9000],
    [OPTION.SACK_DELAY, 20],
    [OPTION.SACK_FREQUENCY, 3],
    [OPTION.HEARTBEAT, 1],
    [OPTION.HEARTBEAT_INTERVAL, 700],
  ]);
});

test("every number of sctp becomes a row", () => {
  const sctp = {
    init: { attempts: 3, timeout: 400 },
    streams: { outbound: 5, inbound: 6 },
    rto: { initial: 300, min: 100, max: 400 },
    retransmissions: { association: 8, path: 4, potentiallyFailed: 0, primarySwitchover: 7 },
    heartbeat: 1000,
    sack: { delay: 20, freq: 1 },
    cookieLife: 5000,
    maxBurst: 8,
    maxSegment: 1000,
    pathMtu: 1400,
    dscp: 46,
    flowLabel: 0xabcde,
    partialReliability: false,
    ecn: true,
    adaptation: 0xffffffff,
  };
  const rows = new Map(planAssociation({ sctp }).socketOptions.map(([option, value]) => [option, value]));
  assert.equal(
    rows,
    new Map<number, unknown>([
      [OPTION.NO_DELAY, 1],
      [OPTION.INIT_ATTEMPTS, 3],
      [OPTION.INIT_TIMEOUT, 400],
      [OPTION.RTO_INITIAL, 300],
      [OPTION.RTO_MIN, 100],
      [OPTION.RTO_MAX, 400],
      [OPTION.ASSOCIATION_RETRANSMISSIONS, 8],
      [OPTION.PATH_RETRANSMISSIONS, 4],
      [OPTION.POTENTIALLY_FAILED, 0],
      [OPTION.PRIMARY_SWITCHOVER, 7],
      [OPTION.COOKIE_LIFE, 5000],
      [OPTION.SACK_DELAY, 20],
      [OPTION.SACK_FREQUENCY, 1],
      [OPTION.PATH_MTU, 1400],
      [OPTION.DSCP, 46],
      [OPTION.FLOW_LABEL, 0xabcde],
      [OPTION.MAX_BURST, 8],
      [OPTION.MAX_SEGMENT, 1000],
      [OPTION.PARTIAL_RELIABILITY, 0],
      [OPTION.ECN, 1],
      [OPTION.ADAPTATION, 0xffffffff],
      [OPTION.OUTBOUND_STREAMS, 5],
      [OPTION.INBOUND_STREAMS, 6],
      [OPTION.HEARTBEAT, 1],
      [OPTION.HEARTBEAT_INTERVAL, 1000],
    ]),
  );
  assert.equal(
    planAssociation({ sctp: { pathMtu: { probeInterval: 5000 }, heartbeat: false } }).socketOptions.slice(1),
    [
      [OPTION.HEARTBEAT, 0],
      [OPTION.PROBE_INTERVAL, 5000],
    ],
  );
});

const CONTRADICTIONS: Array<[options: Record<string, unknown>, code: string, text: string]> = [
  [
    { OS: 5, sctp: { streams: { outbound: 6 } } },
    "ERR_INCOMPATIBLE_OPTION_PAIR",
    "OS and sctp.streams.outbound",
  ],
  [
    { MIS: 5, sctp: { streams: { inbound: 6 } } },
    "ERR_INCOMPATIBLE_OPTION_PAIR",
    "MIS and sctp.streams.inbound",
  ],
  [
    { keepAlive: true, sctp: { heartbeat: false } },
    "ERR_INCOMPATIBLE_OPTION_PAIR",
    "keepAlive and sctp.heartbeat",
  ],
  [
    { keepAlive: true, keepAliveInitialDelay: 7, sctp: { heartbeat: 8 } },
    "ERR_INCOMPATIBLE_OPTION_PAIR",
    "keepAliveInitialDelay and sctp.heartbeat",
  ],
  [{ sctp: { rto: { min: 5, max: 4 } } }, "ERR_INVALID_ARG_VALUE", "must have min <= initial <= max"],
  [{ sctp: { rto: { initial: 5, max: 4 } } }, "ERR_INVALID_ARG_VALUE", "must have min <= initial <= max"],
  [{ sctp: { heartbeat: true } }, "ERR_INVALID_ARG_TYPE", "options.sctp.heartbeat"],
  [{ sctp: { heartbeat: 0 } }, "ERR_OUT_OF_RANGE", "options.sctp.heartbeat"],
  [{ sctp: { adaptation: 2 ** 32 } }, "ERR_OUT_OF_RANGE", "options.sctp.adaptation"],
  [{ sctp: { partialReliability: 1 } }, "ERR_INVALID_ARG_TYPE", "options.sctp.partialReliability"],
  [{ sctp: { pathMtu: {} } }, "ERR_INVALID_ARG_TYPE", "options.sctp.pathMtu.probeInterval"],
  [{ sctp: { pathMtu: { probe: 1 } } }, "ERR_INVALID_ARG_VALUE", "options.sctp.pathMtu.probeInterval?"],
];

for (const [options, code, text] of CONTRADICTIONS) {
  test(`${JSON.stringify(options)} throws ${code}`, () => {
    assert.throws(() => planAssociation(options), (error: NodeJS.ErrnoException) => {
      assert.is(error.code, code);
      assert.match(error.message, text);
      return true;
    });
  });
}

test("one option under its two names, and the same, is given once", () => {
  const { socketOptions } = planAssociation({ OS: 5, sctp: { streams: { outbound: 5 } } });
  assert.equal(socketOptions, [[OPTION.NO_DELAY, 1], [OPTION.OUTBOUND_STREAMS, 5]]);
});

test("what an association is begun with cannot be changed", () => {
  assert.equal(planChanges({ heartbeat: 5000, rto: { max: 800 } }).length, 3);
  assert.equal(planChanges(undefined), []);
  assert.throws(() => planChanges({ init: { attempts: 3 } }), (error: NodeJS.ErrnoException) => {
    assert.is(error.code, "ERR_SCTP_TOO_LATE");
    assert.match(error.message, "sctp.init.attempts is what an association is begun with");
    return true;
  });
  assert.throws(() => planChanges({ hartbeat: 5 }), /did you mean options\.heartbeat\?/);
  assert.throws(() => planChanges({ streams: { outbound: 5 } }), /^sctp\.streams\.outbound is what/);
});

test("what belongs into sctp is not ignored elsewhere", () => {
  const wrong = (options: Record<string, unknown>, text: RegExp) =>
    assert.throws(() => planAssociation(options), (error: NodeJS.ErrnoException) => {
      assert.is(error.code, "ERR_INVALID_ARG_VALUE");
      assert.match(error.message, text);
      return true;
    });
  wrong({ heartbeat: 5000 }, /no option options\.heartbeat: did you mean options\.sctp\.heartbeat\?/);
  wrong({ ppid: 46 }, /no option options\.ppid: did you mean options\.sctp\.send\.ppid\?/);
  wrong({ dynamicAddresses: false }, /did you mean options\.sctp\.dynamicAddresses\?/);
  wrong({ auth: { keys: {} } }, /did you mean options\.sctp\.auth\?/);
  assert.equal(planAssociation({ auth: "name:password", rto: null, ecn: undefined }), planAssociation({}));
  assert.throws(
    () => planListen([{ sctp: { heartbeat: 5000 } }]),
    /'options\.sctp' belongs to the options of createServer/,
  );
});

test("options are an object, and no list", () => {
  for (const sctp of [[], [{ heartbeat: 5000 }]]) {
    assert.throws(() => planAssociation({ sctp }), /"options\.sctp" property must be of type object.*Array/);
    assert.throws(() => planChanges(sctp), /"options" argument must be of type object/);
  }
});

test("a value that is wrapped in an object is none, and no object with options either", () => {
  for (
    const [sctp, words] of [
      [new Boolean(true), /"options\.sctp" property must be of type object/],
      [{ rto: new Number(5) }, /"options\.sctp\.rto" property must be of type object/],
      [{ send: new String("") }, /"options\.sctp\.send" property must be of type object/],
      [{ maxBurst: new Number(5) }, /"options\.sctp\.maxBurst" property must be of type number/],
      [{ pathMtu: new Number(1400) }, /"options\.sctp\.pathMtu" property must be of type number/],
    ] as const
  ) assert.throws(() => planAssociation({ sctp }), words);
});

test("heartbeat is a number, or false", () => {
  for (const heartbeat of [true, "5s"]) {
    assert.throws(
      () => planChanges({ heartbeat }),
      /"options\.heartbeat" property must be of type number, or false/,
    );
  }
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
  [{ sctp: { nodelay: true } }, "options.sctp.pathMtu"],
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
