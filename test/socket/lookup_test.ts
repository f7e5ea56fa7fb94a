/** Host names: resolved as `net` does, their addresses tried one after the other, or taken as one peer's. */
import dns from "node:dns";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type ConnectOptions, createServer, type Server, type Socket } from "netsctp";
import { blackHole, skip } from "../helpers/capabilities.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";

type Answer = { address: string; family: number };
type Failure = NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] };

const HOST = "peer.test"; // never asked for: the tests have their own lookup()
const UNASKED = 38412; // a port that nothing is sent to

/** A lookup() that gives these addresses in either form, at once or later. */
function giving(answers: Answer[], isLater = true): NonNullable<ConnectOptions["lookup"]> {
  return (_host, { all }, callback) => {
    const answer = () =>
      all ? callback(null, answers) : callback(null, answers[0]!.address, answers[0]!.family);
    if (isLater) setImmediate(answer);
    else answer();
  };
}

const v4 = (address: string): Answer => ({ address, family: 4 });
const v6 = (address: string): Answer => ({ address, family: 6 });

/** Each event with its arguments, errors as their codes; the last error; resolves with them at the close. */
function life(socket: Socket): Promise<{ events: unknown[][]; error: Failure | undefined }> {
  return new Promise((resolve) => {
    const events: unknown[][] = [];
    let failure: Failure | undefined;
    const names = ["lookup", "connectionAttempt", "connectionAttemptFailed", "connectionAttemptTimeout"];
    for (const name of [...names, "connect", "ready"]) {
      socket.on(name, (...args) => {
        events.push([name, ...args.map((one) => one instanceof Error ? (one as Failure).code : one)]);
      });
    }
    socket.on("connect", () => socket.resume().end());
    socket.on("error", (error) => failure = error);
    socket.on("close", () => resolve({ events, error: failure }));
  });
}

/** Runs a body with a server on 127.0.0.1, and closes that. */
async function served(body: (port: number, server: Server) => Promise<void>): Promise<void> {
  const server = await listening();
  server.on("connection", (peer) => peer.on("error", () => {}).resume());
  await body(endpointOf(server).port, server);
  await closed(server);
}

test("an address is not looked up", () =>
  served(async (port) => {
    const lookup = () => assert.unreachable("it is an address");
    const socket = connect({ host: "127.0.0.1", port, lookup });
    const { events } = await life(socket);
    assert.equal(events, [["connectionAttempt", "127.0.0.1", port, 4], ["connect"], ["ready"]]);
    assert.is(socket.autoSelectFamilyAttemptedAddresses, undefined);
  }));

test("localhost, and no host at all, reach this machine", async () => {
  for (const host of ["localhost", undefined]) {
    await served(async (port) => {
      const { events } = await life(connect({ port, family: 4, ...(host && { host }) }));
      assert.equal(events[0], ["lookup", null, "127.0.0.1", 4, "localhost"]);
      assert.equal(events.at(-1), ["ready"]);
    });
  }
});

for (const isLater of [false, true]) {
  test(`lookup() that calls back ${isLater ? "later" : "at once"}`, () =>
    served(async (port) => {
      const { events } = await life(
        connect({ host: HOST, port, lookup: giving([v4("127.0.0.1")], isLater) }),
      );
      assert.equal(events, [
        ["lookup", null, "127.0.0.1", 4, HOST],
        ["connectionAttempt", "127.0.0.1", port, 4],
        ["connect"],
        ["ready"],
      ]);
    }));

  test(`lookup() that fails ${isLater ? "later" : "at once"}`, async () => {
    for (const autoSelectFamily of [true, false]) {
      const failure = Object.assign(new Error("no such host"), { code: "ENOTFOUND" });
      const lookup: ConnectOptions["lookup"] = (_host, _options, callback) =>
        isLater ? setImmediate(callback, failure, []) : callback(failure, []);
      const { events, error } = await life(connect({ host: HOST, port: UNASKED, lookup, autoSelectFamily }));
      assert.equal(events, [["lookup", "ENOTFOUND", undefined, undefined, HOST]]);
      assert.is(error, failure);
    }
  });
}

