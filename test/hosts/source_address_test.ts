/** A host has more than one address: each packet leaves from the one that its way out has, or that was asked, and
 * `localAddress` says which. What lies between drops all others: a router that translates addresses, a strict filter. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type ConnectOptions, type ListenOptions, type Socket } from "netsctp";
import { runtime, skip, stack } from "../helpers/capabilities.ts";
import { addLink, here, type Host, withHosts } from "../helpers/hosts.ts";
import { beside, type Program, start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";

const PORT = 5001;
const CLOSED_PORT = 5009;
const DOCKER = "172.17.0.1";
const HEARTBEATS = { keepAlive: true, keepAliveInitialDelay: 1000 };

/** What a server on another host tells of a connection. */
interface Told {
  localAddress: string;
  localAddresses: string[];
  remoteAddress: string;
  remoteAddresses: string[];
}

/** Has a program serve on another host: a server on PORT, or one for each set of options that are given. */
async function serving<T>(
  host: Host,
  body: (peer: Program) => Promise<T>,
  ...servers: Partial<ListenOptions>[]
): Promise<T> {
  const options = (servers.length > 0 ? servers : [{}])
    .map((server) => JSON.stringify({ port: PORT, ...HEARTBEATS, ...server }));
  const program = commandOn(runtime, "test/helpers/host_peer.ts", options);
  return await beside(start(host.command(program)), async (peer) => {
    for (const _ of options) await peer.says(/listening/);
    return await body(peer);
  });
}

let count = 0;

/** Messages come every 50 ms: with so many of them, heartbeats have gone both ways, too. */
const LONG = 40;

/** Connects, and has messages go both ways. Returns what the server tells of it. */
async function talk(peer: Program, options: Partial<ConnectOptions>, messages = 3): Promise<[Socket, Told]> {
  const name = `send ${++count}`;
  const socket = connect({ port: PORT, ...HEARTBEATS, ...options });
  await once(socket, "connect");
  socket.write(name);
  const [line] = await peer.says(new RegExp(`{"name":"${name}".*}`));
  for (let i = 0; i < messages; i++) await once(socket, "data");
  return [socket, JSON.parse(line)];
}

async function ended(socket: Socket): Promise<void> {
  socket.end();
  await once(socket, "close");
}

/** Watches an interface for packets of SCTP, or of SCTP over UDP, from elsewhere than these. */
function watchStrays(name: string, ...sources: string[]): Promise<() => Promise<string>> {
  return here.watch(name, ["(udp or sctp)", ...sources.map((source) => `not src ${source}`)].join(" and "));
}

test("bound to no address, beside docker0: a client behind a strict filter sees one address alone", () =>
  withHosts(["far"], async (far) => {
    addLink([here, "near0", "10.1.0.1/24", "fd01::1/64"], [far, "far0", "10.1.0.2/24", "fd01::2/64"]);
    far.addBridge("docker0", `${DOCKER}/16`);
    far.ip("addr", "add", "fd17::1/64", "dev", "docker0", "nodad");
    here.sysctl("net.ipv4.conf.all.rp_filter", 1);
    here.sysctl("net.ipv4.conf.near0.rp_filter", 1);
    const strays = await watchStrays("near0", "10.1.0.1", "10.1.0.2", "fd01::1", "fd01::2");
    await serving(far, async (peer) => {
      for (const [host, own] of [["10.1.0.2", "10.1.0.1"], ["fd01::2", "fd01::1"]] as const) {
        const [socket, told] = await talk(peer, { host }, LONG);
        assert.is(socket.localAddress, own);
        assert.is(socket.remoteAddress, host);
        assert.is(told.localAddress, host);
        assert.is(told.localAddresses[0], host);
        assert.is(told.remoteAddress, own);
        await ended(socket);
        const [aborted] = await talk(peer, { host });
        aborted.destroy();
        await peer.says(/"closed"/);
        const [error] = await once(connect({ host, port: CLOSED_PORT }), "error");
        assert.is(error.code, "ECONNREFUSED");
      }
    });
    assert.is(await strays(), "");
  }));

