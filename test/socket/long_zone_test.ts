/** Addresses whose zone is longer than any interface's name: `net.isIP()` takes them, no stack does, and an event says so. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type ConnectOptions, createServer, type SystemError } from "netsctp";
import { closed } from "../helpers/pair.ts";

const UNASKED = 38412; // a port that nothing is sent to
const LONG = `fe80::1%${"x".repeat(80)}`;
const lookup: ConnectOptions["lookup"] = (_host, { all }, callback) =>
  all ? callback(null, [{ address: LONG, family: 6 }]) : callback(null, LONG, 6);

const CONNECT: Record<string, [options: Partial<ConnectOptions>, syscall: string]> = {
  host: [{ host: LONG }, "connect"],
  remoteAddresses: [{ remoteAddresses: ["::1", LONG] }, "connect"],
  "an answer of lookup()": [{ host: "peer.test", lookup }, "connect"],
  localAddress: [{ host: "::1", localAddress: LONG }, "bind"],
};
for (const [what, [options, syscall]] of Object.entries(CONNECT)) {
  test(`connect(), ${what}: EINVAL as an event`, async () => {
    const socket = connect({ port: UNASKED, ...options });
    const error = await new Promise<SystemError>((resolve) => socket.on("error", resolve));
    assert.equal([error.code, error.syscall], ["EINVAL", syscall]);
    assert.match(error.message, /'fe80::1%x+' is not an IP address$/);
    if (!socket.closed) await once(socket, "close");
  });
}

for (const options of [{ host: LONG }, { localAddresses: ["::1", LONG] }]) {
  test(`listen(), ${Object.keys(options)[0]}: EINVAL as an event, and the server may listen again`, async () => {
    const server = createServer().listen({ port: 0, ...options });
    const error = await new Promise<SystemError>((resolve) => server.once("error", resolve));
    assert.equal([error.code, error.syscall, error.address], ["EINVAL", "listen", LONG]);
    assert.match(error.message, /'fe80::1%x+' is not an IP address$/);
    await once(server.listen(0, "127.0.0.1"), "listening");
    await closed(server);
  });
}

test.run();
