/** Whatever option need not be given may be null, as if it were left out; nothing may be set or refused for it. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, counters, createServer, loadLibrary, type Socket, stackInfo } from "netsctp";
import {
  NO_CONNECT_OPTIONS,
  NO_LIBRARY_OPTIONS,
  NO_LISTEN_OPTIONS,
  NO_SACK_OPTIONS,
  NO_SCTP_OPTIONS,
  NO_SERVER_OPTIONS,
} from "../helpers/no_options.ts";
import { closed } from "../helpers/pair.ts";

const unasked = 38412; // a port that nothing is sent to
const any = (value: unknown) => value as never;

/** The name of each option, and all options with that one null. */
function eachOf(options: Record<string, null>): Array<[name: string, options: never]> {
  return Object.keys(options).map((name) => [name, any({ [name]: null })]);
}

function assertTaken(name: string, call: () => unknown): void {
  try {
    call();
  } catch (error) {
    assert.unreachable(`${name}: ${(error as Error).message}`);
  }
}

test("each alone is taken by the call it belongs to", async () => {
  for (const [name, options] of eachOf(NO_SERVER_OPTIONS)) assertTaken(name, () => createServer(options));
  for (const [name, options] of eachOf(NO_LISTEN_OPTIONS)) {
    const server = createServer();
    assertTaken(name, () => server.listen(any({ host: "127.0.0.1", ...options as object })));
    await closed(server);
  }
  for (const [name, options] of eachOf(NO_CONNECT_OPTIONS)) {
    const call = () => connect(any({ port: unasked, host: "127.0.0.1", ...options as object }));
    assertTaken(name, () => call().on("error", () => {}).destroy());
  }
  for (const [name, options] of eachOf(NO_LIBRARY_OPTIONS)) {
    await loadLibrary(options).catch((error) => assert.unreachable(`${name}: ${error.message}`));
  }
  for (const [name, sctp] of eachOf(NO_SCTP_OPTIONS)) assertTaken(name, () => createServer({ sctp }));
  for (const [name, sack] of eachOf(NO_SACK_OPTIONS)) {
    assertTaken(name, () => createServer({ sack, sctp: { sack } }));
  }
});

test("with all of them null an association is as without them, and so is a message", async () => {
  const server = createServer(any(NO_SERVER_OPTIONS));
  server.listen(any(NO_LISTEN_OPTIONS));
  await once(server, "listening");
  const client = connect(any({ ...NO_CONNECT_OPTIONS, port: server.address()!.port }));
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
    [Socket],
    unknown,
  ];
  assert.is(peer.isPaused(), false);
  assert.is(client.writableHighWaterMark, 65_536);
  client.end(Object.assign(Buffer.from("hello"), { sid: null, ppid: null }) as never);
  const [message] = await once(peer, "data");
  assert.equal([message.toString(), message.sid, message.ppid], ["hello", 0, 0]);
  await Promise.all([once(client.resume(), "close"), closed(server)]);
});

test("so is null for which stack", () => {
  assert.is(stackInfo(any(null)).stack, stackInfo().stack);
  assert.is(counters(any(null)).openHandles, 0);
});

test.run();
