/** A stream that the association does not have costs the message that named it, and nothing else. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, createServer, type Socket } from "netsctp";
import { watch } from "../helpers/events.ts";
import { stack } from "../helpers/capabilities.ts";
import { message } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

type Answer = NodeJS.ErrnoException | null | undefined;

function isBadStream(error: Answer): void {
  assert.equal([error?.code, error?.syscall, (error?.errno ?? 0) < 0], ["EINVAL", "write", true]);
  assert.match(
    error!.message,
    /^write EINVAL: stream \d+ does not exist, the association has 5 outbound streams/,
  );
}

/** Writes one message a stream; the answers in the order of the writes. */
function writeAll(socket: Socket, sids: number[]): Promise<Answer[]> {
  return Promise.all(
    sids.map((sid) => new Promise<Answer>((resolve) => socket.write(message("x", sid, sid), resolve))),
  );
}

const SIDS = [0, 5, 1, 65534, 4, 6, 2];
const GOOD = [0, 1, 4, 2];

function judge(answers: Answer[]): void {
  answers.forEach((answer, i) => SIDS[i]! < 5 ? assert.not(answer) : isBadStream(answer));
}

for (const when of ["before", "after"]) {
  test(`${when} it is up: the callbacks of those writes get the error, the others arrive, no event`, async () => {
    const server = await listening();
    const client = connect({ ...endpointOf(server), OS: 5 });
    const connection = once(server, "connection");
    const early = when === "before" ? writeAll(client, SIDS) : undefined;
    await once(client, "connect");
    const [peer] = await connection as [Socket];
    const [lives, lifeOfClient] = [watch(peer), watch(client)];
    judge(await (early ?? writeAll(client, SIDS)));
    assert.is(client.bytesWritten, GOOD.length);
    client.write(message("y", 3));
    client.end();
    await Promise.all([lives.closed, lifeOfClient.closed]);
    assert.equal(lives.messages.map(({ sid }) => sid), [...GOOD, 3]);
    assert.equal([lives.events, lifeOfClient.events], [["end", "close"], ["end", "close"]]);
    await closed(server);
  });

  test(`${when} it is up: without a callback 'error' tells, and the association goes on`, async () => {
    const server = await listening();
    const client = connect({ ...endpointOf(server), OS: 5 });
    const errors: Error[] = [];
    client.on("error", (error) => errors.push(error));
    const connection = once(server, "connection");
    if (when === "after") await once(client, "connect");
    client.cork();
    for (const sid of SIDS) client.write(message("x", sid));
    client.uncork();
    const [peer] = await connection as [Socket];
    peer.on("data", (one) => peer.write(one));
    const answers: number[] = [];
    await new Promise<void>((resolve) => { // not by once(), which would fail by the errors
      client.on("data", ({ sid }) => answers.push(sid) === GOOD.length && resolve());
    });
    assert.equal(answers, GOOD);
    errors.forEach(isBadStream);
    assert.equal([errors.length, client.destroyed, client.readyState], [3, false, "open"]);
    client.end();
    await once(client, "close");
    await closed(server);
  });
}

test("end() with such a message: its callback gets the error, or 'error' comes, and the SHUTDOWN follows", async () => {
  for (const hasCallback of [true, false]) {
    const { client, peer, close } = await connectedPair({ client: { OS: 5 } });
    const life = watch(peer);
    const error = await new Promise<Answer>((resolve) => {
      if (!hasCallback) client.on("error", resolve);
      client.end(message("x", 7), hasCallback ? resolve as () => void : undefined);
    });
    isBadStream(error);
    await life.closed;
    assert.equal([life.events, life.messages], [["end", "close"], []]);
    await close();
  }
});

test("the echo server of the README answers on every stream that a client has", async () => {
  const server = createServer((socket) => {
    socket.on("data", (one) => socket.write(one));
  });
  server.listen({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  for (const options of [{}, { OS: 1 }, { OS: 100 }, { OS: 2048 }]) {
    const client = connect({ ...endpointOf(server), ...options });
    await once(client, "connect");
    assert.is(client.outboundStreams, options.OS ?? 2048);
    for (const sid of [0, client.outboundStreams >> 1, client.outboundStreams - 1]) {
      client.write(message("x", sid, 7));
      const [answer] = await once(client, "data");
      assert.equal([answer.sid, answer.ppid], [sid, 7]);
    }
    client.end();
    await once(client, "close");
  }
  await closed(server);
});

test("who accepts more streams than by default has as many to answer on", async () => {
  const { client, peer, close } = await connectedPair({
    server: { MIS: 3000 },
    client: { OS: 3000, MIS: 65535 },
  });
  assert.equal([client.outboundStreams, peer.outboundStreams], [3000, 3000]);
  await close();
});

// The kernel's stack accepts 65,535 streams of a peer, usrsctp 2,048.
test("of a peer that has more streams than can be answered only the answers on those fail, unless MIS says how many", async () => {
  for (const MIS of [undefined, 2048]) {
    const { client, peer, close } = await connectedPair({
      server: MIS === undefined ? {} : { MIS },
      client: { OS: 3000 },
    });
    const most = stack === "kernel" && MIS === undefined ? 3000 : 2048;
    assert.equal([client.outboundStreams, peer.outboundStreams], [most, 2048]);
    const answers: Array<Promise<Answer>> = [];
    peer.on("data", (one) => answers.push(new Promise((resolve) => peer.write(one, resolve))));
    const last = new Promise<void>((resolve) => client.on("data", ({ sid }) => sid === 1 && resolve()));
    for (const sid of [most - 1, 2047, 1]) client.write(message("x", sid));
    await last;
    const codes = (await Promise.all(answers)).map((error) => error?.code);
    assert.equal(codes, [most === 3000 ? "EINVAL" : undefined, undefined, undefined]);
    await close();
  }
});

test.run();
