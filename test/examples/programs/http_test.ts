/** examples/http_over_sctp: each runtime serves the other. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { example, interrupt, PAIRS, portOf } from "../../helpers/examples.ts";
import { beside } from "../../helpers/programs.ts";

for (const [serverRuntime, clientRuntime] of PAIRS) {
  test(`${serverRuntime} serves ${clientRuntime}: three requests, one association`, () =>
    beside(example(serverRuntime, "http_over_sctp/server.ts", "0"), async (server) => {
      await beside(
        example(clientRuntime, "http_over_sctp/client.ts", await portOf(server)),
        async (client) => {
          await client.succeeds();
          assert.equal(client.text.trimEnd().split("\n"), [
            "GET /: 200 hello over SCTP",
            "POST /echo: 200 a body that comes back",
            "GET /nothing: 404 there is nothing else here",
            "1 association",
          ]);
        },
      );
      await server.says(/^association with .*\nGET \/\nPOST \/echo\nGET \/nothing\n/m);
      await interrupt(server);
    }));
}

test.run();
