/** examples/echo: each runtime serves the other. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { stack } from "../../helpers/capabilities.ts";
import { example, interrupt, PAIRS, portOf } from "../../helpers/examples.ts";
import { beside } from "../../helpers/programs.ts";

for (const [serverRuntime, clientRuntime] of PAIRS) {
  test(`${serverRuntime} serves ${clientRuntime}`, () =>
    beside(example(serverRuntime, "echo/server.ts", "0"), async (server) => {
      const port = await portOf(server);
      await beside(
        example(clientRuntime, "echo/client.ts", port, "127.0.0.1", "a", "bc", "def"),
        async (client) => {
          await client.succeeds();
          assert.match(client.text, `connected to 127.0.0.1 port ${port}, ${stack} stack`);
          for (const [sid, word] of ["a", "bc", "def"].entries()) {
            assert.match(client.text, `stream ${sid}, identifier 38: ${word}\n`);
            assert.match(server.text, `${word.length} bytes on stream ${sid}, identifier 38\n`);
          }
        },
      );
      await server.says(/closed/);
      await interrupt(server);
    }));
}

test("a port that is taken, and one where nobody listens: each program says so, and fails", () =>
  beside(example("node", "echo/server.ts", "0"), async (server) => {
    const port = await portOf(server);
    await beside(example("deno", "echo/server.ts", port), async (second) => {
      assert.equal(await second.ended, { code: 1, signal: null });
      assert.match(second.text, /^cannot listen: listen EADDRINUSE/m);
    });
    await interrupt(server);
    if (stack === "userspace") return; // which hears nothing of it, and waits for as long as it may
    await beside(example("node", "echo/client.ts", port), async (client) => {
      assert.equal(await client.ended, { code: 1, signal: null });
      assert.match(client.text, `connect ECONNREFUSED 127.0.0.1:${port}\n`);
    });
  }));

test.run();
