/** Peers that are not there, or no more: told at once, and what it was. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, counters, type Socket } from "netsctp";
import { freeUdpPort } from "../../tools/free_udp_port.ts";
import { runtime, skip, stack } from "../helpers/capabilities.ts";
import { closed, listening, LOOPBACKS } from "../helpers/pair.ts";
import { startServing } from "../helpers/serving_program.ts";

type Failure = NodeJS.ErrnoException & { address?: string; port?: number; udpPort?: number };

function failure(socket: Socket): Promise<Failure> {
  return new Promise((resolve) => socket.on("error", resolve));
}

/** A UDP port, and behind it an SCTP port, that nobody has. */
async function nobody(host: string) {
  const server = await listening({}, host);
  const { port } = server.address()!;
  await closed(server);
  return { host, port, udpPort: stack === "userspace" ? await freeUdpPort() : undefined };
}

for (const host of LOOPBACKS) {
  test(`no process at ${host}: connect() fails at once, long before the time-out`, async () => {
    const there = await nobody(host);
    const client = connect({ ...there, connectTimeout: 20_000 });
    const error = await failure(client);
    assert.is(error.code, "ECONNREFUSED");
    assert.is(error.syscall, "connect");
    assert.is(error.address, host);
    assert.is(error.port, there.port);
    assert.is(error.udpPort, there.udpPort);
    if (stack === "userspace") {
      assert.match(
        error.message,
        `no process has the peer's UDP port ${there.udpPort} (ICMP port unreachable)`,
      );
    }
  });
}

test("a peer that is killed: the next message finds it gone", async () => {
  const { program, port, udpPort } = await startServing(runtime, { host: "127.0.0.1", port: 0, udpPort: 0 });
  const client = connect({ host: "127.0.0.1", port, udpPort });
  await once(client, "connect");
  const lost = failure(client);
  client.write("x".repeat(100_000)); // its kernel aborts the more surely
  await program.says(/connection/);
  program.kill("SIGSTOP");
  client.write("x".repeat(100_000));
  program.kill("SIGKILL");
  await program.ended;
  const again = () => client.destroyed || client.write("still there?", () => setTimeout(again, 10));
  again();
  const error = await lost;
  assert.is(error.code, "ECONNRESET");
  if (stack === "userspace") {
    assert.is(error.udpPort, udpPort);
    assert.match(error.message, /^read ECONNRESET: no process has the peer's UDP port \d+ any more/);
  }
});

test("SIGTERM with a handler that exits: the peer is told at once", async () => {
  const { program, port, udpPort } = await startServing(
    runtime,
    { host: "127.0.0.1", port: 0, udpPort: 0 },
    "exit",
  );
  const client = connect({ host: "127.0.0.1", port, udpPort });
  await once(client, "connect");
  await program.says(/connection/);
  const lost = failure(client);
  program.kill("SIGTERM");
  const error = await lost;
  assert.is(error.code, "ECONNRESET");
  assert.not.match(error.message, /ICMP/); // nothing was sent that it could have refused
  assert.is((await program.ended).code, 143);
});

test("SIGTERM with a handler that ends all: what was sent arrives, then 'end'", async () => {
  const { program, port, udpPort } = await startServing(
    runtime,
    { host: "127.0.0.1", port: 0, udpPort: 0 },
    "end",
  );
  const client = connect({ host: "127.0.0.1", port, udpPort });
  client.write("echo");
  assert.is(String((await once(client, "data"))[0]), "echo");
  program.kill("SIGTERM");
  await once(client, "end");
  assert.is((await program.ended).code, 0);
});

if (stack === "kernel") {
  skip("a peer of several addresses that is killed", "the kernel tells its peers by itself");
} else {
  test("a peer of several addresses that is killed: asked for at all of them, then it is over", async () => {
    const addresses = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];
    const { program, port, udpPort } = await startServing(runtime, {
      localAddresses: addresses,
      port: 0,
      udpPort: 0,
    });
    const client = connect({ remoteAddresses: addresses, port, udpPort, localUdpPort: 0 });
    await once(client, "connect");
    await allConfirmed(client, addresses.length);
    const lost: string[] = [];
    client.on("notification", ({ parsed }) => {
      if (parsed.type === "path-change" && parsed.state === "unreachable") lost.push(parsed.address!.address);
    });
    program.kill("SIGKILL");
    await program.ended;
    const before = counters().icmpTaken;
    client.write("anybody?");
    const error = await failure(client);
    assert.is(error.code, "ECONNRESET");
    assert.is(lost.length, 2); // with the last it is over
    assert.is(counters().icmpTaken - before, 3);
  });

  test("no process at any of several addresses", async () => {
    const { port, udpPort } = await nobody("127.0.0.1");
    const client = connect({ remoteAddresses: ["127.0.0.1", "127.0.0.2", "127.0.0.3"], port, udpPort });
    assert.is((await failure(client)).code, "ECONNREFUSED");
  });

  test("refused by an ABORT: no UDP port is named", async () => {
    const server = await listening();
    const { port } = await nobody("127.0.0.1");
    const error = await failure(connect({ host: "127.0.0.1", port, udpPort: server.udpPort }));
    assert.is(error.code, "ECONNREFUSED");
    assert.not("udpPort" in error);
    await closed(server);
  });

  test("a refused attempt costs the association beside it nothing", async () => {
    const server = await listening();
    const there = await nobody("127.0.0.1");
    const { port } = server.address()!;
    const client = connect({ host: "127.0.0.1", port });
    const [peer] = await once(server, "connection");
    for (let i = 0; i < 50; i++) {
      const refused = failure(connect(there));
      client.write(`message ${i}`);
      const [[message], error] = await Promise.all([once(peer, "data"), refused]);
      assert.is(String(message), `message ${i}`);
      assert.is(error.code, "ECONNREFUSED");
    }
    client.end();
    await closed(server);
  });
}

async function allConfirmed(client: Socket, count: number): Promise<void> {
  const isUp = () =>
    Object.values(client.peerInfoByAddress).filter((info) => info?.state === 2).length === count;
  while (!isUp()) await once(client, "peer-info-update");
}

test.run();
