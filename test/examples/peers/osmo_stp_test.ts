/** examples/m3ua/asp.ts against Osmocom's STP as the signalling gateway. */
import { test } from "uvu";
import { example } from "../../helpers/examples.ts";
import { beside, start } from "../../helpers/programs.ts";

for (const runtime of ["node", "deno"] as const) {
  test(`an ASP on ${runtime}`, () =>
    beside(start(["osmo-stp", "-c", "examples/m3ua/osmo-stp.cfg"]), async (stp) => {
      await stp.says(/Available via telnet/);
      const args = ["--local-port", "2906", "--routing-context", "7", "--opc", "3", "--dpc", "2"];
      await beside(example(runtime, "m3ua/asp.ts", ...args), async (asp) => {
        await asp.says(/> ASPUP on stream 0\n< ASPUP_ACK/);
        await asp.says(/^< ASPAC_ACK/m);
        await asp.says(/^< BEAT_ACK/m);
        await asp.says(/^< DATA on stream [1-9]\d*\n {2}from point code 3 to 2: hello$/m);
        await asp.says(/^< ASPIA_ACK/m);
        await asp.says(/^< ASPDN_ACK on stream 0\nsigned off$/m);
        await asp.succeeds();
      });
      await stp.says(/asp-example: xUA SRV SHUTDOWN_EVENT/); // it knows that this was no accident
    }));
}

test.run();
