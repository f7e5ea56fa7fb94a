/** unref(): the process does not wait for the peer, but what was begun is brought to its end first, as with net. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Socket } from "netsctp";
import { blackHole, runtime, skip } from "../helpers/capabilities.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";
import { freePort, type Program } from "../helpers/programs.ts";
import { startOn } from "../helpers/runtimes.ts";

const host = "127.0.0.1";

function startUnref(to: { host: string; port: number; udpPort?: number }, way: string): Program {
  return startOn(runtime, "test/helpers/unref_program.ts", [JSON.stringify(to), way]);
}

/** All that the program says until it ends by itself. */
async function saidBy(program: Program): Promise<string[]> {
  await program.succeeds();
  return program.stdout.toString().trim().split("\n");
}

// Whether its peer ever sees one that the process leaves open is up to the stacks: the exit aborts it.
const LEFT_OPEN: Record<string, string[]> = {
  "connects": ["connect"],
  "looks up a name, slowly": ["connect"],
  "writes while it connects": ["connect", "written"],
  "reads": ["connect"],
  "reads after ref() and unref()": ["connect"],
};

for (const [way, expected] of Object.entries(LEFT_OPEN)) {
  test(`an unref'd socket that ${way}`, async () => {
    const server = await listening();
    server.on("connection", (peer) => peer.on("error", () => {}));
    assert.equal(await saidBy(startUnref(endpointOf(server), way)), expected);
    await closed(server);
  });
}

const ENDED: Record<string, { said: string[]; bytes: number }> = {
  "ends while it connects": { said: ["connect"], bytes: 10 },
  "ends and destroys": { said: ["connect", "close"], bytes: 10 },
  "writes what has to wait": { said: ["connect", "written"], bytes: 60 * 20_000 },
};

for (const [way, expected] of Object.entries(ENDED)) {
  test(`an unref'd socket that ${way}, to a peer that reads late: all arrives`, async () => {
    const server = await listening({ pauseOnConnect: true, recvBufferSize: 50_000 });
    const connection = once(server, "connection");
    const program = startUnref(endpointOf(server), way);
    await program.says(/connect/);
    const [peer] = await connection as [Socket];
    let bytes = 0;
    for await (const { length } of peer) bytes += length;
    assert.equal({ said: await saidBy(program), bytes }, expected);
    await closed(server);
  });
}

test("an unref'd socket that is refused", async () => {
  const port = await freePort();
  assert.equal(await saidBy(startUnref({ host, port }, "connects")), ["ECONNREFUSED"]);
});

const UNANSWERED = "an unref'd socket that connects to nobody who answers";
if (blackHole.reason) skip(UNANSWERED, blackHole.reason);
else {
  test(UNANSWERED, async () => {
    const program = startUnref(blackHole, "connects to nobody who answers");
    assert.equal(await saidBy(program), ["ETIMEDOUT"]);
  });
}

test.run();