test("bound to two addresses: on each link only the addresses of that link, whichever was bound last", () =>
  withHosts(["far"], async (far) => {
    for (const i of [0, 1]) {
      addLink(
        [here, `near${i}`, `10.${i}.0.1/24`, `fd0${i}::1/64`],
        [far, `far${i}`, `10.${i}.0.2/24`, `fd0${i}::2/64`],
      );
    }
    const strays = await Promise.all(
      [0, 1].map((i) => watchStrays(`near${i}`, `net 10.${i}.0.0/24`, `net fd0${i}::/64`)),
    );
    const lists = { near: ["10.0.0.1", "10.1.0.1"], far: ["10.0.0.2", "10.1.0.2"] };
    const lists6 = { near: ["fd00::1", "fd01::1"], far: ["fd00::2", "fd01::2"] };
    const bound = [lists, lists6].flatMap(({ near, far: there }) =>
      [there, [...there].reverse()].map((localAddresses) => ({ near, there, localAddresses }))
    );
    const servers = bound.map(({ localAddresses }, i) => ({ port: PORT + i, localAddresses }));
    await serving(far, async (peer) => {
      for (const [i, { near, there }] of bound.entries()) {
        for (const own of [near, [...near].reverse()]) {
          for (const primary of [0, 1]) {
            const [socket, told] = await talk(peer, {
              port: PORT + i,
              localAddresses: own,
              remoteAddresses: primary ? [...there].reverse() : there,
            }, own === near && !primary ? LONG : undefined);
            assert.is(socket.localAddress, near[primary]);
            assert.is(socket.remoteAddress, there[primary]);
            assert.is(told.localAddress, there[primary]);
            assert.is(told.remoteAddress, near[primary]);
            await ended(socket);
          }
        }
      }
    }, ...servers);
    assert.equal(await Promise.all(strays.map((told) => told())), ["", ""]);
  }));

test("through a router that translates addresses, to either of two addresses on one interface", () =>
  withHosts(["router", "far"], async (router, far) => {
    addLink([here, "near0", "10.5.0.2/24"], [router, "inside", "10.5.0.1/24"]);
    addLink([router, "outside", "10.1.0.1/24"], [far, "far0", "10.1.0.2/24", "10.1.0.9/24"]);
    far.addBridge("docker0", `${DOCKER}/16`);
    here.ip("route", "add", "default", "via", "10.5.0.1");
    router.masquerade("outside");
    // The server has no way to the client's own address.
    await serving(far, async (peer) => {
      for (const host of ["10.1.0.2", "10.1.0.9"]) {
        if (host === "10.1.0.9" && stack === "kernel") {
          skip(`a client behind NAT asks ${host}`, "the kernel answers from the interface's first address");
          continue;
        }
        const [socket, told] = await talk(peer, { host }, LONG);
        assert.is(socket.localAddress, "10.5.0.2");
        assert.is(told.localAddress, host);
        assert.is(told.remoteAddress, "10.1.0.1");
        await ended(socket);
      }
    });
  }));

test("addresses come and go under a server that is bound to none in particular", () =>
  withHosts(["far"], async (far) => {
    addLink([here, "near0", "10.1.0.1/24"], [far, "far0", "10.1.0.2/24"]);
    await serving(far, async (peer) => {
      const [first] = await talk(peer, { host: "10.1.0.2" });
      far.ip("addr", "add", "10.1.0.77/24", "dev", "far0");
      const [second, told] = await talk(peer, { host: "10.1.0.77" });
      assert.is(told.localAddress, stack === "kernel" ? "10.1.0.2" : "10.1.0.77");
      // The association outlives its address, which comes back.
      far.ip("addr", "del", "10.1.0.77/24", "dev", "far0");
      await Promise.race([once(second, "data"), once(first, "data")]);
      let listed = true;
      while (listed) {
        const [third] = await talk(peer, { host: "10.1.0.2" });
        listed = third.remoteAddresses.includes("10.1.0.77");
        await ended(third);
      }
      if (stack === "kernel") {
        skip("an address that vanished", "the kernel keeps it in an association's list");
      } else {
        first.write("where");
        const [line] = await peer.says(/{"name":"[^}]*"localAddresses".*}/);
        assert.not((JSON.parse(line) as Told).localAddresses.includes("10.1.0.77"), line);
      }
      far.ip("addr", "add", "10.1.0.77/24", "dev", "far0");
      for (let i = 0; i < 10; i++) await once(second, "data");
      await Promise.all([first, second].map(ended));
    });
  }));

test.run();
