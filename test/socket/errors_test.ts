/** What goes wrong has a code, an errno, a syscall, an address and a port. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, createServer, type SystemError } from "netsctp";
import { blackHole, skip } from "../helpers/capabilities.ts";
import { closed, connectedPair, endpointOf, listening, LOOPBACKS } from "../helpers/pair.ts";

for (const host of LOOPBACKS) {
  test(`nobody listens on ${host}: ECONNREFUSED`, async () => {
    // The port was just given up; another server keeps the stack's own port open.
    const keeper = await listening({}, host);
    const gone = await listening({}, host);
    const { port } = endpointOf(gone);
    await closed(gone);
    const client = connect({ host, port });
    const error = await new Promise<NodeJS.ErrnoException & { address?: string; port?: number }>((resolve) =>
      client.on("error", resolve)
    );
    assert.is(error.code, "ECONNREFUSED");
    assert.is(error.syscall, "connect");
    assert.ok(error.errno! < 0);
    assert.is(error.address, host);
    assert.is(error.port, port);
    assert.is(error.message, `connect ECONNREFUSED ${host}:${port}`);
    await closed(keeper);
  });
}

test("a connection from an address and a port: its error has both", async () => {
  const keeper = await listening();
  const [gone, local] = [await listening(), await listening()];
  const { host, port } = endpointOf(gone);
  const localPort = endpointOf(local).port;
  await Promise.all([closed(gone), closed(local)]);
  const failure = (options: object) =>
    new Promise<SystemError>((resolve) => connect({ host, port, ...options }).on("error", resolve));
  for (const options of [{ localPort, localAddress: "127.0.0.2" }, { localPort }]) {
    const error = await failure(options);
    const localAddress = options.localAddress ?? "0.0.0.0";
    const where = `${host}:${port} - Local (${localAddress}:${localPort})`;
    assert.is(error.message, `connect ECONNREFUSED ${where}`);
    assert.equal([error.localAddress, error.localPort], [localAddress, localPort]);
  }
  const error = await failure({ localAddress: "127.0.0.2" });
  assert.is(error.message, `connect ECONNREFUSED ${host}:${port}`);
  assert.not.ok("localAddress" in error);
  await closed(keeper);
});

test("a port that is taken: EADDRINUSE, as an event", async () => {
  const first = await listening();
  const { host, port } = endpointOf(first);
  const second = createServer();
  second.listen({ host, port }, () => assert.unreachable("the port is taken"));
  const [error] = await once(second, "error").catch((error) => [error]);
  assert.is(error.code, "EADDRINUSE");
  assert.is(error.syscall, "listen");
  assert.is(error.port, port);
  assert.is(error.message, `listen EADDRINUSE: address already in use ${host}:${port}`);
  assert.is(second.listening, false);
  await closed(first);
  const third = createServer().listen({ host, port }); // the failure left nothing behind
  await once(third, "listening");
  await closed(third);
});

test("an address that is not this machine's: EADDRNOTAVAIL", async () => {
  const server = createServer().listen({ host: "198.51.100.1", port: 0 });
  const [error] = await once(server, "error").catch((error) => [error]);
  assert.is(error.code, "EADDRNOTAVAIL");
  assert.is(error.message, "listen EADDRNOTAVAIL: address not available 198.51.100.1");
  assert.not.ok("port" in error);
  const peer = await listening();
  const client = connect({ ...endpointOf(peer), localAddress: "198.51.100.1" });
  const failure = await new Promise<NodeJS.ErrnoException>((resolve) => client.on("error", resolve));
  assert.is(failure.code, "EADDRNOTAVAIL");
  assert.is(failure.message, "bind EADDRNOTAVAIL 198.51.100.1");
  assert.is(failure.syscall, "bind");
  assert.not.ok("port" in failure);
  await closed(peer);
});

if (blackHole.reason) skip("connectTimeout", blackHole.reason);
else {
  test("no answer within connectTimeout: ETIMEDOUT, once, and nothing left", async () => {
    const client = connect({
      host: blackHole.host,
      port: blackHole.port,
      udpPort: blackHole.udpPort,
      connectTimeout: 200,
    });
    const ended = new Promise<boolean>((resolve) => client.on("close", resolve));
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => client.on("error", resolve));
    assert.is(error.code, "ETIMEDOUT");
    assert.is(error.syscall, "connect");
    assert.is(await ended, true);
  });
}

test("a write after the peer's SHUTDOWN: EPIPE, remote ended", async () => {
  const { client, peer, close } = await connectedPair();
  peer.pause();
  client.end("last");
  await once(peer, "readable"); // the message, and behind it the end, which a paused reader does not see
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
    peer.on("error", resolve);
    const again = () => peer.destroyed || peer.write("late", () => setImmediate(again));
    again();
  });
  assert.is(error.code, "EPIPE");
  assert.is(error.message, "remote ended");
  await close();
});

test.run();