test("lookup() is asked for what the options say", async () => {
  const asked = async (options: Partial<ConnectOptions>) => {
    let got: unknown;
    const lookup: ConnectOptions["lookup"] = (host, options, callback) => {
      got = [host, options.family, options.all, options.hints];
      callback(Object.assign(new Error("enough"), { code: "ENOTFOUND" }), []);
    };
    await life(connect({ host: HOST, port: UNASKED, lookup, ...options }));
    return got;
  };
  assert.equal(await asked({}), [HOST, 0, true, dns.ADDRCONFIG]);
  assert.equal(await asked({ autoSelectFamily: false }), [HOST, 0, false, dns.ADDRCONFIG]);
  assert.equal(await asked({ family: 6 }), [HOST, 6, false, 0]);
  assert.equal(await asked({ family: "IPv4" }), [HOST, 4, false, 0]);
  assert.equal(await asked({ hints: dns.V4MAPPED }), [HOST, 0, true, dns.V4MAPPED]);
  assert.equal(await asked({ localAddress: "127.0.0.1" }), [HOST, 0, true, dns.ADDRCONFIG]);
  assert.equal(await asked({ family: 4, allAddresses: true }), [HOST, 4, true, 0]);
});

const noFamily = (family: unknown): Answer => ({ address: "127.0.0.1", family: family as number });
const IP = ["ERR_INVALID_IP_ADDRESS", "Invalid IP address: "];
const FAMILY = ["ERR_INVALID_ADDRESS_FAMILY", "Invalid address family: "];
const BAD: Record<string, [answer: Answer, kind: string[], shown: string]> = {
  "no address": [v4("127.0.0.300"), IP, "127.0.0.300"],
  "something else than text": [v4(5 as never), IP, "5"],
  "nothing in the place of an address": [v4(undefined as never), IP, "undefined"],
  "an unknown family": [noFamily(5), FAMILY, `5 ${HOST}:${UNASKED}`],
  "a family by its name": [noFamily("IPv4"), FAMILY, `IPv4 ${HOST}:${UNASKED}`],
  "no family": [noFamily(undefined), FAMILY, `undefined ${HOST}:${UNASKED}`],
};
for (const [what, [answer, [code, text], shown]] of Object.entries(BAD)) {
  test(`lookup() that gives ${what}: ${code}, as net words it`, async () => {
    for (const autoSelectFamily of [true, false]) {
      const { events, error } = await life(
        connect({ host: HOST, port: UNASKED, lookup: giving([answer]), autoSelectFamily }),
      );
      assert.equal([error!.code, error!.message], [code, text + shown]);
      assert.instance(error, code === IP[0] ? TypeError : RangeError);
      const { host, port } = error as Failure & { host?: string; port?: number };
      assert.equal([host, port], code === IP[0] ? [undefined, undefined] : [HOST, UNASKED]);
      assert.equal(events, [["lookup", null, answer.address, answer.family, HOST]]);
    }
  });
}

test("lookup() that gives nothing: ERR_INVALID_IP_ADDRESS", async () => {
  const { error } = await life(connect({ host: HOST, port: UNASKED, lookup: giving([]) }));
  assert.is(error!.code, "ERR_INVALID_IP_ADDRESS");
});

test("lookup() that gives a list with nothing in the place of an answer: no exception, and others are tried", async () => {
  for (const nothing of [null, undefined]) {
    const { error } = await life(
      connect({ host: HOST, port: UNASKED, lookup: giving([nothing as never]), autoSelectFamily: true }),
    );
    assert.equal([error!.code, error!.message], ["ERR_INVALID_IP_ADDRESS", `Invalid IP address: ${nothing}`]);
  }
  await served(async (port) => {
    const lookup = giving([null as never, v4("127.0.0.1")]);
    const { events } = await life(connect({ host: HOST, port, lookup, autoSelectFamily: true }));
    assert.equal(events.at(-1), ["ready"]);
  });
});

test("among several addresses, wrong ones and repetitions are passed over", () =>
  served(async (port) => {
    const lookup = giving([v6("wrong"), v4("127.0.0.1"), v4("127.0.0.1")]);
    const socket = connect({ host: HOST, port, lookup });
    const { events } = await life(socket);
    assert.equal(events.filter(([name]) => name === "lookup").length, 3);
    assert.equal(events.filter(([name]) => name === "connectionAttempt").length, 1);
    assert.equal(events.at(-1), ["ready"]);
  }));

