/** Userspace and kernel over UDP (RFC 6951), both stacks in this process: a plan each way, then every way to end. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type ConnectOptions, createServer, type Socket, type Stack } from "netsctp";
import { skip } from "../../helpers/capabilities.ts";
import { freeUdpPort } from "../../../tools/free_udp_port.ts";
import { missing, userspacePort } from "../../helpers/encapsulation.ts";
import { setParameter } from "../../helpers/kernel_parameters.ts";
import { type Life, watch } from "../../helpers/events.ts";
import { closed, LOOPBACKS } from "../../helpers/pair.ts";
import { checkPlan, planOf, sendPlan, STREAMS } from "../../helpers/plan.ts";

const streams = { OS: STREAMS, MIS: STREAMS };
const kernelPort = missing ? 0 : await freeUdpPort();
if (!missing) setParameter("udp_port", kernelPort);

interface End {
  socket: Socket;
  life: Life;
}

interface Ends {
  server: End;
  client: End;
}

type Route = Pick<ConnectOptions, "stack" | "udpPort">;

/** Connects two stacks, lets each send a plan to the other, then ends as told. */
async function talk(
  host: string,
  serverStack: Stack,
  route: Route,
  end: (ends: Ends) => void,
): Promise<Ends> {
  const server = createServer({ stack: serverStack, ...streams });
  server.listen({ host, port: 0, ...(serverStack === "userspace" && { udpPort: userspacePort }) });
  await once(server, "listening");
  const socket = connect({ host, port: server.address()!.port, ...route, ...streams });
  const [[peer]] = await Promise.all([once(server, "connection"), once(socket, "connect")]);
  assert.is(socket.stack, route.stack);
  assert.is(peer.stack, serverStack);
  assert.is(peer.remoteAddress, host);
  assert.is(peer.remotePort, socket.localPort);
  assert.equal([socket.outboundStreams, peer.outboundStreams], [STREAMS, STREAMS]);
  const ends = { server: { socket: peer, life: watch(peer) }, client: { socket, life: watch(socket) } };
  const checks = [checkPlan(peer, 7), checkPlan(socket, 8)];
  await Promise.all([...checks, sendPlan(socket, 7), sendPlan(peer, 8)]);
  end(ends);
  await Promise.all([ends.server.life.closed, ends.client.life.closed]);
  await closed(server);
  return ends;
}

const ENDINGS: [name: string, end: (ends: Ends) => void, server: string[], client: string[]][] = [
  ["the client ends", ({ client }) => client.socket.end(), ["end", "close"], ["end", "close"]],
  ["the server ends", ({ server }) => server.socket.end(), ["end", "close"], ["end", "close"]],
  ["the client aborts", ({ client }) => client.socket.destroy(), ["ECONNRESET", "close"], ["close"]],
  ["the server aborts", ({ server }) => server.socket.destroy(), ["close"], ["ECONNRESET", "close"]],
];

function connects(client: Stack, server: Stack, udpPort: number | undefined, more = ""): void {
  for (const [i, [ending, end, serverEvents, clientEvents]] of ENDINGS.entries()) {
    const host = LOOPBACKS[(i + 1) % 2]!;
    const name = `${client} connects to ${server}${more} at ${host}, ${ending}`;
    if (missing) {
      skip(name, missing);
      continue;
    }
    test(name, async () => {
      const ends = await talk(host, server, { stack: client, ...(udpPort && { udpPort }) }, end);
      assert.equal(ends.server.life.events, serverEvents);
      assert.equal(ends.client.life.events, clientEvents);
      const bytes = planOf(0).reduce((sum, { payload }) => sum + payload.length, 0);
      assert.equal([ends.server.life.bytes, ends.client.life.bytes], [bytes, bytes]);
    });
  }
}

connects("userspace", "kernel", kernelPort);
connects("kernel", "userspace", userspacePort);

if (!missing) {
  test("userspace connects where the kernel does not listen: ECONNREFUSED", async () => {
    const server = createServer({ stack: "kernel" }).listen({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    const { port } = server.address()!;
    await closed(server);
    const socket = connect({ host: "127.0.0.1", port, stack: "userspace", udpPort: kernelPort });
    const [error] = await once(socket, "error");
    assert.is(error.code, "ECONNREFUSED");
  });

  test("both stacks at once in one process, without UDP between them", async () => {
    const sockets: Socket[] = [];
    for (const stack of ["kernel", "userspace"] as const) {
      const server = createServer({ stack }, (peer) => peer.on("data", (data) => peer.end(data)));
      await once(server.listen({ host: "127.0.0.1", port: 0 }), "listening");
      const socket = connect({ host: "127.0.0.1", port: server.address()!.port, stack });
      const life = watch(socket);
      socket.write(stack);
      await life.closed;
      await closed(server);
      assert.equal(life.messages, [{ length: stack.length, sid: 0, ppid: 0 }]);
      assert.equal(life.events, ["end", "close"]);
      sockets.push(socket);
    }
    assert.equal(sockets.map(({ stack }) => stack), ["kernel", "userspace"]);
  });

  // Last: from here on every association of the kernel's goes to that port.
  test("net.sctp.encap_port in place of the option", async () => {
    setParameter("encap_port", userspacePort);
    const ends = await talk(
      "127.0.0.1",
      "userspace",
      { stack: "kernel" },
      ({ client }) => client.socket.end(),
    );
    assert.equal(ends.server.life.events, ["end", "close"]);
    assert.equal(ends.client.life.events, ["end", "close"]);
  });
}

test.run();
