/** Signed chunks and addresses that come and go, between userspace and the kernel over UDP, both in this process. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  type AuthOptions,
  connect,
  type ConnectOptions,
  createServer,
  type Socket,
  type Stack,
} from "netsctp";
import { skip } from "../../helpers/capabilities.ts";
import { freeUdpPort } from "../../../tools/free_udp_port.ts";
import { missing, userspacePort } from "../../helpers/encapsulation.ts";
import { setParameter } from "../../helpers/kernel_parameters.ts";
import { closed } from "../../helpers/pair.ts";
import { checkPlan, sendPlan, STREAMS } from "../../helpers/plan.ts";

const [FIRST, SECOND] = ["127.0.0.1", "127.0.0.2"] as const;
const streams = { OS: STREAMS, MIS: STREAMS };
const kernelPort = missing ? 0 : await freeUdpPort();
if (!missing) setParameter("udp_port", kernelPort);

const keys = { 1: Buffer.from("as both know"), 2: Buffer.alloc(200, "longer than a block") };

interface Ends {
  client: Socket;
  peer: Socket;
}

async function withEnds(
  client: Stack,
  [auth, peerAuth]: [AuthOptions, AuthOptions],
  body: (ends: Ends) => Promise<void>,
): Promise<void> {
  const [server, udpPort]: [Stack, number] = client === "userspace"
    ? ["kernel", kernelPort]
    : ["userspace", userspacePort];
  const listener = createServer({
    stack: server,
    ...streams,
    sctp: { auth: peerAuth, dynamicAddresses: true },
  });
  listener.listen({ host: FIRST, port: 0, ...(server === "userspace" && { udpPort }) });
  await once(listener, "listening");
  const options: ConnectOptions = { host: FIRST, port: listener.address()!.port, stack: client, udpPort };
  const socket = connect({ ...options, ...streams, sctp: { auth, dynamicAddresses: true } });
  const [[peer]] = await Promise.all([once(listener, "connection"), once(socket, "connect")]) as [
    [Socket],
    unknown,
  ];
  peer.on("error", () => {}); // the client aborts
  await body({ client: socket, peer });
  socket.destroy();
  await closed(listener);
}

async function exchange({ client, peer }: Ends): Promise<void> {
  await Promise.all([checkPlan(client, 1), checkPlan(peer, 2), sendPlan(peer, 1), sendPlan(client, 2)]);
}

async function peerHas(peer: Socket, addresses: readonly string[]): Promise<void> {
  while (peer.remoteAddresses.sort().join() !== addresses.join()) await once(peer, "address-change");
}

for (const client of ["userspace", "kernel"] as const) {
  const name = (what: string) => `${client} connects: ${what}`;
  if (missing) {
    skip(name("signed chunks"), missing);
    continue;
  }
  for (const hmac of ["sha256", "sha1"] as const) {
    test(name(`DATA and SACK signed by ${hmac}, keys are changed`), () => {
      const auth: AuthOptions = {
        keys,
        active: 1,
        chunks: ["data", "sack"],
        hmacs: hmac === "sha1" ? ["sha1"] : ["sha256", "sha1"],
      };
      return withEnds(client, [auth, auth], async (ends) => {
        await exchange(ends);
        for (const end of [ends.client, ends.peer]) end.activateKey(2);
        await exchange(ends);
        for (const end of [ends.client, ends.peer]) end.deleteKey(1);
        await exchange(ends);
      });
    });
  }

  for (const end of ["client", "peer"] as const) {
    test(name(`an address of the ${end} is exchanged under load`), () => {
      const auth: AuthOptions = { keys, active: 2 };
      return withEnds(client, [auth, auth], async (ends) => {
        const talk = exchange(ends);
        const [changing, other] = end === "client" ? [ends.client, ends.peer] : [ends.peer, ends.client];
        changing.addLocalAddress(SECOND);
        await peerHas(other, [FIRST, SECOND]);
        changing.removeLocalAddress(FIRST);
        await peerHas(other, [SECOND]);
        assert.equal(changing.localAddresses, [SECOND]);
        await talk;
        await exchange(ends);
      });
    });
  }
}

test.run();
