/** A packet of the handshake is lost, or two: once the association is up nothing of it is left, and a packet that is lost
 * later is sent again as soon as in any other. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { skip, stack } from "../helpers/capabilities.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";
import { udpMirror } from "../helpers/udp_mirror.ts";

const TYPES = { INIT: 1, "INIT ACK": 2, "COOKIE ECHO": 10, "COOKIE ACK": 11 };
/** Where the type of the first chunk is, behind SCTP's header. */
const TYPE_AT = 12;
/** What RFC 9260 has for the time before a path was measured, and for the least. */
const RTO_MS = 1000;

/** A way between the two ends on which the first packets of a type are lost. */
const losing = (type: number, count: number) =>
  udpMirror((packet, pass) => {
    if (packet[TYPE_AT] !== type || count-- <= 0) pass();
  });

const rtosOf = (socket: Socket) => Object.values(socket.peerInfoByAddress).map((path) => path!.rto);

for (const [name, type] of Object.entries(TYPES)) {
  for (const count of [1, 2]) {
    const times = count === 1 ? "once" : "twice";
    const what = `${name} is lost ${times}: retransmission time-outs are as if it had not been`;
    if (stack === "kernel") {
      skip(what, "packets are lost here on their way between two UDP ports");
      continue;
    }
    test(what, async () => {
      const server = await listening();
      const { port: udpPort, close } = await losing(type, count);
      const client = connect({ ...endpointOf(server), udpPort });
      const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]);
      assert.equal(rtosOf(client), [RTO_MS]);
      assert.equal(rtosOf(peer as Socket), [RTO_MS]);
      client.end();
      await once(client.resume(), "close");
      await closed(server);
      close();
    });
  }
}

test.run();