test("the first address refuses: the second serves", () =>
  served(async (port) => {
    const socket = connect({ host: HOST, port, lookup: giving([v6("::1"), v4("127.0.0.1")]) });
    const { events, error } = await life(socket);
    assert.is(error, undefined);
    assert.equal(events, [
      ["lookup", null, "::1", 6, HOST],
      ["lookup", null, "127.0.0.1", 4, HOST],
      ["connectionAttempt", "::1", port, 6],
      ["connectionAttemptFailed", "::1", port, 6, "ECONNREFUSED"],
      ["connectionAttempt", "127.0.0.1", port, 4],
      ["connect"],
      ["ready"],
    ]);
    assert.equal(socket.autoSelectFamilyAttemptedAddresses, [`::1:${port}`, `127.0.0.1:${port}`]);
  }));

test("options and messages that were set before go to the address that serves", () =>
  served(async (port, server) => {
    const socket = connect({ host: HOST, port, lookup: giving([v6("::1"), v4("127.0.0.1")]), OS: 3 });
    socket.setNoDelay(false);
    socket.write("waits");
    const [peer] = await once(server, "connection");
    assert.is((await once(peer, "data"))[0].toString(), "waits");
    assert.is(socket.outboundStreams, 3);
    assert.is(socket.remoteAddress, "127.0.0.1");
    const over = life(socket);
    socket.resume().end();
    await over;
  }));

test("families take turns, beginning with the first", async () => {
  const keeper = await listening({}, "::"); // so that the stack's own port is open and refuses
  const { port } = endpointOf(keeper);
  const none = await unusedPort(port);
  const answers = [v6("::1"), v6("::2"), v4("127.0.0.1"), v4("127.0.0.2")];
  const socket = connect({ host: HOST, port: none, lookup: giving(answers) });
  await life(socket);
  const expected = ["::1", "127.0.0.1", "::2", "127.0.0.2"].map((address) => `${address}:${none}`);
  assert.equal(socket.autoSelectFamilyAttemptedAddresses, expected);
  await closed(keeper);
});

test("all addresses fail: an AggregateError with each error, and the first one's code", async () => {
  const keeper = await listening({}, "::");
  const port = await unusedPort(endpointOf(keeper).port);
  const socket = connect({ host: HOST, port, lookup: giving([v6("::1"), v4("127.0.0.1")]) });
  const { events, error } = await life(socket);
  assert.instance(error, AggregateError);
  assert.is(error!.code, "ECONNREFUSED");
  assert.equal(
    error!.errors!.map(({ code, address, port }: Failure & Partial<Answer> & { port?: number }) => [
      code,
      address,
      port,
    ]),
    [["ECONNREFUSED", "::1", port], ["ECONNREFUSED", "127.0.0.1", port]],
  );
  assert.is(events.filter(([name]) => name === "connectionAttemptFailed").length, 2);
  await closed(keeper);
});

test("without autoSelectFamily only the first address is tried", async () => {
  const keeper = await listening({}, "::");
  const port = await unusedPort(endpointOf(keeper).port);
  const lookup = giving([v6("::1"), v4("127.0.0.1")]);
  const { events, error } = await life(connect({ host: HOST, port, lookup, autoSelectFamily: false }));
  assert.is(error!.code, "ECONNREFUSED");
  assert.not.instance(error, AggregateError);
  assert.equal(events.filter(([name]) => name === "connectionAttempt"), [[
    "connectionAttempt",
    "::1",
    port,
    6,
  ]]);
  await closed(keeper);
});

test("destroy() in each handler on the way stops there", async () => {
  for (const name of ["lookup", "connectionAttempt", "connectionAttemptFailed"]) {
    await served(async (port) => {
      const socket = connect({ host: HOST, port, lookup: giving([v6("::1"), v4("127.0.0.1")]) });
      const over = life(socket);
      socket.on(name, () => socket.destroy());
      const { events, error } = await over;
      assert.is(error, undefined);
      assert.is(events.at(-1)![0], name);
      assert.is(events.filter((one) => one[0] === name).length, 1);
    });
  }
});

