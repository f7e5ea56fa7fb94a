/** Settings of a socket that is over, or will never be: silent, and for chaining, as net's. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

const SETTINGS: Record<string, (socket: Socket) => Socket> = {
  "setNoDelay()": (socket) => socket.setNoDelay(),
  "setNoDelay(false)": (socket) => socket.setNoDelay(false),
  "setKeepAlive()": (socket) => socket.setKeepAlive(),
  "setKeepAlive(true, 1000)": (socket) => socket.setKeepAlive(true, 1000),
  "setKeepAlive(true, -1)": (socket) => socket.setKeepAlive(true, -1),
  "setTimeout(1)": (socket) => socket.setTimeout(1, () => assert.unreachable("it is over")),
  "setTimeout() of nonsense": (socket) => socket.setTimeout("x" as never, 5 as never),
  "setEncoding()": (socket) => socket.setEncoding("utf8"),
  "setDefaultEncoding()": (socket) => socket.setDefaultEncoding("utf8"),
  "ref()": (socket) => socket.ref(),
  "unref()": (socket) => socket.unref(),
  "pause()": (socket) => socket.pause(),
  "resume()": (socket) => socket.resume(),
  "resetAndDestroy()": (socket) => socket.resetAndDestroy(),
  "on('notification')": (socket) => socket.on("notification", () => {}),
};

/** A socket that was destroyed, in each of the states that it can have been in. */
const WAYS: Record<string, (use: (socket: Socket) => void) => Promise<void>> = {
  "destroyed": async (use) => {
    const { client, peer, close } = await connectedPair();
    peer.on("error", () => {});
    use(client.destroy());
    await close();
  },
  "closed": async (use) => {
    const { client, peer, close } = await connectedPair();
    peer.on("error", () => {});
    await once(client.destroy(), "close");
    use(client);
    await close();
  },
  "accepted and closed": async (use) => {
    const { client, peer, close } = await connectedPair();
    client.on("error", () => {});
    await once(peer.destroy(), "close");
    use(peer);
    await close();
  },
  "closed in order": async (use) => {
    const { client, peer, close } = await connectedPair();
    peer.resume();
    await once(client.resume().end(), "close");
    use(client);
    await close();
  },
  "destroyed in the midst of its SHUTDOWN": async (use) => {
    const { client, peer, close } = await connectedPair();
    peer.resume();
    use(client.end().destroy());
    await close();
  },
  "destroyed while connecting": async (use) => {
    const server = await listening();
    server.on("connection", (peer) => peer.on("error", () => {}));
    use(connect(endpointOf(server)).destroy());
    await closed(server);
  },
  "closed while connecting": async (use) => {
    const server = await listening();
    server.on("connection", (peer) => peer.on("error", () => {}));
    const client = connect(endpointOf(server)).destroy();
    await once(client, "close");
    use(client);
    await closed(server);
  },
};

for (const [way, make] of Object.entries(WAYS)) {
  test(`settings of a socket that is ${way} do nothing`, () =>
    make((socket) => {
      for (const [name, set] of Object.entries(SETTINGS)) assert.is(set(socket), socket, name);
      assert.is(socket.timeout, undefined);
      assert.is(socket.read(), null);
      assert.type(socket.address(), "object");
      assert.equal([socket.destroyed, socket.readyState, socket.pending], [true, "closed", true]);
    }));
}

test.run();
