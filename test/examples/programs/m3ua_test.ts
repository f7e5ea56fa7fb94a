/** examples/m3ua: the ASP and our own gateway, each on both runtimes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { example, interrupt, PAIRS, portOf } from "../../helpers/examples.ts";
import { beside } from "../../helpers/programs.ts";

const SAID = [
  "> ASPUP on stream 0",
  "< ASPUP_ACK on stream 0",
  "> ASPAC on stream 0",
  "< ASPAC_ACK on stream 0",
  "> BEAT on stream 0",
  "< BEAT_ACK on stream 0",
  "> DATA on stream 3",
  "< DATA on stream 3",
  "  from point code 12 to 11: hello",
  "> ASPIA on stream 0",
  "< ASPIA_ACK on stream 0",
  "> ASPDN on stream 0",
  "< ASPDN_ACK on stream 0",
  "signed off",
];

for (const [gatewayRuntime, aspRuntime] of PAIRS) {
  test(`${gatewayRuntime} is the gateway of an ASP on ${aspRuntime}`, () =>
    beside(example(gatewayRuntime, "m3ua/gateway.ts", "0"), async (gateway) => {
      const port = await portOf(gateway);
      const args = ["--port", port, "--opc", "11", "--dpc", "12", "--routing-context", "7"];
      await beside(example(aspRuntime, "m3ua/asp.ts", ...args), async (asp) => {
        await asp.succeeds();
        const lines = asp.text.split("\n").filter((line) => !line.includes("NTFY") && line !== "");
        assert.equal(lines, SAID);
      });
      await gateway.says(/: down\n.*: inactive\n.*: active\n.*17 bytes from point code 11 to 12\n/);
      await gateway.says(/: inactive\n.*: down\n.*: gone/);
      await interrupt(gateway);
    }));
}

test("a peer that does not speak M3UA is aborted, and the gateway goes on", () =>
  beside(example("node", "m3ua/gateway.ts", "0"), async (gateway) => {
    await beside(example("node", "echo/client.ts", await portOf(gateway)), async (client) => {
      assert.equal(await client.ended, { code: 1, signal: null });
      assert.match(client.text, "read ECONNRESET");
    });
    await gateway.says(/identifier 38 is not M3UA's/);
    await interrupt(gateway);
  }));

test.run();
