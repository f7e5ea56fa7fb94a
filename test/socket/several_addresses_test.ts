/** Several addresses at each end: bound and connected to as one, told the same by both ends, all of them or none. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "netsctp";
import { closed, endpointOf, listening } from "../helpers/pair.ts";

const LISTS = [["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "127.0.0.1"], ["::1", "127.0.0.1", "127.0.0.2"]];

/** On no interface, so it cannot be bound (RFC 5737). */
const FOREIGN = "198.51.100.1";

const familyOf = (address: string) => address.includes(":") ? "IPv6" : "IPv4";

async function listeningOn(localAddresses: string[]): Promise<Server> {
  const server = createServer().listen({ localAddresses });
  await once(server, "listening");
  return server;
}

async function ended(client: Socket, server: Server): Promise<void> {
  client.end();
  await once(client.resume(), "close");
  await closed(server);
}

test("an address named twice, and once as an IPv6 one, is one address", async () => {
  const twice = ["127.0.0.1", "127.0.0.2", "127.0.0.1", "::ffff:127.0.0.2"];
  const server = await listeningOn(twice);
  assert.equal(server.getLocalAddresses().map(({ address }) => address), ["127.0.0.1", "127.0.0.2"]);
  const client = connect({ port: server.address()!.port, remoteAddresses: twice, localAddresses: twice });
  await once(client, "connect");
  assert.equal([...client.remoteAddresses].sort(), ["127.0.0.1", "127.0.0.2"]);
  assert.equal([...client.localAddresses].sort(), ["127.0.0.1", "127.0.0.2"]);
  await ended(client, server);
});

for (const addresses of LISTS) {
  test(`a server on ${addresses}: all of them with one port, in this order`, async () => {
    const server = await listeningOn(addresses);
    const { port } = server.address()!;
    assert.ok(port > 0);
    const all = addresses.map((address): AddressInfo => ({ address, family: familyOf(address), port }));
    assert.equal(server.getLocalAddresses(), all);
    assert.equal(server.address(), all[0]);
    await closed(server);
  });

  test(`${addresses} at both ends: each end has what the other has`, async () => {
    const server = await listeningOn(addresses);
    const { port } = server.address()!;
    const client = connect({ port, remoteAddresses: addresses, localAddresses: addresses });
    const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]);
    const sorted = [...addresses].sort();
    for (const [one, other] of [[client, peer], [peer, client]] as [Socket, Socket][]) {
      assert.equal([...one.localAddresses].sort(), sorted);
      assert.equal([...one.remoteAddresses].sort(), sorted);
      assert.is(one.localAddress, one.localAddresses[0]);
      assert.is(one.remoteAddress, one.remoteAddresses[0]);
      assert.is(one.localFamily, familyOf(one.localAddress!));
      assert.is(one.remoteFamily, familyOf(one.remoteAddress!));
      assert.is(one.localPort, other.remotePort);
      assert.equal(one.address(), {
        address: one.localAddress,
        family: one.localFamily,
        port: one.localPort,
      });
    }
    assert.equal(client.remoteAddresses, addresses); // as given: the first is the primary one
    assert.is(client.remotePort, port);
    await ended(client, server);
  });
}

test("one port for all addresses may be chosen, at the server and at the client", async () => {
  const addresses = ["127.0.0.1", "127.0.0.2"];
  const [spare, spareToo] = [await listening(), await listening()];
  const [port, localPort] = [endpointOf(spare).port, endpointOf(spareToo).port];
  await Promise.all([closed(spare), closed(spareToo)]);
  const server = createServer().listen({ localAddresses: addresses, port });
  await once(server, "listening");
  assert.equal(server.getLocalAddresses().map((one) => one.port), [port, port]);
  const client = connect({ port, remoteAddresses: addresses, localAddresses: addresses, localPort });
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]);
  assert.equal([client.localPort, peer.remotePort], [localPort, localPort]);
  await ended(client, server);
});

test("a client that names one address of a server learns of the others", async () => {
  const server = await listeningOn(["127.0.0.1", "127.0.0.2"]);
  const client = connect({ port: server.address()!.port, host: "127.0.0.2" });
  await once(client, "connect");
  assert.equal([...client.remoteAddresses].sort(), ["127.0.0.1", "127.0.0.2"]);
  assert.is(client.remoteAddress, "127.0.0.2");
  await ended(client, server);
});

test("a server can be reached at each of its addresses, of either family", async () => {
  const server = await listeningOn(["127.0.0.1", "127.0.0.2", "::1"]);
  const { port } = server.address()!;
  for (const { address } of server.getLocalAddresses()) {
    const client = connect({ port, remoteAddresses: [address] });
    const [peer] = await once(server, "connection") as [Socket];
    assert.is(client.remoteAddress, address);
    const ended = once(client, "close");
    peer.end("x");
    const [message] = await once(client, "data");
    assert.is(message.toString(), "x");
    await ended;
  }
  await closed(server);
});

test("addresses are remembered after the end", async () => {
  const addresses = ["127.0.0.1", "127.0.0.2"];
  const server = await listeningOn(addresses);
  const { port } = server.address()!;
  const client = connect({ port, remoteAddresses: addresses, localAddresses: addresses });
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
    [Socket],
    unknown,
  ];
  const { localPort } = client;
  const told = ({ localAddresses, remoteAddresses }: Socket) => [localAddresses, remoteAddresses];
  const before = [told(client), told(peer)];
  const peerClosed = once(peer.resume(), "close");
  await ended(client, server);
  await peerClosed;
  assert.equal([told(client), told(peer)], before);
  assert.equal([client.localPort, client.remotePort], [localPort, port]);
});

