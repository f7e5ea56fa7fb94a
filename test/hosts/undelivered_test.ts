/** Both paths to a peer fail under load: what the peer has, and what comes back, is all that was written. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Undelivered } from "netsctp";
import { runtime } from "../helpers/capabilities.ts";
import { addLink, here, withHosts } from "../helpers/hosts.ts";
import { payload } from "../helpers/messages.ts";
import { beside, start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";
import { ACTIVE } from "../helpers/timed_message.ts";

const PORT = 5001;
const NEAR = ["10.0.0.1", "10.1.0.1"], FAR = ["10.0.0.2", "10.1.0.2"];
const sctp = { rto: { initial: 200, min: 100, max: 400 }, retransmissions: { association: 5, path: 2 } };

for (const together of [true, false]) {
  test(`two paths that fail ${together ? "together" : "one after the other"}`, () =>
    withHosts(["far"], async (far) => {
      const links = [0, 1].map((i) =>
        addLink([here, `near${i}`, `${NEAR[i]}/24`], [far, `far${i}`, `${FAR[i]}/24`])
      );
      const command = commandOn(runtime, "test/helpers/counting_peer.ts", [String(PORT), ...FAR]);
      await beside(start(far.command(command)), async (peer) => {
        await peer.says(/listening/);
        const socket = connect({ port: PORT, remoteAddresses: FAR, localAddresses: NEAR, sctp });
        const returned: Undelivered[] = [];
        const order: string[] = [];
        socket.on("undelivered", (message) => {
          returned.push(message);
          order.push("undelivered");
        });
        socket.on("error", ({ message }) => order.push(message));
        await once(socket, "connect");
        let written = 0;
        const fill = () => {
          while (socket.send(payload(1 + written % 3000, written), { stream: 2, ppid: written++ }));
        };
        socket.on("drain", fill);
        fill();
        while (written < 2000) await once(socket, "drain");
        await links[0]!.cut();
        while (!together && socket.peerInfoByAddress[FAR[0]!]!.state === ACTIVE) {
          await once(socket, "peer-info-update"); // what was on its way is sent again over the other path
        }
        await links[1]!.cut();
        await new Promise<void>((resolve) => socket.on("close", () => resolve()));
        for (const link of links) await link.restore();
        peer.write("count\n");
        const [, count] = await peer.says(/^count (\d+)$/m);
        assert.equal(order.slice(-2), ["undelivered", "read ETIMEDOUT"]);
        const numbers = returned.map(({ ppid }) => ppid);
        const [first] = numbers as [number];
        assert.equal(
          numbers,
          Array.from({ length: written - first }, (_, i) => first + i),
          "in order, each once",
        );
        assert.ok(first <= Number(count), `none is lost: ${first} and ${count}`);
        const firstUnsent = returned.find(({ isSent }) => !isSent);
        assert.ok(
          firstUnsent !== undefined && firstUnsent.ppid >= Number(count),
          "what was never sent has not arrived",
        );
        for (const { data, stream, ppid, isComplete } of returned) {
          assert.is(stream, 2);
          const whole = payload(1 + ppid % 3000, ppid);
          assert.ok((isComplete ? whole : whole.subarray(-data.length)).equals(data));
        }
      });
    }));
}

test.run();
