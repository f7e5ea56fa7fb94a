/** Wrong arguments throw at the call, with Node's classes and codes, and messages that say which. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, counters, createServer, Socket } from "netsctp";
import { closed, connectedPair, endpointOf } from "../helpers/pair.ts";

type Case = [
  call: () => unknown,
  code: string,
  message: string | RegExp,
  of?: typeof TypeError | typeof Error,
];

const any = (value: unknown) => value as never;

const port = 38412; // is never asked for
const host = "127.0.0.1";
const to = (options: Record<string, unknown>) => () => connect(any({ port, ...options }));
const from = (options: Record<string, unknown>) => () => createServer(any(options));
const on = (options: Record<string, unknown>) => () => createServer().listen(any({ port: 0, ...options }));

/** A proxy that throws at every look. */
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** Lists of addresses go by the same rules wherever they are. */
function wrongAddresses(name: string, call: (value: unknown) => () => unknown): Case[] {
  const wrong = `${name} must be an array of valid IP addresses`;
  return [
    [call([]), "ERR_INVALID_ARG_VALUE", `${name} must have at least one element`],
    [call("127.0.0.1"), "ERR_INVALID_ARG_TYPE", wrong],
    [call({ 0: "127.0.0.1", length: 1 }), "ERR_INVALID_ARG_TYPE", wrong],
    [call([5]), "ERR_INVALID_ARG_TYPE", wrong],
    [call([null]), "ERR_INVALID_ARG_TYPE", wrong],
    [call(["localhost"]), "ERR_INVALID_IP_ADDRESS", wrong],
    [call(["127.0.0.1", "127.0.0.256"]), "ERR_INVALID_IP_ADDRESS", wrong],
    [call([""]), "ERR_INVALID_IP_ADDRESS", wrong],
  ];
}

/** What both ends take. */
function wrongAssociation(call: (options: Record<string, unknown>) => () => unknown): Case[] {
  const range = "ERR_OUT_OF_RANGE";
  const type = "ERR_INVALID_ARG_TYPE";
  const value = "ERR_INVALID_ARG_VALUE";
  return [
    [call({ OS: 0 }), range, /"options\.OS".*>= 1 && <= 65535.*Received 0/, RangeError],
    [call({ MIS: 65536 }), range, /"options\.MIS".*Received 65536/, RangeError],
    [call({ OS: 1.5 }), range, /"options\.OS".*an integer/, RangeError],
    [call({ MIS: "10" }), type, /"options\.MIS" property must be of type number.*'10'/],
    [call({ keepAliveInitialDelay: "x" }), type, /"options\.keepAliveInitialDelay"/],
    [call({ highWaterMark: -1 }), range, /"options\.highWaterMark"/, RangeError],
    [call({ highWaterMark: "1" }), type, /"options\.highWaterMark"/],
    [
      call({ sendBufferSize: 0 }),
      range,
      /"options\.sendBufferSize".*>= 1 && <= 1073741823\. Received 0/,
      RangeError,
    ],
    [call({ recvBufferSize: 2 ** 30 }), range, /"options\.recvBufferSize".*<= 1073741823/, RangeError],
    [call({ recvBufferSize: 1.5 }), range, /"options\.recvBufferSize".*an integer/, RangeError],
    [call({ sendBufferSize: "1" }), type, /"options\.sendBufferSize" property must be of type number/],
    [call({ maxMessageSize: 0 }), range, /"options\.maxMessageSize"/, RangeError],
    [call({ blockList: {} }), type, /"options\.blockList" property must be an instance of net\.BlockList/],
    [call({ blockList: 5 }), type, /"options\.blockList"/],
    [call({ path: "/tmp/x" }), value, /'options\.path' names a Unix socket or pipe, and SCTP has none/],
    [call({ fd: 3 }), value, /'options\.fd' cannot be taken over/],
    [
      call({ allowHalfOpen: true }),
      value,
      /'options\.allowHalfOpen' must be false: SCTP has no half-open state/,
    ],
    [call({ allowHalfOpen: 1 }), value, /'options\.allowHalfOpen' must be false.*Received 1$/],
    [call({ sctp: true }), type, /"options\.sctp" property must be of type object/],
    [call({ sctp: { sack: 5 } }), type, /"options\.sctp\.sack" property must be of type object/],
    [
      call({ sctp: { sack: { delay: 501 } } }),
      range,
      /"options\.sctp\.sack\.delay".*>= 0 && <= 500/,
      RangeError,
    ],
    [call({ sctp: { sack: { freq: -1 } } }), range, /"options\.sctp\.sack\.freq"/, RangeError],
    [call({ sctp: { sack: { delay: "5" } } }), type, /"options\.sctp\.sack\.delay"/],
    [
      call({ sctp: { sacks: {} } }),
      value,
      "There is no option options.sctp.sacks: did you mean options.sctp.sack?",
    ],
    [
      call({ sctp: { SACK: {} } }),
      value,
      "There is no option options.sctp.SACK: did you mean options.sctp.sack?",
    ],
    [
      call({ sctp: { sack_delay: 5 } }),
      value,
      "There is no option options.sctp.sack_delay: did you mean options.sctp.sack.delay?",
    ],
    [
      call({ sctp: { sack_freq: 5 } }),
      value,
      "There is no option options.sctp.sack_freq: did you mean options.sctp.sack.freq?",
    ],
    [
      call({ sctp: { sack: { frequency: 5 } } }),
      value,
      "There is no option options.sctp.sack.frequency: did you mean options.sctp.sack.freq?",
    ],
    [
      call({ sctp: { quite: 5 } }),
      value,
      /There is no option options\.sctp\.quite: there are only .*sctp\.sack/,
    ],
  ];
}

