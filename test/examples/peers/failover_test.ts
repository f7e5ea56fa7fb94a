/** examples/failover: the cable of the primary path is pulled out and put in again, and every message arrives. */
import { execFileSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { skip } from "../../helpers/capabilities.ts";
import { commandOf } from "../../helpers/examples.ts";
import { beside, start } from "../../helpers/programs.ts";
import { missing } from "../../helpers/two_paths.ts";

const PATHS = "examples/failover/paths.sh";
const paths = (order: string) => void execFileSync(PATHS, [order], { stdio: "pipe" });
const NEAR = "10.99.0.1,10.99.1.1", FAR = "10.99.0.2,10.99.1.2";

if (missing) skip("failover", missing);
else {
  test.before(() => paths("up"));
  test.after(() => paths("down"));

  for (const [far, near] of [["node", "deno"], ["deno", "node"]] as const) {
    test(`${near} sends to ${far}`, () =>
      beside(start([PATHS, "far", ...commandOf(far, "failover/receiver.ts", FAR)]), async (receiver) => {
        await receiver.says(/^listening on 10\.99\.0\.2 and 10\.99\.1\.2, port 7009$/m);
        const command = commandOf(near, "failover/sender.ts", FAR, NEAR);
        await beside(start([PATHS, "near", ...command]), async (sender) => {
          await sender.says(/^sent \d+; 10\.99\.0\.2 active, 10\.99\.1\.2 active$/m);
          paths("cut");
          await sender.says(/^path to 10\.99\.0\.2: unreachable$/m);
          // Not the other path's state: a guest that stood still for a second takes both for potentially failed, and Linux
          // keeps to that until a heartbeat is answered, which is not sent where messages are. The receiver counts them.
          await sender.says(/^sent \d+; 10\.99\.0\.2 not active, 10\.99\.1\.2 (not )?active$/m);
          await receiver.says(/^path to 10\.99\.0\.1: unreachable$/m);
          paths("restore");
          await sender.says(/^path to 10\.99\.0\.2: available$/m);
          await sender.says(/^sent \d+; 10\.99\.0\.2 active, 10\.99\.1\.2 active$/m);
          sender.kill("SIGINT");
          assert.not.match(sender.text, /^path to 10\.99\.1\.2: unreachable$/m);
          const [, sent] = await sender.says(/^closed after (\d+) messages$/m);
          await sender.succeeds();
          const [, received, of] = await receiver.says(/^received (\d+) of (\d+) messages$/m);
          await receiver.succeeds();
          assert.equal([received, of], [sent, sent]);
        });
      }));
  }
}

test.run();
