/** `configurePath(address, { udpPort })`: the UDP port that one of the peer's addresses is reached at. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket, type UnsupportedError } from "netsctp";
import { skip, stack } from "../helpers/capabilities.ts";
import { noPackets, openToPackets } from "../helpers/encapsulation.ts";
import { setParameter } from "../helpers/kernel_parameters.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";
import { udpMirror } from "../helpers/udp_mirror.ts";

const ADDRESS = "127.0.0.1";

test("what it can be", async () => {
  const { client, close } = await connectedPair();
  for (const udpPort of [0, -1, 65536, 1.5]) {
    assert.throws(
      () => client.configurePath(ADDRESS, { udpPort }),
      (error: NodeJS.ErrnoException) => error.code === "ERR_OUT_OF_RANGE",
    );
  }
  await close();
});

if (noPackets) skip("a path with a UDP port of its own", noPackets);
else {
  if (stack === "kernel") {
    test("without a UDP port of the kernel's own it is an error that names the sysctl", async () => {
      setParameter("udp_port", 0);
      const { client, close } = await connectedPair();
      assert.throws(
        () => client.configurePath(ADDRESS, { udpPort: 9899 }),
        ({ code, feature, message }: UnsupportedError) =>
          code === "ERR_SCTP_UNSUPPORTED" && feature === "udpPort" && /net\.sctp\.udp_port/.test(message),
      );
      await close();
    });
  }

  test("from then on what is sent there goes to that port, and the answers come from it", async () => {
    const udpPortOf = await openToPackets();
    const server = await listening();
    let packets = 0;
    const mirror = await udpMirror((_packet, pass) => {
      packets++;
      pass();
    });
    const client = connect({ ...endpointOf(server), udpPort: udpPortOf(server) });
    const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
      [Socket],
      unknown,
    ];
    const exchange = async (text: string) => {
      client.write(text);
      assert.is(String((await once(peer, "data"))[0]), text);
      peer.write(text);
      assert.is(String((await once(client, "data"))[0]), text);
    };
    await exchange("before");
    assert.is(packets, 0);
    client.configurePath(ADDRESS, { udpPort: mirror.port });
    assert.is(client.remoteUdpPort, mirror.port);
    await exchange("after");
    assert.ok(packets >= 2, `${packets} packets`);
    client.end();
    await once(client.resume(), "close");
    await closed(server);
    mirror.close();
  });
}

test.run();