test("before it is up, a client knows where it goes, and not from where", async () => {
  const addresses = ["127.0.0.1", "127.0.0.2"];
  const server = await listeningOn(addresses);
  const { port } = server.address()!;
  const client = connect({ port, remoteAddresses: addresses });
  const attempt = once(client, "connectionAttempt");
  assert.equal(client.remoteAddresses, addresses);
  assert.equal([client.remoteAddress, client.remotePort], ["127.0.0.1", port]);
  assert.equal(client.address(), {});
  assert.equal((await attempt).slice(0, 2), ["127.0.0.1", port]);
  await once(client, "connect");
  assert.equal(client.remoteAddresses, addresses);
  await ended(client, server);
});

const UNASKED = 38412; // a port that nothing is sent to
const HERE = "127.0.0.1";
const TAKEN = "127.0.0.2";

for (
  const [name, locals] of [["first", [FOREIGN, HERE]], ["second", [HERE, FOREIGN]], ["third", [
    HERE,
    TAKEN,
    FOREIGN,
  ]]] as const
) {
  test(`EADDRNOTAVAIL names the address that is not this machine's: the ${name}`, async () => {
    const server = createServer().listen({ localAddresses: [...locals] });
    const [atServer] = await once(server, "error").catch((error) => [error]);
    assert.equal([atServer.code, atServer.syscall, atServer.address], ["EADDRNOTAVAIL", "listen", FOREIGN]);
    const client = connect({ host: HERE, port: UNASKED, localAddresses: [...locals] });
    const [error] = await once(client, "error").catch((error) => [error]);
    assert.equal([error.code, error.syscall, error.address], ["EADDRNOTAVAIL", "bind", FOREIGN]);
    assert.ok(error.message.startsWith(`bind EADDRNOTAVAIL ${FOREIGN}`), error.message);
  });
}

test("EADDRINUSE names the address whose port is taken, which no other is", async () => {
  const holder = await listening({}, TAKEN);
  const { port } = endpointOf(holder);
  for (const localAddresses of [[TAKEN, HERE], [HERE, TAKEN], [HERE, "127.0.0.3", TAKEN, "::1"]]) {
    const server = createServer().listen({ localAddresses, port });
    const [atServer] = await once(server, "error").catch((error) => [error]);
    const told = (
      { code, syscall, address, port }: Record<string, unknown>,
    ) => [code, syscall, address, port];
    assert.equal(told(atServer), ["EADDRINUSE", "listen", TAKEN, port]);
    const client = connect({ host: HERE, port: UNASKED, localAddresses, localPort: port });
    const [error] = await once(client, "error").catch((error) => [error]);
    assert.equal(told(error), ["EADDRINUSE", "bind", TAKEN, port]);
  }
  await closed(holder);
});

test("one address of a server's is not this machine's: EADDRNOTAVAIL, and none is bound", async () => {
  const spare = await listening();
  const { port } = endpointOf(spare);
  await closed(spare);
  const server = createServer().listen({ localAddresses: ["127.0.0.1", FOREIGN], port });
  const [error] = await once(server, "error").catch((error) => [error]);
  assert.equal([error.code, error.syscall, server.listening], ["EADDRNOTAVAIL", "listen", false]);
  assert.is(server.address(), null);
  server.listen({ localAddresses: ["127.0.0.1"], port });
  await once(server, "listening");
  await closed(server);
});

test("one address of a client's is not this machine's: EADDRNOTAVAIL, and none is bound", async () => {
  const server = await listening();
  const spare = await listening();
  const { port: localPort } = endpointOf(spare);
  await closed(spare);
  const failing = connect({ ...endpointOf(server), localAddresses: ["127.0.0.1", FOREIGN], localPort });
  const [error] = await once(failing, "error").catch((error) => [error]);
  assert.equal([error.code, error.syscall], ["EADDRNOTAVAIL", "bind"]);
  const client = connect({ ...endpointOf(server), localAddresses: ["127.0.0.1"], localPort });
  await once(client, "connect");
  assert.is(client.localPort, localPort);
  await ended(client, server);
});

test("getLocalAddresses() of a server that does not listen throws ERR_SERVER_NOT_RUNNING", async () => {
  const server = createServer();
  const isNotRunning = ({ code }: NodeJS.ErrnoException) => code === "ERR_SERVER_NOT_RUNNING";
  assert.throws(() => server.getLocalAddresses(), isNotRunning);
  server.listen({ localAddresses: ["127.0.0.1"] });
  await once(server, "listening");
  await closed(server);
  assert.throws(() => server.getLocalAddresses(), isNotRunning);
});

test("the addresses that a server returns are a copy", async () => {
  const server = await listeningOn(["127.0.0.1", "127.0.0.2"]);
  server.getLocalAddresses().pop();
  server.address()!.port = 1;
  assert.is(server.getLocalAddresses().length, 2);
  assert.is.not(server.address()!.port, 1);
  await closed(server);
});

test.run();
