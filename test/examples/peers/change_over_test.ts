/** examples/change_over: the cable to the primary peer is pulled out under load; none of the messages is lost. */
import { execFileSync } from "node:child_process";
import { test } from "uvu";
import { skip } from "../../helpers/capabilities.ts";
import { judge } from "../../helpers/change_over.ts";
import { commandOf, PAIRS } from "../../helpers/examples.ts";
import { beside, start } from "../../helpers/programs.ts";
import { missing } from "../../helpers/two_paths.ts";

const PATHS = "examples/failover/paths.sh";
const paths = (order: string) => void execFileSync(PATHS, [order], { stdio: "pipe" });
const PEERS = ["10.99.0.2", "10.99.1.2"] as const;

if (missing) skip("change-over", missing);
else {
  test.before(() => paths("up"));
  test.after(() => paths("down"));

  for (const [receiver, sender] of PAIRS) {
    const listen = (own: string) =>
      start([PATHS, "far", ...commandOf(receiver, "change_over/receiver.ts", own)]);
    test(`${sender} sends to ${receiver}`, () =>
      beside(listen(PEERS[0]), (primary) =>
        beside(listen(PEERS[1]), async (alternate) => {
          for (const one of [primary, alternate]) await one.says(/^listening on 10\.99\.\d\.2, port 3565$/m);
          const command = commandOf(sender, "change_over/sender.ts", ...PEERS.map((peer) => `${peer},3565`));
          await beside(
            start([PATHS, "near", ...command]),
            (sender) => judge({ sender, primary, alternate }, () => paths("cut"), () => paths("restore")),
          );
        })));
  }
}

test.run();
