/** A peer restarts: it loses all it knew of an association, and makes it again from the same ports. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Socket } from "netsctp";
import { skip, stack } from "../helpers/capabilities.ts";
import { noPackets, openToPackets } from "../helpers/encapsulation.ts";
import { watch } from "../helpers/events.ts";
import { closed, listening } from "../helpers/pair.ts";
import { ABORT, DATA, FIRST, RawPeer } from "../helpers/raw_peer.ts";

const SHUTDOWN = 7;
const TAGS = [0x1000, 0x2000] as const;

/** A peer in its first life, and the socket that it has. */
async function letIn() {
  const udpPortOf = await openToPackets();
  const server = await listening();
  const raw = await RawPeer.open(server.address()!.port, udpPortOf(server));
  const [[socket]] = await Promise.all([once(server, "connection"), raw.connect(TAGS[0])]) as [
    [Socket],
    void,
  ];
  const close = async () => {
    socket.destroy();
    raw.close();
    await closed(server);
  };
  return { raw, socket, close };
}

if (noPackets) skip("a peer restarts", noPackets);
else {
  test("a peer restarts: nothing ends, a notification says so, and what was on its way to it is lost", async () => {
    const { raw, socket, close } = await letIn();
    const life = watch(socket);
    const states: string[] = [];
    socket.on("notification", ({ parsed }) => {
      // That it came up may be told before this listener is there.
      if (parsed.type === "association-change" && parsed.state !== "up") states.push(parsed.state);
    });
    raw.say("before");
    await once(socket, "data");
    socket.write("on its way"); // and never acknowledged
    assert.is((await raw.next(DATA)).tag, TAGS[0]);
    await raw.connect(TAGS[1]);
    raw.say("after");
    assert.equal(String((await once(socket, "data"))[0]), "after");
    assert.equal(states, ["restart"]);
    socket.write("to the new one");
    const { body, tag } = await raw.next(DATA);
    assert.equal([tag, String(body.subarray(12))], [TAGS[1], "to the new one"]);
    assert.equal(life.events, []);
    raw.send(ABORT, 0);
    await life.closed;
    assert.equal(life.events, ["ECONNRESET", "close"]);
    await close();
  });

  test("messages that a paused socket holds while the peer restarts are counted in the event, and read after it", async () => {
    const { raw, socket, close } = await letIn();
    const order: string[] = [];
    socket.on("restart", () => order.push(`restart, ${socket.readableLength} held`));
    socket.on("data", (message) => order.push(String(message)));
    socket.pause();
    raw.say("first");
    raw.say("second");
    const restarted = once(socket, "restart");
    await raw.connect(TAGS[1]);
    await restarted;
    socket.resume();
    raw.say("after");
    while (order.length < 4) await once(socket, "data");
    assert.equal(order, ["restart, 2 held", "first", "second", "after"]);
    await close();
  });

  test("'restart' tells the streams, in its place among the messages, of which none is of both lives", async () => {
    const { raw, socket, close } = await letIn();
    const told: unknown[] = [];
    socket.on("data", (message) => told.push(String(message)));
    socket.on("notification", ({ parsed }) => {
      if (parsed.type !== "association-change" || parsed.state !== "restart") return;
      told.push([parsed.outboundStreams, parsed.inboundStreams]);
    });
    const restarted = new Promise<void>((resolve) =>
      socket.on("restart", (streams) => {
        const { outboundStreams, inboundStreams } = socket;
        assert.equal(streams, { outboundStreams, inboundStreams });
        const { numberOfOutgoingStreams, numberOfIncomingStreams } = socket.status();
        assert.equal([outboundStreams, inboundStreams], [numberOfOutgoingStreams, numberOfIncomingStreams]);
        told.push("restart");
        resolve();
      })
    );
    raw.say("the first life");
    raw.say("the beginning of a message", FIRST);
    await raw.connect(TAGS[1], { outbound: 7, inbound: 5 });
    await restarted;
    raw.say("the second one");
    await once(socket, "data");
    // The kernel's stack goes on with the streams of the first life, whatever the peer says.
    const streams = stack === "kernel" ? [10, 10] : [5, 7];
    assert.equal(told, ["the first life", streams, "restart", "the second one"]);
    const beyond = Object.assign(Buffer.from("x"), { sid: streams[0] });
    const error = await new Promise<unknown>((resolve) => socket.write(beyond, resolve));
    assert.is((error as NodeJS.ErrnoException).code, "EINVAL");
    await close();
  });

  test("end() goes on with a peer that restarts before it has acknowledged all", async () => {
    const { raw, socket, close } = await letIn();
    socket.write("on its way");
    socket.end();
    await raw.next(DATA);
    await raw.connect(TAGS[1]);
    assert.is((await raw.next(SHUTDOWN)).tag, TAGS[1]);
    await close();
  });

  for (
    const [what, inbound, most] of [
      ["with as many streams", 10, 10],
      ["with fewer streams, but for what is for the others", 2, stack === "kernel" ? 10 : 2],
    ] as const
  ) {
    test(`what waits while a peer restarts goes to its second life: ${what}`, async () => {
      const { raw, socket, close } = await letIn();
      const life = watch(socket);
      const answers: unknown[] = [];
      for (let i = 0; i < 60; i++) {
        const answer = (error?: NodeJS.ErrnoException | null) =>
          void answers.push(error ? error.code : i % 10);
        socket.write(Object.assign(Buffer.alloc(100_000), { sid: i % 10 }), answer);
      }
      assert.ok(socket.stats().waiting.messages > 10);
      const restarted = once(socket, "restart");
      await raw.connect(TAGS[1], { inbound });
      assert.is((await raw.next(DATA)).tag, TAGS[1]);
      await restarted;
      assert.equal([life.events, socket.destroyed, socket.outboundStreams], [[], false, most]);
      const rest = answers.slice(answers.indexOf("EINVAL"));
      assert.ok(
        most === 10
          ? !answers.includes("EINVAL")
          : rest.every((one) => one === "EINVAL" || one as number < most),
      );
      await close();
    });
  }
}

test.run();
