/** examples/diameter: client and server, each on both runtimes. freeDiameter as either end: ../peers/freediameter_test.ts. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { example, interrupt, PAIRS, portOf } from "../../helpers/examples.ts";
import { beside } from "../../helpers/programs.ts";

for (const [serverRuntime, clientRuntime] of PAIRS) {
  test(`${serverRuntime} serves ${clientRuntime}: CER, a watchdog from each end, DPR`, () =>
    beside(example(serverRuntime, "diameter/server.ts", "0"), async (server) => {
      await beside(example(clientRuntime, "diameter/client.ts", await portOf(server)), async (client) => {
        await client.succeeds();
        assert.match(client.text, /^> CER on stream 0\n< CEA on stream 0 from server\.localdomain\n/);
        assert.match(client.text, "the peer is server.localdomain, netsctp example\n");
        assert.match(client.text, "> DWR on stream 0\n");
        assert.match(client.text, "< DWA on stream 0 from server.localdomain\n");
        assert.match(client.text, "< DWR on stream 0 from server.localdomain\n> DWA on stream 0\n");
        assert.match(client.text, /< DPA on stream 0 from server\.localdomain\ndisconnected\n$/);
      });
      await server.says(/: gone/);
      assert.match(server.text, "< DWA on stream 0 from client.localdomain\n");
      await interrupt(server);
    }));
}

test.run();
