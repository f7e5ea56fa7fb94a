/**
 * One end on the kernel's stack, the other one in userspace, over UDP and two links, of which one fails: nothing is lost.
 * Messages are authenticated, and addresses may change.
 */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Stack } from "netsctp";
import { runtime, skip, stack } from "../helpers/capabilities.ts";
import { missing } from "../helpers/encapsulation.ts";
import { addLink, here, withHosts } from "../helpers/hosts.ts";
import { beside, start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";

const PORT = 5001, UDP_PORT = 9899;
const MESSAGES = 300;
const NEAR = ["10.0.0.1", "10.1.0.1"], FAR = ["10.0.0.2", "10.1.0.2"];
const sctp = {
  rto: { initial: 300, min: 100, max: 500 },
  retransmissions: { path: 2, association: 100 }, // a busy machine may stand still for a while
  heartbeat: 500,
  dynamicAddresses: true,
  auth: { keys: { 1: Buffer.from("a secret of both") }, active: 1, chunks: ["data" as const] },
};

function goesOn(near: Stack, far: Stack): void {
  const name = `${near} connects to ${far}, both with two addresses: it goes on over the link that is left`;
  if (stack === "userspace") return skip(name, "it runs where the kernel has SCTP");
  if (missing) return skip(name, missing);
  test(name, () =>
    withHosts(["far"], async (host) => {
      const links = [0, 1].map((i) =>
        addLink([here, `near${i}`, `${NEAR[i]}/24`], [host, `far${i}`, `${FAR[i]}/24`])
      );
      (near === "kernel" ? here : host).sysctl("net.sctp.udp_port", UDP_PORT);
      for (const [end, side] of [[here, "near"], [host, "far"]] as const) {
        // The kernel's packets in UDP would be larger than the userspace end can take.
        for (const i of [0, 1]) end.ip("link", "set", "dev", `${side}${i}`, "gso_max_size", "1500");
      }
      const udpPort = far === "userspace" ? UDP_PORT : undefined;
      const options = JSON.stringify({ port: PORT, stack: far, udpPort, localAddresses: FAR, sctp });
      const program = host.command(commandOn(runtime, "test/helpers/host_peer.ts", [options]));
      await beside(start(program), async (peer) => {
        await peer.says(/listening/);
        const socket = connect({
          port: PORT,
          stack: near,
          remoteAddresses: FAR,
          localAddresses: NEAR,
          udpPort: UDP_PORT,
          ...(near === "userspace" && { localUdpPort: UDP_PORT }),
          sctp,
        });
        await once(socket, "connect");
        assert.is(socket.stack, near);
        const { auth, dynamicAddresses } = socket.features!;
        assert.equal([auth, dynamicAddresses], [true, true]);
        assert.equal([...socket.remoteAddresses].sort(), FAR);
        socket.resume().write("receive");
        const write = (from: number, to: number) => {
          for (let i = from; i <= to; i++) socket.write(String(i).padStart(1000, "0"));
        };
        write(1, MESSAGES / 2);
        await peer.says(new RegExp(`"got":${MESSAGES / 2},`));
        await links[0]!.cut();
        write(MESSAGES / 2 + 1, MESSAGES);
        await peer.says(new RegExp(`"got":${MESSAGES},`));
        await links[0]!.restore();
        const got = [...peer.stdout.toString().matchAll(/"got":(\d+)/g)].map(([, number]) => Number(number));
        assert.equal(got, Array.from({ length: MESSAGES }, (_, i) => i + 1));
        socket.end();
        await once(socket, "close");
      });
    }).finally(() => here.sysctl("net.sctp.udp_port", 0)));
}

goesOn("kernel", "userspace");
goesOn("userspace", "kernel");

test.run();
