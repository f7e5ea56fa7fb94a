/** What is called inside of a socket's own events. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { message } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

test("write() inside 'data': a ping-pong of 1000 messages", async () => {
  const { server, client, peer } = await connectedPair();
  const count = 1000;
  peer.on("data", (got) => peer.write(message(`${got}`, got.sid, got.ppid + 1)));
  const answered = new Promise<void>((resolve) => {
    client.on("data", (got) => {
      assert.is(got.toString(), "ball");
      if (got.ppid >= count) return resolve();
      client.write(message("ball", got.ppid % 5, got.ppid));
    });
  });
  client.write(message("ball"));
  await answered;
  client.end();
  await closed(server);
});

test("several writes inside each 'data' of a burst: all are answered, in order", async () => {
  const { server, client, peer } = await connectedPair();
  peer.on("data", (got) => {
    for (const part of ["a", "b", "c"]) peer.write(`${got}${part}`);
  });
  peer.on("end", () => {});
  const answers: string[] = [];
  const all = new Promise<void>((resolve) =>
    client.on("data", (got) => answers.push(got.toString()) === 300 && resolve())
  );
  for (let i = 0; i < 100; i++) client.write(`${i}`);
  await all;
  assert.equal(answers, [...Array(300).keys()].map((i) => `${Math.floor(i / 3)}${"abc"[i % 3]}`));
  client.end();
  await closed(server);
});

test("end() inside 'connect' and inside 'connection': both close in order", async () => {
  for (const inside of ["connect", "connection", "both"]) {
    const server = await listening();
    const accepted: Socket[] = [];
    server.on("connection", (peer) => {
      accepted.push(peer.resume());
      if (inside !== "connect") peer.end("from the server");
    });
    const client = connect(endpointOf(server), () => {
      if (inside !== "connection") client.end("from the client");
    });
    const [hadError] = await once(client.resume(), "close");
    assert.is(hadError, false, inside);
    await closed(server);
    assert.equal(accepted.map(({ errored }) => errored), [null], inside);
  }
});

test("destroy() inside 'data' gives no further message of the same batch", async () => {
  const { client, peer, close } = await connectedPair();
  client.on("error", () => {});
  let count = 0;
  peer.on("data", () => {
    count++;
    peer.destroy();
  });
  for (let i = 0; i < 50; i++) client.write(`${i}`);
  await once(peer, "close");
  assert.is(count, 1);
  await close();
});

test("pause() inside 'data' stops at that message; resume() gives the rest in order", async () => {
  const { server, client, peer } = await connectedPair();
  const got: number[] = [];
  peer.on("data", (data) => {
    got.push(Number(data));
    peer.pause();
    setImmediate(() => peer.resume());
  });
  for (let i = 0; i < 50; i++) client.write(`${i}`);
  client.end();
  await once(peer, "end");
  assert.equal(got, [...Array(50).keys()]);
  await closed(server);
});

test.run();