test("allAddresses makes one peer of all addresses", async () => {
  const all = ["127.0.0.1", "127.0.0.2"];
  const server = createServer((peer) => peer.resume()).listen({ localAddresses: all });
  await once(server, "listening");
  const { port } = server.address()!;
  const socket = connect({ host: HOST, port, lookup: giving(all.map(v4)), allAddresses: true });
  await once(socket, "connect");
  assert.equal([...socket.remoteAddresses].sort(), all);
  const over = life(socket);
  socket.resume().end();
  const { error } = await over;
  assert.is(error, undefined);
  await closed(server);
});

const noSilentAddress = blackHole.reason ??
  (blackHole.udpPort && "what does not answer is a UDP port, which is the same for all addresses of a name");
if (noSilentAddress) skip("the first address does not answer: the second serves", noSilentAddress);
else {
  test("an address that does not answer: the next one is tried after autoSelectFamilyAttemptTimeout", async () => {
    await servedAnywhere(async (port) => {
      const lookup = giving([v4(blackHole.host), v4("127.0.0.1")]);
      const socket = connect({ host: HOST, port, lookup, autoSelectFamilyAttemptTimeout: 50 });
      const { events } = await life(socket);
      assert.equal(events.slice(2), [
        ["connectionAttempt", blackHole.host, port, 4],
        ["connectionAttemptTimeout", blackHole.host, port, 4],
        ["connectionAttempt", "127.0.0.1", port, 4],
        ["connect"],
        ["ready"],
      ]);
    });
  });
}

if (blackHole.reason) skip("no address answers", blackHole.reason);
else {
  test("no address answers: each is tried, then connectTimeout ends it", async () => {
    const { host, port, udpPort } = blackHole;
    const second = udpPort === undefined ? "192.0.2.3" : "127.0.0.2";
    const socket = connect({
      host: HOST,
      port,
      ...(udpPort && { udpPort }),
      lookup: giving([v4(host), v4(second)]),
      autoSelectFamilyAttemptTimeout: 50,
      connectTimeout: 300,
    });
    const { events, error } = await life(socket);
    assert.is(error!.code, "ETIMEDOUT");
    assert.equal(events.slice(2), [
      ["connectionAttempt", host, port, 4],
      ["connectionAttemptTimeout", host, port, 4],
      ["connectionAttempt", second, port, 4],
    ]);
  });

  test("connectTimeout 0 leaves it to the stack: it is still connecting when another has given up", async () => {
    const { host, port, udpPort } = blackHole;
    const options = { host, port, ...(udpPort && { udpPort }) };
    const patient = connect({ ...options, connectTimeout: 0 });
    const usual = connect(options); // 30 s
    const hasty = connect({ ...options, connectTimeout: 100 });
    const { error } = await life(hasty);
    assert.is(error!.code, "ETIMEDOUT");
    for (const socket of [patient, usual]) {
      assert.is(socket.connecting, true);
      socket.destroy();
      await once(socket, "close");
    }
  });
}

/** A port, not that one, that nobody has. */
async function unusedPort(port: number): Promise<number> {
  const spare = await listening({}, "::");
  const found = endpointOf(spare).port;
  await closed(spare);
  assert.is.not(found, port);
  return found;
}

/** A server on all addresses. */
async function servedAnywhere(body: (port: number) => Promise<void>): Promise<void> {
  const server = await listening({}, "::");
  server.on("connection", (peer) => peer.on("error", () => {}).resume());
  await body(endpointOf(server).port);
  await closed(server);
}

test("a lookup() that calls back twice makes one association", () =>
  served(async (port, server) => {
    let connections = 0;
    server.on("connection", () => connections++);
    const answer = giving([v4("127.0.0.1")]);
    const lookup: ConnectOptions["lookup"] = (host, options, callback) => {
      answer(host, options, callback);
      answer(host, options, callback);
    };
    const client = connect({ port, host: HOST, lookup });
    await once(client, "connect");
    client.resume().end();
    await once(client, "close");
    assert.is(connections, 1);
  }));

test("an error of the user's lookup() is given as it is: the same, with its own message", async () => {
  const refused = Object.freeze(Object.assign(new Error("queryA EPERM"), { code: "EPERM" }));
  const lookup: ConnectOptions["lookup"] = (_host, _options, callback) => callback(refused, "");
  const client = connect({ port: UNASKED, host: HOST, lookup });
  const error = await new Promise((resolve) => client.on("error", resolve));
  assert.is(error, refused);
  assert.is(refused.message, "queryA EPERM");
});

test.run();
