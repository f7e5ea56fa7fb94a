/** Addresses of both IP versions at the two ends: what cannot go together fails at once as in `net`, the rest works. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type ConnectOptions, createServer, type Server, type Socket } from "netsctp";
import { closed, endpointOf, listening } from "../helpers/pair.ts";

const HOST = "peer.test"; // never asked for: the tests have their own lookup()

const UNASKED = 38412; // a port that nothing is sent to

type Answer = { address: string; family: number };
const FOUR: Answer = { address: "127.0.0.1", family: 4 };
const SIX: Answer = { address: "::1", family: 6 };

/** A name that has these addresses, whichever are asked for. */
function named(...answers: Answer[]): Partial<ConnectOptions> {
  const lookup: ConnectOptions["lookup"] = (_host, { all }, callback) =>
    all ? callback(null, answers) : callback(null, answers[0]!.address, answers[0]!.family);
  return { host: HOST, lookup };
}

/** What becomes of it: its error, or the address that it has reached. */
async function outcome(
  options: ConnectOptions,
): Promise<NodeJS.ErrnoException & { address?: string } | string> {
  const socket = connect(options);
  const failed = new Promise<Error>((resolve) => socket.on("error", resolve));
  const result = await Promise.race([failed, once(socket, "connect").then(() => socket.remoteAddress!)]);
  socket.destroy();
  return result;
}

async function listeningOnBoth(): Promise<Server> {
  const server = createServer((peer) => peer.on("error", () => {}).resume()).listen({
    localAddresses: ["::1", "127.0.0.1"],
  });
  await once(server, "listening");
  return server;
}

const MAPPED = "::ffff:127.0.0.1";

const IMPOSSIBLE: [string, Partial<ConnectOptions>, string][] = [
  ["IPv4 from IPv6", { host: "127.0.0.1", localAddress: "::1" }, "::1"],
  ["IPv6 from IPv4", { host: "::1", localAddress: "127.0.0.1" }, "127.0.0.1"],
  ["IPv6 from any IPv4", { host: "::1", localAddress: "0.0.0.0" }, "0.0.0.0"],
  ["IPv6 from a mapped IPv4", { host: "::1", localAddress: MAPPED }, MAPPED],
  ["a mapped IPv4 from IPv6", { host: "0:0:0:0:0:FFFF:7f00:1", localAddress: "::1" }, "::1"],
  ["IPv4 from IPv6, whatever the family", { host: "127.0.0.1", localAddress: "::1", family: 6 }, "::1"],
  ["IPv4 from several of IPv6", { host: "127.0.0.1", localAddresses: ["::1", "::2"] }, "::1"],
  ["several of IPv6 from IPv4", { remoteAddresses: ["::1", "::2"], localAddress: "127.0.0.1" }, "127.0.0.1"],
  ["several of IPv4 from several of IPv6", {
    remoteAddresses: ["127.0.0.1", "127.0.0.2"],
    localAddresses: ["::1", "::2"],
  }, "::1"],
  ["a name of IPv4 from IPv6", { ...named(FOUR), localAddress: "::1" }, "::1"],
  ["a name of IPv6 from IPv4", { ...named(SIX), localAddress: "127.0.0.1" }, "127.0.0.1"],
  ["a name of IPv6 from IPv4, its first address only", {
    ...named(SIX),
    localAddress: "127.0.0.1",
    autoSelectFamily: false,
  }, "127.0.0.1"],
  ["a name of IPv6 from IPv4, all its addresses", {
    ...named(SIX),
    localAddress: "127.0.0.1",
    allAddresses: true,
  }, "127.0.0.1"],
  ["localhost of IPv4 from IPv6", { host: "localhost", family: 4, localAddress: "::1" }, "::1"],
];

for (const [name, options, address] of IMPOSSIBLE) {
  test(`${name}: EINVAL on bind, and no attempt`, async () => {
    const socket = connect({ port: UNASKED, ...options });
    socket.on("connectionAttempt", () => assert.unreachable("it cannot be reached"));
    const [error] = await once(socket, "error").catch((error) => [error]);
    assert.equal([error.code, error.syscall, error.address, error.port], [
      "EINVAL",
      "bind",
      address,
      undefined,
    ]);
    assert.ok(error.message.startsWith(`bind EINVAL ${address}`), error.message);
  });
}

test("the error has the local port, where one was asked for", async () => {
  const error = await outcome({ host: "127.0.0.1", port: UNASKED, localAddress: "::1", localPort: 45451 });
  assert.ok(error instanceof Error);
  assert.is((error as NodeJS.ErrnoException & { port?: number }).port, 45451);
  assert.ok(error.message.startsWith("bind EINVAL ::1:45451"), error.message);
});

