/** From the kernel's stack to a peer in userspace on another host of this machine, over UDP and a veth: docs/deployment.md. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect } from "netsctp";
import { runtime, skip, stack } from "../helpers/capabilities.ts";
import { missing } from "../helpers/encapsulation.ts";
import { addLink, here, withHosts } from "../helpers/hosts.ts";
import { beside, start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";

const PORT = 5001, UDP_PORT = 9899;
const MESSAGES = 500;
const NAME =
  "from the kernel's stack to userspace over a veth: gso_max_size as large as the MTU, and nothing is lost";

/** How often a time-out has sent something again. */
function timeOuts(): number {
  return Number(/SctpT3RtxExpireds\s+(\d+)/.exec(readFileSync("/proc/self/net/sctp/snmp", "utf8"))![1]);
}

if (stack === "userspace") skip(NAME, "it is about what the kernel sends");
else if (missing) skip(NAME, missing);
else {
  test(NAME, () =>
    withHosts(["far"], async (far) => {
      addLink([here, "near0", "10.0.0.1/24"], [far, "far0", "10.0.0.2/24"]);
      here.ip("link", "set", "dev", "near0", "gso_max_size", "1500");
      here.sysctl("net.sctp.udp_port", UDP_PORT);
      const options = JSON.stringify({ port: PORT, stack: "userspace", udpPort: UDP_PORT });
      const program = far.command(commandOn(runtime, "test/helpers/host_peer.ts", [options]));
      await beside(start(program), async (peer) => {
        await peer.says(/listening/);
        const socket = connect({ host: "10.0.0.2", port: PORT, udpPort: UDP_PORT });
        await once(socket, "connect");
        assert.is(socket.stack, "kernel");
        socket.write("receive");
        for (let i = 1; i <= MESSAGES; i++) socket.write(String(i).padStart(1024, "0"));
        await peer.says(new RegExp(`"got":${MESSAGES},`));
        socket.end();
        await once(socket.resume(), "close");
        // Else there is one for every third message. A machine that is busy may have a few.
        assert.ok(timeOuts() < MESSAGES / 50, `${timeOuts()} time-outs`);
      });
    }));
}

test.run();
