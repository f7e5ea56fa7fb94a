/** examples/ngap: base station and core, each on both runtimes. What a dissector says: ../peers/dissection_test.ts. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { example, interrupt, PAIRS, portOf } from "../../helpers/examples.ts";
import { beside } from "../../helpers/programs.ts";

for (const [amfRuntime, gnbRuntime] of PAIRS) {
  test(`${amfRuntime} is the AMF of a gNB on ${gnbRuntime}`, () =>
    beside(example(amfRuntime, "ngap/amf.ts", "0"), async (amf) => {
      await beside(example(gnbRuntime, "ngap/gnb.ts", await portOf(amf)), async (gnb) => {
        await gnb.succeeds();
        assert.match(gnb.text, "connected: 8 streams out, 8 in\n");
        assert.match(gnb.text, "< NG Setup Response on stream 0, from example-amf\nclosed\n");
      });
      await amf.says(/NG Setup Request on stream 0, from example-gnb\n.*: gone/);
      await interrupt(amf);
    }));
}

test("a peer that does not speak NGAP is aborted, and a gNB without an answer fails", () =>
  beside(example("node", "ngap/amf.ts", "0"), async (amf) => {
    await beside(example("node", "http_over_sctp/client.ts", await portOf(amf)), async (client) => {
      assert.equal(await client.ended, { code: 1, signal: null });
      assert.match(client.text, "ECONNRESET");
    });
    await amf.says(/identifier 63 is not NGAP's/);
    await interrupt(amf);
    await beside(example("node", "echo/server.ts", "0"), async (echo) => {
      await beside(example("node", "ngap/gnb.ts", await portOf(echo)), async (gnb) => {
        assert.equal(await gnb.ended, { code: 1, signal: null });
        assert.match(gnb.text, "the AMF refuses");
      });
      await interrupt(echo);
    });
  }));

test.run();
