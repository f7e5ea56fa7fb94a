/** Many peers that wait for one output. */
import { once } from "node:events";
import process from "node:process";
import { Writable } from "node:stream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import type { FormatOptions } from "../../../cli/netcat/format.ts";
import { receiveInto } from "../../../cli/netcat/flow.ts";
import type { Peer } from "../../../cli/netcat/peer.ts";
import { closed, endpointOf, listening } from "../../helpers/pair.ts";

const PEERS = 12;
const RAW: FormatOptions = {
  format: "raw",
  prefix: false,
  id: undefined,
  isTerminal: false,
  paint: (_, text) => text,
};

test(`${PEERS} peers wait until the output takes more: no warning of a leak, and nothing is lost`, async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on("warning", onWarning);
  let written = 0;
  let open = () => {};
  const opened = new Promise<void>((resolve) => open = resolve);
  const sink = new Writable({
    highWaterMark: 1,
    write(chunk, _encoding, callback) {
      written += chunk.length;
      opened.then(() => callback());
    },
  });

  const server = await listening();
  const clients: Socket[] = [];
  for (let i = 0; i < PEERS; i++) {
    const client = connect(endpointOf(server));
    const [socket] = await once(server, "connection") as [Socket];
    receiveInto({ socket } as unknown as Peer, sink, RAW);
    const paused = once(socket, "pause");
    client.write("one");
    client.write("two");
    await paused;
    clients.push(client);
  }
  open();
  await Promise.all(clients.map((client) => once(client.end().resume(), "close")));
  await closed(server);
  await once(sink.end(), "finish");
  assert.is(written, PEERS * "onetwo".length);
  assert.equal(warnings.map(({ message }) => message), []);
  process.off("warning", onWarning);
});

test.run();
