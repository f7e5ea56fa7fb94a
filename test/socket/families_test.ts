/** IPv6, IPv4, and both together: every address is shown as what it is, with its scope where it has one. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type ConnectOptions, createServer, type Server, type Socket } from "netsctp";
import { linkLocal, skip } from "../helpers/capabilities.ts";
import { closed, listening } from "../helpers/pair.ts";

const UNMAPPED = /^[^.]*$|^[^:]*$/; // not both of IPv4's dots and IPv6's colons

/** Everything a socket says about addresses. */
function shown(socket: Socket): string[] {
  const { localAddress, remoteAddress, localAddresses, remoteAddresses, peerInfoByAddress } = socket;
  const { address } = socket.address() as { address: string };
  return [
    localAddress!,
    remoteAddress!,
    ...localAddresses,
    ...remoteAddresses,
    ...Object.keys(peerInfoByAddress),
    address,
  ];
}

/** Connects, checks both ends, says something each way, and closes. */
async function talk(
  server: Server,
  options: Partial<ConnectOptions>,
  check: (client: Socket, peer: Socket) => void,
) {
  const client = connect({ port: server.address()!.port, ...options });
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]);
  check(client, peer);
  client.write("there");
  assert.is((await once(peer, "data"))[0].toString(), "there");
  peer.write("and back");
  assert.is((await once(client, "data"))[0].toString(), "and back");
  const over = Promise.all([once(client, "close"), once(peer, "close")]);
  client.end();
  await over;
}

test("IPv6 at both ends", async () => {
  const server = await listening({}, "::1");
  assert.equal([server.address()!.address, server.address()!.family], ["::1", "IPv6"]);
  assert.equal(server.getLocalAddresses(), [server.address()]);
  // Bound to one address: else the kernel's stack tells the peer all of this machine's.
  await talk(server, { host: "::1", localAddress: "::1" }, (client, peer) => {
    for (const socket of [client, peer]) {
      assert.equal([socket.remoteAddress, socket.remoteFamily, socket.localFamily], ["::1", "IPv6", "IPv6"]);
      assert.equal(socket.remoteAddresses, ["::1"]);
      assert.ok(socket.localAddresses.includes("::1"));
      assert.equal(Object.keys(socket.peerInfoByAddress), ["::1"]);
    }
  });
  await closed(server);
});

test("localAddress of IPv6, also in another notation", async () => {
  const server = await listening({}, "::1");
  for (const localAddress of ["::1", "0:0:0:0:0:0:0:1"]) {
    await talk(server, { host: "::1", localAddress }, (client, peer) => {
      assert.equal([client.localAddress, client.localAddresses, client.localFamily], [
        "::1",
        ["::1"],
        "IPv6",
      ]);
      assert.equal([peer.remoteAddress, peer.remotePort], ["::1", client.localPort]);
    });
  }
  await closed(server);
});

for (const host of ["127.0.0.1", "::ffff:127.0.0.1"]) {
  for (const own of [undefined, "127.0.0.1", "::ffff:127.0.0.1"]) {
    test(`${host}, from ${own ?? "wherever"}, to a server on ::, is IPv4 everywhere`, async () => {
      const server = await listening({}, "::");
      await talk(server, { host, ...(own && { localAddress: own }) }, (client, peer) => {
        for (const socket of [client, peer]) {
          assert.equal([socket.remoteAddress, socket.remoteFamily], ["127.0.0.1", "IPv4"]);
          for (const address of shown(socket)) assert.match(address, UNMAPPED);
        }
        if (own) {
          assert.equal([client.localAddress, client.localFamily], ["127.0.0.1", "IPv4"]);
          assert.equal(client.address(), { address: "127.0.0.1", family: "IPv4", port: client.localPort });
        }
      });
      await closed(server);
    });
  }
}

test("a server on an IPv4-mapped address is one on that IPv4 address", async () => {
  const server = await listening({}, "::ffff:127.0.0.1");
  const { address, family } = server.address()!;
  assert.equal([address, family], ["127.0.0.1", "IPv4"]);
  await talk(server, { host: "127.0.0.1" }, (client, peer) => {
    assert.equal([client.remoteAddress, peer.localAddress], ["127.0.0.1", "127.0.0.1"]);
  });
  await closed(server);
});

test("a server on both families shows each as it is", async () => {
  const server = createServer().listen({ localAddresses: ["::1", "127.0.0.1"] });
  await once(server, "listening");
  const all = server.getLocalAddresses().map(({ address, family }) => `${family} ${address}`);
  assert.equal(all.sort(), ["IPv4 127.0.0.1", "IPv6 ::1"]);
  for (const [host, family] of [["::1", "IPv6"], ["127.0.0.1", "IPv4"]] as const) {
    await talk(server, { host }, (client, peer) => {
      assert.equal([client.remoteAddress, client.remoteFamily], [host, family]);
      for (const socket of [client, peer]) for (const one of shown(socket)) assert.match(one, UNMAPPED);
    });
  }
  await closed(server);
});

test("both families of one peer", async () => {
  const server = createServer().listen({ localAddresses: ["::1", "127.0.0.1"] });
  await once(server, "listening");
  await talk(server, { remoteAddresses: ["::1", "127.0.0.1"] }, (client) => {
    assert.equal([...client.remoteAddresses].sort(), ["127.0.0.1", "::1"]);
    assert.equal(Object.keys(client.peerInfoByAddress).sort(), ["127.0.0.1", "::1"]);
  });
  await closed(server);
});

if (!linkLocal) skip("link-local addresses", "this machine has none");
else {
  const host = linkLocal;
  const [address] = host.split("%");

  test("a link-local address works with its interface, and is shown with it", async () => {
    const server = createServer().listen({ host });
    await once(server, "listening");
    assert.is(server.address()!.address, host);
    await talk(server, { host, localAddress: host }, (client, peer) => {
      for (const socket of [client, peer]) {
        assert.equal([socket.localAddress, socket.remoteAddress], [host, host]);
        assert.equal(Object.keys(socket.peerInfoByAddress), [host]);
      }
    });
    await closed(server);
  });

  const REFUSED = /^(EINVAL|EADDRNOTAVAIL)$/; // each stack has its own idea
  test("without its interface, or with one that does not exist, it is an error", async () => {
    for (const wrong of [address!, `${address}%nowhere0`]) {
      const server = createServer().listen({ host: wrong });
      const [error] = await once(server, "error").catch((error) => [error]);
      assert.is(error.syscall, "listen");
      assert.match(error.code, REFUSED);
      assert.is(server.listening, false);
      const port = 1; // is never asked for
      const client = connect({ host: wrong, port });
      const failure = await new Promise<NodeJS.ErrnoException>((resolve) => client.on("error", resolve));
      assert.match(failure.code!, REFUSED);
    }
  });
}

test.run();
