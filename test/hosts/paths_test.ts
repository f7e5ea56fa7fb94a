/** The notifications about paths while an association goes on over another one. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { runtime, skip, stack } from "../helpers/capabilities.ts";
import { addLink, here, type Host, type Link, withHosts } from "../helpers/hosts.ts";
import { beside, type Program, start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";
import { ACTIVE } from "../helpers/timed_message.ts";

const PORT = 5001;
const HEARTBEATS = { keepAlive: true, keepAliveInitialDelay: 1000 };
/** The shortest time-outs. */
const RTO = { initial: 200, min: 200, max: 200 };

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

/** What makes a path fail, and work again. */
interface Failure {
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
}

/** Has the second of two paths fail, and work again, while messages come over the first. */
async function failing(far: Host, failureOf: (second: Link) => Failure): Promise<void> {
  const [, second] = [0, 1].map((i) =>
    addLink([here, `near${i}`, `10.${i}.0.1/24`], [far, `far${i}`, `10.${i}.0.2/24`])
  );
  const failure = failureOf(second!);
  await serving(far, ["10.0.0.2", "10.1.0.2"], async () => {
    const socket = connect({
      port: PORT,
      remoteAddresses: ["10.0.0.2", "10.1.0.2"],
      localAddresses: ["10.0.0.1", "10.1.0.1"],
      ...HEARTBEATS,
      sctp: { rto: RTO, retransmissions: { path: 1 } },
    });
    const path = watchPath(socket, "10.1.0.2");
    await once(socket, "connect");
    await active(socket, "10.1.0.2");
    socket.write("send");
    await goesOn(socket);
    await failure.begin();
    await path("unreachable");
    assert.is(socket.peerInfoByAddress["10.1.0.2"]!.state, 0);
    assert.is(socket.peerInfoByAddress["10.0.0.2"]!.state, ACTIVE);
    await goesOn(socket);
    await failure.end();
    await path("available");
    await active(socket, "10.1.0.2");
    await goesOn(socket);
    socket.end();
    await once(socket, "close");
  });
}

test("heartbeats that nobody answers: the path is unreachable, and available when it works again", () =>
  withHosts(
    ["far"],
    (far) => failing(far, (link) => ({ begin: () => link.cut(), end: () => link.restore() })),
  ));

if (stack === "kernel") {
  skip("ICMP that makes a path unreachable", "the kernel goes by time-outs alone");
} else {
  test("ICMP says that nobody is there: the path is unreachable, and available when it works again", () =>
    withHosts(["far"], (far) =>
      failing(far, () => ({
        begin: () => void here.ip("addr", "add", "10.1.0.2/32", "dev", "near1"), // now it is this host's
        end: () => void here.ip("addr", "del", "10.1.0.2/32", "dev", "near1"),
      }))));
}

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

test("nothing comes from the peer any more: ETIMEDOUT after all retransmissions", () =>
  withHosts(["far"], async (far) => {
    const link = addLink([here, "near0", "10.0.0.1/24"], [far, "far0", "10.0.0.2/24"]);
    await serving(far, ["10.0.0.2"], async () => {
      const sctp = { rto: RTO, retransmissions: { association: 2 } };
      const socket = connect({ port: PORT, host: "10.0.0.2", ...HEARTBEATS, sctp });
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

test.run();
