/** The notifications about paths while an association goes on over another one. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { runtime, skip, stack } from "../helpers/capabilities.ts";
import { addLink, here, type Host, withHosts } from "../helpers/hosts.ts";
import { beside, type Program, start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";

const PORT = 5001;
const HEARTBEATS = { keepAlive: true, keepAliveInitialDelay: 1000 };
const ACTIVE = 2;

async function serving(
  host: Host,
  localAddresses: string[],
  body: (peer: Program) => Promise<void>,
): Promise<void> {
  const options = JSON.stringify({ port: PORT, localAddresses, ...HEARTBEATS });
  await beside(
    start(host.command(commandOn(runtime, "test/helpers/host_peer.ts", [options]))),
    async (peer) => {
      await peer.says(/listening/);
      await body(peer);
    },
  );
}

/** Waits until the path to an address is active. */
async function active(socket: Socket, address: string): Promise<void> {
  while (socket.peerInfoByAddress[address]?.state !== ACTIVE) await once(socket, "peer-info-update");
}

/** The states that notifications tell of the path to an address, one after the other. */
function watchPath(socket: Socket, address: string): (state: string) => Promise<void> {
  const told: string[] = [];
  let look = () => {};
  socket.on("notification", ({ parsed }) => {
    if (parsed.type !== "path-change" || parsed.address?.address !== address) return;
    told.push(parsed.state);
    look();
  });
  return (state) =>
    new Promise((resolve) => {
      look = () => {
        const at = told.indexOf(state);
        if (at < 0) return;
        told.splice(0, at + 1);
        resolve();
      };
      look();
    });
}

async function goesOn(socket: Socket): Promise<void> {
  for (let i = 0; i < 5; i++) await once(socket, "data");
}

test("a path that fails is told to be unreachable, and available when it works again", () =>
  withHosts(["far"], async (far) => {
    const links = [0, 1].map((i) =>
      addLink([here, `near${i}`, `10.${i}.0.1/24`], [far, `far${i}`, `10.${i}.0.2/24`])
    );
    // The fewest time-outs that the kernel can be told to wait for.
    if (stack === "kernel") here.sysctl("net.sctp.path_max_retrans", 1);
    await serving(far, ["10.0.0.2", "10.1.0.2"], async () => {
      const socket = connect({
        port: PORT,
        remoteAddresses: ["10.0.0.2", "10.1.0.2"],
        localAddresses: ["10.0.0.1", "10.1.0.1"],
        ...HEARTBEATS,
      });
      const path = watchPath(socket, "10.1.0.2");
      await once(socket, "connect");
      await active(socket, "10.1.0.2");
      socket.write("send");
      await goesOn(socket);
      // On the userspace stack time-outs take a minute. It goes by ICMP as well: the address is now another host's.
      if (stack === "kernel") await links[1]!.cut();
      else here.ip("addr", "add", "10.1.0.2/32", "dev", "near1");
      await path("unreachable");
      assert.is(socket.peerInfoByAddress["10.1.0.2"]!.state, 0);
      assert.is(socket.peerInfoByAddress["10.0.0.2"]!.state, ACTIVE);
      await goesOn(socket);
      if (stack === "kernel") await links[1]!.restore();
      else here.ip("addr", "del", "10.1.0.2/32", "dev", "near1");
      await path("available");
      await active(socket, "10.1.0.2");
      await goesOn(socket);
      socket.end();
      await once(socket, "close");
    });
  }));

if (stack === "kernel") {
  skip("an address of the peer that this host has, too", "the kernel aborts the association");
} else {
  test("an address of the peer that this host has, too, is no path, and costs nothing", () =>
    withHosts(["far"], async (far) => {
      addLink([here, "near0", "10.0.0.1/24"], [far, "far0", "10.0.0.2/24"]);
      for (const host of [here, far]) host.addBridge("docker0", "172.17.0.1/16");
      await serving(far, ["10.0.0.2", "172.17.0.1"], async () => {
        const socket = connect({ port: PORT, host: "10.0.0.2", ...HEARTBEATS });
        const path = watchPath(socket, "172.17.0.1");
        await once(socket, "connect");
        socket.write("send");
        await path("unreachable");
        await goesOn(socket);
        assert.is.not(socket.peerInfoByAddress["172.17.0.1"]!.state, ACTIVE);
        assert.is(socket.peerInfoByAddress["10.0.0.2"]!.state, ACTIVE);
        socket.end();
        await once(socket, "close");
      });
    }));
}

if (stack === "userspace") {
  skip("nothing comes from the peer any more", "that takes minutes, and no option shortens it");
} else {
  test("nothing comes from the peer any more: ETIMEDOUT after all retransmissions", () =>
    withHosts(["far"], async (far) => {
      const link = addLink([here, "near0", "10.0.0.1/24"], [far, "far0", "10.0.0.2/24"]);
      here.sysctl("net.sctp.rto_max", 1000);
      here.sysctl("net.sctp.association_max_retrans", 2);
      await serving(far, ["10.0.0.2"], async () => {
        const socket = connect({ port: PORT, host: "10.0.0.2", ...HEARTBEATS });
        await once(socket, "connect");
        socket.write("send");
        await goesOn(socket);
        const failed = once(socket, "error");
        await link.cut();
        socket.write("is anybody there?");
        const [error] = await failed;
        assert.is(error.code, "ETIMEDOUT");
        assert.is(error.syscall, "read");
      });
    }));
}

test.run();
