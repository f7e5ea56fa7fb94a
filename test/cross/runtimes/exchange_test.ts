/** Two runtimes, in two processes: a plan of messages each way at the same time, then every way to end. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { stack } from "../../helpers/capabilities.ts";
import { LOOPBACKS } from "../../helpers/pair.ts";
import { planOf } from "../../helpers/plan.ts";
import { beside, type Program } from "../../helpers/programs.ts";
import { type RuntimeName, startOn } from "../../helpers/runtimes.ts";

const PEER = "test/cross/peer.ts";
const MESSAGES = planOf(0).length;
const DIRECTIONS: [server: RuntimeName, client: RuntimeName][] = [
  ["node", "deno"],
  ["deno", "node"],
  ["node", "bun"],
  ["bun", "deno"],
];

async function told<T>(program: Program, key: string): Promise<T> {
  const [line] = await program.says(new RegExp(`^\\{"${key}".*\\}$`, "m"));
  return JSON.parse(line)[key];
}

interface Ending {
  name: string;
  end: (server: Program, client: Program) => void;
  server: string[];
  client: string[];
}

const ENDINGS: Ending[] = [
  {
    name: "the client ends",
    end: (_server, client) => client.end("end\n"),
    server: ["end", "close"],
    client: ["end", "close"],
  },
  {
    name: "the server ends",
    end: (server) => server.end("end\n"),
    server: ["end", "close"],
    client: ["end", "close"],
  },
  {
    name: "the client aborts",
    end: (_server, client) => client.end("abort\n"),
    server: ["ECONNRESET", "close"],
    client: ["close"],
  },
  {
    name: "the server aborts",
    end: (server) => server.end("abort\n"),
    server: ["close"],
    client: ["ECONNRESET", "close"],
  },
];

for (const [direction, [serverRuntime, clientRuntime]] of DIRECTIONS.entries()) {
  for (const [i, ending] of ENDINGS.entries()) {
    // Each pair and each ending once where programs start slowly, in the guest: what ends is the same kernel's.
    if (stack === "kernel" && i !== direction) continue;
    const host = LOOPBACKS[i % 2]!;
    const name = `${serverRuntime} serves ${clientRuntime} at ${host}, ${ending.name}`;
    test(name, () =>
      beside(startOn(serverRuntime, PEER, ["listen", host]), async (server) => {
        const port = await told<number>(server, "port");
        await beside(startOn(clientRuntime, PEER, ["connect", host, String(port)]), async (client) => {
          for (const program of [server, client]) {
            const [line] = await program.says(/^\{"checked".*\}$/m);
            assert.equal(JSON.parse(line), { checked: MESSAGES, stack });
          }
          ending.end(server, client);
          assert.equal(await told(server, "events"), ending.server);
          assert.equal(await told(client, "events"), ending.client);
          await Promise.all([server.succeeds(), client.succeeds()]);
        });
      }));
  }

  test(`${clientRuntime} is killed while ${serverRuntime} serves it: the server's process lives and tells`, () =>
    beside(startOn(serverRuntime, PEER, ["listen", "127.0.0.1"]), async (server) => {
      const port = await told<number>(server, "port");
      await beside(startOn(clientRuntime, PEER, ["connect", "127.0.0.1", String(port)]), async (client) => {
        await told(server, "checked");
        await told(client, "checked");
        client.kill("SIGKILL");
        await client.ended;
        // The kernel ends the association for it. In userspace nobody does: the server has to.
        if (stack === "userspace") server.end("abort\n");
        assert.equal(await told(server, "events"), stack === "userspace" ? ["close"] : ["end", "close"]);
        await server.succeeds();
      });
    }));
}

test.run();
