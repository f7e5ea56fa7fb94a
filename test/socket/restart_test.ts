/** A peer restarts: it loses all it knew of an association, and makes it again from the same ports. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Socket } from "netsctp";
import { skip } from "../helpers/capabilities.ts";
import { noPackets, openToPackets } from "../helpers/encapsulation.ts";
import { watch } from "../helpers/events.ts";
import { closed, listening } from "../helpers/pair.ts";
import { ABORT, DATA, RawPeer } from "../helpers/raw_peer.ts";

const TAGS = [0x1000, 0x2000] as const;

if (noPackets) skip("a peer restarts", noPackets);
else {
  test("a peer restarts: nothing ends, a notification says so, and what was on its way to it is lost", async () => {
    const udpPortOf = await openToPackets();
    const server = await listening();
    const raw = await RawPeer.open(server.address()!.port, udpPortOf(server));
    const [[socket]] = await Promise.all([once(server, "connection"), raw.connect(TAGS[0])]) as [
      [Socket],
      void,
    ];
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
    raw.close();
    await closed(server);
  });
}

test.run();