const POSSIBLE: [string, Partial<ConnectOptions>, string][] = [
  ["a name of both, from IPv4", { ...named(SIX, FOUR), localAddress: "127.0.0.1" }, "127.0.0.1"],
  ["a name of both, from IPv6", { ...named(FOUR, SIX), localAddress: "::1" }, "::1"],
  ["a name of both, from IPv4, without autoSelectFamily", {
    ...named(SIX, FOUR),
    localAddress: "127.0.0.1",
    autoSelectFamily: false,
  }, "127.0.0.1"],
  ["a name of both taken for one peer, from IPv4", {
    ...named(SIX, FOUR),
    localAddress: "127.0.0.1",
    allAddresses: true,
  }, "127.0.0.1"],
  [
    "IPv6 and IPv4, from IPv4",
    { remoteAddresses: ["::1", "127.0.0.1"], localAddress: "127.0.0.1" },
    "127.0.0.1",
  ],
  ["IPv4 and IPv6, from IPv6", { remoteAddresses: ["127.0.0.1", "::1"], localAddresses: ["::1"] }, "::1"],
  ["IPv6, from both", { host: "::1", localAddresses: ["127.0.0.1", "::1"] }, "::1"],
  ["IPv4, from both", { host: "127.0.0.1", localAddresses: ["::1", "127.0.0.1"] }, "127.0.0.1"],
  ["both, from both", { remoteAddresses: ["::1", "127.0.0.1"], localAddresses: ["127.0.0.1", "::1"] }, "::1"],
  ["IPv4, from ::", { host: "127.0.0.1", localAddress: "::" }, "127.0.0.1"],
  ["IPv4, from :: in full", { host: "127.0.0.1", localAddress: "0:0:0:0:0:0:0:0" }, "127.0.0.1"],
  ["IPv4, from a mapped IPv4", { host: "127.0.0.1", localAddress: "::ffff:7f00:1" }, "127.0.0.1"],
  ["IPv4, though its family is said to be 6", { host: "127.0.0.1", family: 6 }, "127.0.0.1"],
];

for (const [name, options, address] of POSSIBLE) {
  test(`${name}: connects`, async () => {
    const server = await listeningOnBoth();
    assert.is(await outcome({ port: endpointOf(server).port, ...options }), address);
    await closed(server);
  });
}

test("IPv6 reaches ::, and the stack says whether that is an address to connect to", async () => {
  const server = await listeningOnBoth();
  const result = await outcome({ host: "::", port: endpointOf(server).port, localAddress: "::1" });
  if (typeof result !== "string") assert.is(result.syscall, "connect");
  await closed(server);
});

test("what cannot be reached is not told as the peer's", async () => {
  const server = await listening();
  server.on("connection", (peer) => peer.on("error", () => {}));
  const client = connect({
    port: endpointOf(server).port,
    remoteAddresses: ["::1", "127.0.0.1"],
    localAddress: "127.0.0.1",
  });
  await once(client, "connect");
  assert.equal(client.remoteAddresses, ["127.0.0.1"]);
  client.destroy();
  await closed(server);
});

for (const wrong of [{ ...FOUR, family: 6 }, { ...SIX, family: 4 }]) {
  test(`a lookup that gives ${wrong.address} for family ${wrong.family}: EINVAL, as in net`, async () => {
    for (const autoSelectFamily of [true, false]) {
      const error = await outcome({
        ...named(wrong),
        port: UNASKED,
        autoSelectFamily,
      }) as NodeJS.ErrnoException;
      assert.equal([error.code, error.syscall], ["EINVAL", "connect"]);
    }
  });
}

test("of a lookup's answers, one with the wrong family is left out", async () => {
  const server = await listening();
  server.on("connection", (peer) => peer.on("error", () => {}));
  const { port } = endpointOf(server);
  assert.is(await outcome({ ...named({ ...SIX, family: 4 }, FOUR), port }), "127.0.0.1");
  await closed(server);
});

test("ipv6Only says nothing of a server on IPv4, as in net", async () => {
  const server = createServer().listen({ host: "127.0.0.1", ipv6Only: true });
  await once(server, "listening");
  assert.is(server.address()!.address, "127.0.0.1");
  await closed(server);
});

test("ipv6Only with addresses of both: EINVAL, which names the one of IPv4", async () => {
  for (const localAddresses of [["::1", "127.0.0.1"], ["127.0.0.1", "::1"]]) {
    const server = createServer().listen({ localAddresses, ipv6Only: true });
    const [error] = await once(server, "error").catch((error) => [error]);
    assert.equal([error.code, error.syscall, error.address], ["EINVAL", "listen", "127.0.0.1"]);
  }
});

test("ipv6Only on ::, and clients of both", async () => {
  const server = createServer((peer: Socket) => peer.on("error", () => {}).resume());
  server.listen({ host: "::", ipv6Only: true });
  await once(server, "listening");
  const { port } = server.address()!;
  assert.is(await outcome({ host: "::1", port }), "::1");
  const refused = await outcome({ host: "127.0.0.1", port });
  assert.is((refused as NodeJS.ErrnoException).code, "ECONNREFUSED");
  await closed(server);
});

test.run();
