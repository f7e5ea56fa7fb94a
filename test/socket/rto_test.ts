/** sctp.rto reaches the association at either end: how long it waits on a path that it has not measured. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, createServer, type Socket } from "netsctp";
import { closed } from "../helpers/pair.ts";

const ADDRESSES = ["127.0.0.1", "127.0.0.2"] as const;
const INITIAL = 2500; // neither stack's own, and a multiple of any clock's ticks
const options = { sctp: { rto: { initial: INITIAL } } };

for (const end of ["server", "client"] as const) {
  test(`initial, of the ${end}`, async () => {
    const server = createServer(end === "server" ? options : {}).listen({ localAddresses: [...ADDRESSES] });
    const rtos: Partial<Record<typeof end, number>> = {};
    server.on("connection", (peer) => {
      peer.on("error", () => {}); // the client aborts
      rtos.server = peer.peerInfoByAddress[ADDRESSES[0]]!.rto; // a COOKIE ECHO measures nothing
    });
    await once(server, "listening");
    const client: Socket = connect({
      port: server.address()!.port,
      remoteAddresses: [...ADDRESSES],
      localAddresses: [...ADDRESSES],
      ...(end === "client" && options),
    });
    await Promise.all([once(server, "connection"), once(client, "connect")]);
    rtos.client = client.peerInfoByAddress[ADDRESSES[1]]!.rto; // the handshake took the other path
    client.destroy();
    await closed(server);
    const other = end === "server" ? "client" : "server";
    assert.is(rtos[end], INITIAL);
    assert.is.not(rtos[other], INITIAL);
  });
}

test("an initial value that lies outside of the stack's limits is refused, and the error says what to do", async () => {
  const server = createServer({ sctp: { rto: { initial: 500 } } }).listen({ port: 0, host: "127.0.0.1" });
  const [error] = await once(server, "error") as [NodeJS.ErrnoException];
  assert.is(error.code, "EINVAL");
  assert.match(
    error.message,
    "sctp.rto would be initial 500, min 1000, max 60000, and must be min <= initial <= max: set what lies outside, too",
  );
});

test.run();
