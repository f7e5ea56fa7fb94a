/** socat, both ways: what it sends comes as messages, what it gets it prints; each side ends in order. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { watch } from "../helpers/events.ts";
import { message, payload } from "../helpers/messages.ts";
import { closed, endpointOf, listening, LOOPBACKS } from "../helpers/pair.ts";
import { beside, freePort, start } from "../helpers/programs.ts";

const at = (host: string) => host.includes(":") ? `[${host}]` : host;
const kind = (host: string) => host.includes(":") ? "SCTP6" : "SCTP4";

for (const host of LOOPBACKS) {
  test(`socat connects to ${host}: its input comes back as echo, and its end as 'end'`, async () => {
    const server = await listening({}, host);
    const connection = once(server, "connection");
    const { port } = endpointOf(server);
    await beside(
      start(["socat", "-", `${kind(host)}-CONNECT:${at(host)}:${port}`]),
      async (socat) => {
        const [peer] = await connection as [Socket];
        const life = watch(peer);
        assert.is(peer.remoteAddress, host);
        peer.on("data", (data) => peer.write(data));
        socat.write("first");
        await socat.says(/first/);
        socat.write("second");
        await socat.says(/second/);
        socat.end(); // socat shuts the association down
        await life.closed;
        await socat.succeeds();
        assert.equal(life.messages.map(({ length }) => length), [5, 6]);
        assert.equal(life.messages.map(({ sid, ppid }) => [sid, ppid]), [[0, 0], [0, 0]]);
        assert.equal(life.events, ["end", "close"]);
      },
    );
    await closed(server);
  });

  test(`socat listens at ${host}: it echoes what is sent, and sees our end()`, async () => {
    const port = await freePort(host);
    const address = `${kind(host)}-LISTEN:${port},bind=${at(host)}`;
    await beside(start(["socat", "-d", "-d", address, "PIPE"]), async (socat) => {
      await socat.says(/listening on/);
      const socket = connect({ host, port });
      const life = watch(socket);
      await once(socket, "connect");
      const sent = [payload(1), payload(1000), payload(8000)];
      const got: Buffer[] = [];
      const all = new Promise<void>((resolve) =>
        socket.on("data", (data) => {
          got.push(data);
          if (got.reduce((sum, { length }) => sum + length, 0) === 9001) resolve();
        })
      );
      for (const data of sent) socket.write(message(data, 3, 46)); // socat takes any stream
      await all;
      assert.ok(Buffer.concat(got).equals(Buffer.concat(sent)));
      socket.end();
      await life.closed;
      await socat.succeeds();
      assert.equal(life.events, ["end", "close"]);
    });
  });

  test(`socat at ${host} sends a file and leaves: all of it arrives, in order`, async () => {
    const server = await listening({}, host);
    const connection = once(server, "connection");
    const { port } = endpointOf(server);
    const bytes = payload(300_000);
    await beside(start(["socat", "-u", "-", `${kind(host)}-CONNECT:${at(host)}:${port}`]), async (socat) => {
      socat.end(bytes);
      const [peer] = await connection as [Socket];
      const life = watch(peer);
      const got: Buffer[] = [];
      peer.on("data", (data) => got.push(data));
      await Promise.all([life.closed, socat.succeeds()]);
      assert.ok(Buffer.concat(got).equals(bytes), `${life.bytes} bytes came`);
      assert.equal(life.events, ["end", "close"]);
    });
    await closed(server);
  });
}

test("where socat does not listen any more, connect() fails with ECONNREFUSED", async () => {
  const port = await freePort();
  const [error] = await once(connect({ host: "127.0.0.1", port }), "error");
  assert.is(error.code, "ECONNREFUSED");
});

test.run();
