/** ping: round trips, and what it says where there are none. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Socket } from "netsctp";
import { listener, netsctp, objectsIn, run } from "../../helpers/command_line.ts";
import { closed, endpointOf, listening } from "../../helpers/pair.ts";
import { beside } from "../../helpers/programs.ts";

for (
  const [name, command, options] of [["listen --echo", ["listen"], ["--echo"]], ["ping --serve", ["ping"], [
    "--serve",
  ]]] as const
) {
  test(`against ${name}: each message comes back as it was, then statistics`, async () => {
    const { program, at } = await listener([...options], [...command]);
    await beside(program, async () => {
      const size = 5000, sid = 2;
      const { code, stdout } = await run(
        [
          "ping",
          at,
          "-c",
          "3",
          "-i",
          "10ms",
          "-s",
          String(size),
          "--sid",
          String(sid),
          "--ppid",
          "m3ua",
          "--json",
        ],
      );
      assert.is(code, 0);
      const events = objectsIn(stdout);
      const replies = events.filter(({ event }) => event === "reply");
      assert.equal(
        replies.map(({ seq, bytes, sid }) => ({ seq, bytes, sid })),
        [1, 2, 3].map((seq) => ({ seq, bytes: size, sid })),
      );
      const { sent, received, missing, foreign, lossPercent, rttMs } = events.at(-1)!;
      assert.equal({ sent, received, missing, foreign, lossPercent }, {
        sent: 3,
        received: 3,
        missing: 0,
        foreign: 0,
        lossPercent: 0,
      });
      const times = replies.map(({ ms }) => ms).sort((a, b) => a - b);
      assert.equal([rttMs.min, rttMs.p50, rttMs.max], times);
      program.kill("SIGINT");
      await program.succeeds();
    });
  });
}

test("answers count too when the peer has joined them into one message", async () => {
  const server = await listening();
  const connection = once(server, "connection");
  const { host, port } = endpointOf(server);
  await beside(netsctp("ping", `${host}:${port}`, "-c", "4", "-i", "10ms", "--json"), async (ping) => {
    const [socket] = await connection as [Socket];
    const held: Buffer[] = [];
    socket.on("data", (message) => {
      held.push(message);
      if (held.length === 2) socket.write(Buffer.concat(held.splice(0)));
    });
    await ping.succeeds();
    assert.is(objectsIn(ping.stdout).at(-1)!.received, 4);
  });
  await closed(server);
});

test("a stream that the association does not have: an error that says which there are, not a loss of 0 %", async () => {
  const { program, at } = await listener(["--echo", "--max-in-streams", "4"]);
  await beside(program, async () => {
    const { code, text } = await run(["ping", ...at.split(":"), "-c", "1", "--sid", "1000"]);
    assert.is(code, 1);
    assert.match(text, /there is no stream 1000: the association has 4 \(0 to 3\)/);
    assert.not.match(text, /loss/);
  });
});

test("-w ends it, whatever was answered; none is a failure", async () => {
  const { program, at } = await listener(["--echo"]);
  await beside(program, async () => {
    const fine = await run(["ping", at, "-w", "0.2", "-i", "10ms", "--json"]);
    assert.is(fine.code, 0, fine.text);
    assert.ok(objectsIn(fine.stdout).at(-1)!.received > 1);
    assert.is((await run(["ping", at, "-w", "0.2", "-c", "1000"])).code, 1);
    // The one that would be due when time is up is not sent: it would be counted as lost.
    const exact = await run(["ping", at, "-w", "0.3", "-i", "0.3"]);
    assert.match(exact.text, /\n1 sent, 1 received, 0\.0% loss/);
  });
  const { at: silent } = await listener([]);
  const none = await run(["ping", silent, "-w", "0.1"]);
  assert.is(none.code, 1);
  assert.match(none.text, /1 sent, 0 received, 100\.0% loss/);
});

test("-f sends the next one as soon as one is answered", async () => {
  const { program, at } = await listener(["--echo"]);
  await beside(program, async () => {
    const { code, stdout, text } = await run(["ping", at, "-f", "-c", "300", "--json"]);
    assert.is(code, 0, text);
    const { received, timeMs } = objectsIn(stdout).at(-1)!;
    assert.is(received, 300);
    assert.ok(timeMs < 3000, `${timeMs} ms: one each 10 ms would be 3000`);
  });
});

test("SIGINT ends it with its statistics", async () => {
  const { program, at } = await listener(["--echo"]);
  await beside(program, () =>
    beside(netsctp("ping", at, "-i", "1"), async (ping) => {
      await ping.says(/seq=2 time=\d+\.\d+ ms/);
      ping.kill("SIGINT");
      await ping.says(/--- 127\.0\.0\.1:\d+ ping statistics ---\n\d+ sent, \d+ received, 0\.0% loss/);
      await ping.says(/rtt min\/avg\/max\/mdev = [\d.]+\/[\d.]+\/[\d.]+\/[\d.]+ ms/);
      await ping.succeeds();
    }));
});

test("7: a peer that takes messages and sends none back is told from one that is silent", async () => {
  const { program, at } = await listener([]);
  const { code, text } = await run(["ping", at, "-W", "1s", "-i", "10s"]);
  assert.is(code, 7);
  assert.match(text, /does not echo: it acknowledged \d messages? and sent none back/);
  assert.match(text, /100\.0% loss/);
  await program.succeeds();
});

test("7: messages that are no echoes are counted apart", async () => {
  const server = await listening();
  const connection = once(server, "connection");
  const { host, port } = endpointOf(server);
  await beside(netsctp("ping", `${host}:${port}`, "-W", "300ms"), async (ping) => {
    const [socket] = await connection as [Socket];
    socket.on("data", () => socket.write("what is this?"));
    assert.is((await ping.ended).code, 7);
    assert.match(ping.text, /sent other messages back/);
  });
  await closed(server);
});

test("5: the peer aborts meanwhile; the statistics come all the same", async () => {
  const server = await listening();
  const connection = once(server, "connection");
  const { host, port } = endpointOf(server);
  await beside(netsctp("ping", `${host}:${port}`, "-i", "10ms"), async (ping) => {
    const [socket] = await connection as [Socket];
    socket.on("error", () => {}).on("data", (message) => socket.write(message));
    await ping.says(/seq=3/);
    socket.destroy();
    assert.is((await ping.ended).code, 5);
    assert.match(ping.text, /ping statistics/);
  });
  await closed(server);
});

test("--heartbeat: what the stack says of each path, of a peer that does not echo", async () => {
  const { program, at } = await listener([]);
  const { code, stdout } = await run(["ping", at, "--heartbeat", "-c", "2", "-i", "50ms", "--json"]);
  assert.is(code, 0);
  const events = objectsIn(stdout).filter(({ event }) => event !== "path-change");
  assert.equal(events.map(({ event }) => event), ["connected", "path", "path", "statistics"]);
  const [, path, , statistics] = events;
  assert.is(path!.address, "127.0.0.1");
  assert.is(path!.state, "active");
  assert.is(path!.isPrimary, true);
  assert.ok(path!.rtoMs > 0 && path!.mtu > 0);
  assert.is(statistics!.samples, 2);
  await program.succeeds();
  assert.match(program.text, /0 messages, 0 bytes; out/);
});

test.run();
