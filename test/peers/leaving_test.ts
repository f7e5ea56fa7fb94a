/** Programs that connect, send and are gone at once, many times in a row: the server has every message and stays. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Server, type Socket } from "netsctp";
import { type Life, watch } from "../helpers/events.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";
import { beside, freePort, start } from "../helpers/programs.ts";

interface Visit {
  text: string;
  life: Life;
}

/** Notes what each connection of a server brought. */
function visitsOf(server: Server): Visit[] {
  const visits: Visit[] = [];
  server.on("connection", (peer: Socket) => {
    const visit: Visit = { text: "", life: watch(peer) };
    peer.on("data", (data) => visit.text += data.toString());
    visits.push(visit);
  });
  return visits;
}

async function served(server: Server, visits: Visit[], count: number): Promise<void> {
  while (visits.length < count) await once(server, "connection");
  await Promise.all(visits.map(({ life }) => life.closed));
}

/** The server still serves, after all of it. */
async function stillServes(server: Server): Promise<void> {
  const connection = once(server, "connection");
  const socket = connect(endpointOf(server));
  const [peer] = await connection as [Socket];
  const life = watch(peer);
  socket.resume().end("still here");
  await life.closed;
  assert.is(life.bytes, "still here".length);
  assert.equal(life.events, ["end", "close"]);
}

test("25 times, one after the other: socat sends one byte and is gone", async () => {
  const server = await listening();
  const visits = visitsOf(server);
  for (let i = 0; i < 25; i++) {
    const address = `SCTP4-CONNECT:127.0.0.1:${endpointOf(server).port}`;
    await beside(start(["socat", "-u", "-", address]), async (socat) => {
      socat.end("x");
      await socat.succeeds();
    });
  }
  await served(server, visits, 25);
  assert.equal(visits.map(({ text }) => text), Array(25).fill("x"));
  for (const { life } of visits) assert.equal(life.events, ["end", "close"]);
  await stillServes(server);
  await closed(server);
});

test("20 at the same time", async () => {
  const server = await listening();
  const visits = visitsOf(server);
  const address = `SCTP4-CONNECT:127.0.0.1:${endpointOf(server).port}`;
  await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      beside(start(["socat", "-u", "-", address]), async (socat) => {
        socat.end(`visitor ${i}`);
        await socat.succeeds();
      })),
  );
  await served(server, visits, 20);
  assert.equal(
    visits.map(({ text }) => text).toSorted(),
    Array.from({ length: 20 }, (_, i) => `visitor ${i}`).toSorted(),
  );
  for (const { life } of visits) assert.equal(life.events, ["end", "close"]);
  await stillServes(server);
  await closed(server);
});

test("10 times: sctp_darn, which says the same port each time", async () => {
  const server = await listening();
  const visits = visitsOf(server);
  const localPort = await freePort();
  const local = ["-H", "127.0.0.1", "-P", String(localPort)];
  const remote = ["-h", "127.0.0.1", "-p", String(endpointOf(server).port)];
  for (let i = 0; i < 10; i++) {
    await beside(start(["sctp_darn", ...local, ...remote, "-s"]), async (darn) => {
      darn.end(`line ${i}\n`);
      await darn.ended; // its status is the length of its last message
    });
    await served(server, visits, i + 1);
  }
  assert.equal(visits.map(({ text }) => text), Array.from({ length: 10 }, (_, i) => `line ${i}\n\0`));
  for (const { life } of visits) assert.equal(life.events, ["end", "close"]);
  await stillServes(server);
  await closed(server);
});

test("a program that connects and leaves without a word is a connection with an end", async () => {
  const server = await listening();
  const visits = visitsOf(server);
  const address = `SCTP4-CONNECT:127.0.0.1:${endpointOf(server).port}`;
  for (let i = 0; i < 5; i++) {
    await beside(start(["socat", "-u", "/dev/null", address]), (socat) => socat.succeeds());
  }
  await served(server, visits, 5);
  for (const { text, life } of visits) {
    assert.is(text, "");
    assert.equal(life.events, ["end", "close"]);
  }
  await stillServes(server);
  await closed(server);
});

test.run();