const WRONG: Record<string, Case[]> = {
  "connect: port": [
    [() => connect(any({})), "ERR_MISSING_ARGS", 'The "options.port" argument must be specified'],
    [to({ port: undefined }), "ERR_MISSING_ARGS", 'The "options.port" argument must be specified'],
    [to({ port: null }), "ERR_INVALID_ARG_TYPE", /"options\.port" property must be one of .*Received null/],
    [() => connect(any(null)), "ERR_INVALID_ARG_TYPE", /"options\.port".*Received null/],
    [() => connect(any(true)), "ERR_INVALID_ARG_TYPE", /"options\.port".*Received type boolean \(true\)/],
    [() => connect(any(1n)), "ERR_INVALID_ARG_TYPE", /"options\.port".*Received type bigint \(1n\)/],
    [() => connect(any(undefined)), "ERR_MISSING_ARGS", 'The "options.port" argument must be specified'],
    [
      to({ port: 65536 }),
      "ERR_SOCKET_BAD_PORT",
      "Port should be >= 0 and < 65536. Received type number (65536).",
      RangeError,
    ],
    [() => connect(-1), "ERR_SOCKET_BAD_PORT", /should be >= 0 and < 65536/, RangeError],
    [() => connect("http"), "ERR_SOCKET_BAD_PORT", /should be >= 0 and < 65536/, RangeError],
    [to({ port: true }), "ERR_INVALID_ARG_TYPE", /"options\.port"/],
    [to({ port: revoked() }), "ERR_INVALID_ARG_TYPE", /"options\.port" property .* Received a Proxy/],
    [to({ localPort: 70000 }), "ERR_OUT_OF_RANGE", /"options\.localPort"/, RangeError],
    [to({ localPort: "1" }), "ERR_INVALID_ARG_TYPE", /"options\.localPort" property must be of type number/],
    [to({ udpPort: -1 }), "ERR_OUT_OF_RANGE", /"options\.udpPort"/, RangeError],
    [to({ localUdpPort: 65536 }), "ERR_OUT_OF_RANGE", /"options\.localUdpPort"/, RangeError],
  ],
  "connect: addresses": [
    [to({ host: 5 }), "ERR_INVALID_ARG_TYPE", /"options\.host" property must be of type string/],
    [
      to({ host: "a\0b" }),
      "ERR_INVALID_ARG_VALUE",
      "The property 'options.host' must be a string without null bytes. Received 'a\\x00b'",
    ],
    [to({ localAddress: 5 }), "ERR_INVALID_IP_ADDRESS", "Invalid IP address: 5"],
    [to({ localAddress: "localhost" }), "ERR_INVALID_IP_ADDRESS", "Invalid IP address: localhost"],
    [
      to({ host, remoteAddresses: [host] }),
      "ERR_INCOMPATIBLE_OPTION_PAIR",
      "host and remoteAddresses are mutually exclusive",
    ],
    [
      to({ localAddress: host, localAddresses: [host] }),
      "ERR_INCOMPATIBLE_OPTION_PAIR",
      "localAddress and localAddresses are mutually exclusive",
    ],
    ...wrongAddresses("remoteAddresses", (remoteAddresses) => to({ remoteAddresses })),
    ...wrongAddresses("localAddresses", (localAddresses) => to({ localAddresses })),
  ],
  "connect: how": [
    [to({ family: 5 }), "ERR_INVALID_ARG_VALUE", /'options\.family' must be one of: 0, 4, 6.*5/],
    [to({ family: "ipv4" }), "ERR_INVALID_ARG_VALUE", /'options\.family'/],
    [to({ hints: -1 }), "ERR_INVALID_ARG_VALUE", "The argument 'hints' is invalid. Received -1"],
    [to({ hints: "all" }), "ERR_INVALID_ARG_TYPE", /hints" property must be of type number/],
    ...["objectMode", "readableObjectMode", "writableObjectMode"].map((name): Case => [
      to({ [name]: true }),
      "ERR_INVALID_ARG_VALUE",
      `The property 'options.${name}' is not supported. Received true`,
    ]),
    [to({ lookup: "dns" }), "ERR_INVALID_ARG_TYPE", /"options\.lookup" property must be of type function/],
    [to({ autoSelectFamily: 1 }), "ERR_INVALID_ARG_TYPE", /"options\.autoSelectFamily"/],
    [
      to({ autoSelectFamilyAttemptTimeout: "x" }),
      "ERR_INVALID_ARG_TYPE",
      /"options\.autoSelectFamilyAttemptTimeout"/,
    ],
    [
      to({ autoSelectFamilyAttemptTimeout: 0 }),
      "ERR_OUT_OF_RANGE",
      /"options\.autoSelectFamilyAttemptTimeout".*>= 1/,
      RangeError,
    ],
    [to({ allAddresses: 1 }), "ERR_INVALID_ARG_TYPE", /"options\.allAddresses"/],
    [to({ connectTimeout: -1 }), "ERR_OUT_OF_RANGE", /"options\.connectTimeout"/, RangeError],
    [to({ connectTimeout: "1" }), "ERR_INVALID_ARG_TYPE", /"options\.connectTimeout"/],
    [
      to({ signal: {} }),
      "ERR_INVALID_ARG_TYPE",
      /"options\.signal" property must be an instance of AbortSignal/,
    ],
    [to({ signal: 5 }), "ERR_INVALID_ARG_TYPE", /"options\.signal"/],
    [to({ timeout: "1" }), "ERR_INVALID_ARG_TYPE", /must be of type number.*'1'/],
    [to({ timeout: -1 }), "ERR_OUT_OF_RANGE", /must be a non-negative finite number.*-1/, RangeError],
    [to({ onread: 5 }), "ERR_INVALID_ARG_TYPE", /"options\.onread" property must be of type object/],
    [to({ onread: {} }), "ERR_INVALID_ARG_TYPE", /"options\.onread\.buffer"/],
    [to({ onread: { buffer: "x", callback() {} } }), "ERR_INVALID_ARG_TYPE", /"options\.onread\.buffer"/],
    [
      to({ onread: { buffer: new Uint8Array(0), callback() {} } }),
      "ERR_INVALID_ARG_VALUE",
      /"options\.onread\.buffer"/,
    ],
    [to({ onread: { buffer: new Uint8Array(1) } }), "ERR_INVALID_ARG_TYPE", /"options\.onread\.callback"/],
    [to({ stack: "raw" }), "ERR_INVALID_ARG_VALUE", /stack/],
    [() => connect({ port }, any("listener")), "ERR_INVALID_ARG_TYPE", /function/],
  ],
  "connect: the association": wrongAssociation(to),
  "createServer": [
    [() => createServer(any("options")), "ERR_INVALID_ARG_TYPE", /"options" argument must be of type object/],
    [() => createServer({}, any("listener")), "ERR_INVALID_ARG_TYPE", /must be of type function/],
  ],
  "createServer: the association": wrongAssociation(from),
  "listen": [
    [() => createServer().listen(70000), "ERR_SOCKET_BAD_PORT", /should be >= 0 and < 65536/, RangeError],
    [on({ port: true }), "ERR_INVALID_ARG_VALUE", /'options\.port' must be .*Received true/],
    [() => createServer().listen(any(1n)), "ERR_INVALID_ARG_VALUE", /'options\.port'.*Received 1n/],
    [on({ port: "x" }), "ERR_SOCKET_BAD_PORT", /should be >= 0 and < 65536/, RangeError],
    [on({ host: 5 }), "ERR_INVALID_ARG_TYPE", /"options\.host"/],
    [on({ backlog: -1 }), "ERR_OUT_OF_RANGE", /"options\.backlog"/, RangeError],
    [on({ backlog: "5" }), "ERR_INVALID_ARG_TYPE", /"options\.backlog"/],
    [on({ ipv6Only: 1 }), "ERR_INVALID_ARG_TYPE", /"options\.ipv6Only"/],
    [on({ signal: 5 }), "ERR_INVALID_ARG_TYPE", /"options\.signal"/],
    [on({ udpPort: 65536 }), "ERR_OUT_OF_RANGE", /"options\.udpPort"/, RangeError],
    [on({ path: "/tmp/x" }), "ERR_INVALID_ARG_VALUE", /'options\.path' names a Unix socket or pipe/],
    [on({ fd: 3 }), "ERR_INVALID_ARG_VALUE", /'options\.fd' cannot be taken over/],
    [
      on({ host, localAddresses: [host] }),
      "ERR_INCOMPATIBLE_OPTION_PAIR",
      "host and localAddresses are mutually exclusive",
    ],
    ...wrongAddresses("localAddresses", (localAddresses) => on({ localAddresses })),
  ],
  "new Socket()": [
    [
      () => new Socket(any(undefined)),
      "ERR_ILLEGAL_CONSTRUCTOR",
      /made by connect\(\) or handed out by a Server/,
    ],
    [() => new Socket(any({})), "ERR_ILLEGAL_CONSTRUCTOR", /connect\(\)/],
  ],
};

for (const [name, cases] of Object.entries(WRONG)) {
  test(`${name}: what is wrong throws at the call`, () => {
    for (const [call, code, message, of = TypeError] of cases) assertThrows(call, code, message, of);
    assert.is(counters().openHandles, 0); // nothing was begun
  });
}

function assertThrows(call: () => unknown, code: string, message: string | RegExp, of: typeof Error): void {
  let error: NodeJS.ErrnoException | undefined;
  try {
    const made = call() as Partial<Socket> | undefined;
    made?.on?.("error", () => {});
    made?.destroy?.();
  } catch (thrown) {
    error = thrown as NodeJS.ErrnoException;
  }
  assert.ok(error, `nothing was thrown where ${code} was expected: ${message}`);
  const told = `${error!.name} ${error!.code}: ${error!.message}`;
  assert.is(error!.code, code, told);
  assert.instance(error, of, told);
  if (typeof message === "string") assert.is(error!.message, message);
  else assert.match(error!.message, message);
}

test("unknown top-level options, and falsy ones that can be none, are ignored, as http agents need it", async () => {
  const server = createServer(any({ requestTimeout: 5, path: "", unknown: {} }));
  server.listen(any({ port: 0, host, path: "", exclusive: true, unknown: 1 }));
  await once(server, "listening");
  server.on("connection", (peer) => peer.resume());
  const falsy = {
    path: "",
    localAddress: "",
    localPort: "",
    hints: "",
    objectMode: false,
  };
  const agent = { headers: {}, agent: undefined, servername: "", method: "GET", keepAliveMsecs: 5 };
  const client = connect(any({ ...endpointOf(server), ...falsy, ...agent }));
  client.resume();
  await once(client, "connect");
  client.end();
  await closed(server);
});

test("switches are taken by their truth, and delays that are none for 0, as in net", async () => {
  const odd = {
    noDelay: 1,
    keepAlive: "yes",
    keepAliveInitialDelay: -1,
    pauseOnConnect: 1,
  };
  const { server, peer, close } = await connectedPair({ server: any(odd), client: any(odd) });
  assert.is(peer.isPaused(), true);
  assert.ok(server.listening);
  await close();
});

test("setTimeout(): net's own errors", async () => {
  const { client, close } = await connectedPair();
  for (const bad of [-1, NaN, Infinity]) {
    assertThrows(
      () => client.setTimeout(bad),
      "ERR_OUT_OF_RANGE",
      /"msecs".*non-negative finite number/,
      RangeError,
    );
  }
  assertThrows(() => client.setTimeout(any("5")), "ERR_INVALID_ARG_TYPE", /"msecs".*number.*'5'/, TypeError);
  for (const bad of [5, "f", {}, null]) {
    for (const ms of [5, 0]) {
      const call = () => client.setTimeout(ms, any(bad));
      assertThrows(call, "ERR_INVALID_ARG_TYPE", /"callback".*function/, TypeError);
    }
  }
  assert.is(client.timeout, undefined);
  assert.is(client.listenerCount("timeout"), 0);
  await close();
});

test("what cannot be written is refused at the call, and nothing is broken by it", async () => {
  const { client, peer, close } = await connectedPair();
  const bad: Array<[unknown, string]> = [
    [null, "ERR_STREAM_NULL_VALUES"],
    [5, "ERR_INVALID_ARG_TYPE"],
    [{}, "ERR_INVALID_ARG_TYPE"],
    [Object.assign(Buffer.from("x"), { sid: -1 }), "ERR_OUT_OF_RANGE"],
    [Object.assign(Buffer.from("x"), { sid: 65535 }), "ERR_OUT_OF_RANGE"],
    [Object.assign(Buffer.from("x"), { sid: 1.5 }), "ERR_OUT_OF_RANGE"],
    [Object.assign(Buffer.from("x"), { ppid: 2 ** 32 }), "ERR_OUT_OF_RANGE"],
    [Object.assign(Buffer.from("x"), { ppid: "46" }), "ERR_INVALID_ARG_TYPE"],
  ];
  for (const [data, code] of bad) {
    assert.throws(() => client.write(any(data)), (error: NodeJS.ErrnoException) => error.code === code, code);
  }
  const received = new Promise<Buffer>((resolve) => peer.once("data", resolve));
  client.write("still well");
  assert.is((await received).toString(), "still well");
  await close();
});

test.run();
