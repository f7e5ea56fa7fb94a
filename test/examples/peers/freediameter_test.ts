/** examples/diameter against freeDiameter, at either end. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { example, interrupt, portOf } from "../../helpers/examples.ts";
import { beside, type Program, start } from "../../helpers/programs.ts";

const CONFIGURATION = "examples/diameter/freediameter.conf";

/** Makes the certificate by the command that the configuration tells. */
function makeCertificate(): void {
  const [, command] = /^# +(openssl .*)$/m.exec(readFileSync(CONFIGURATION, "utf8"))!;
  const [program, ...args] = command!.split(" ");
  execFileSync(program!, args, { stdio: "ignore" });
}

async function freeDiameter(): Promise<Program> {
  const daemon = start(["freeDiameterd", "-c", CONFIGURATION]);
  await daemon.says(/freeDiameterd daemon initialized/);
  return daemon;
}

test.before(makeCertificate);

for (const runtime of ["node", "deno"] as const) {
  test(`the client on ${runtime}: CER, a watchdog each way, DPR`, async () =>
    beside(await freeDiameter(), async (daemon) => {
      await beside(example(runtime, "diameter/client.ts"), async (client) => {
        await client.succeeds();
        assert.match(client.text, "the peer is freediameter.localdomain, freeDiameter\n");
        assert.match(client.text, /< DWA on stream \d+ from freediameter\.localdomain\n/);
        assert.match(client.text, /< DWR on stream \d+ from freediameter\.localdomain\n> DWA/);
        assert.match(client.text, /< DPA on stream \d+ from freediameter\.localdomain\ndisconnected\n$/);
      });
      // What it thinks of us.
      await daemon.says(/Connected to 'client\.localdomain' \(SCTP/);
      await daemon.says(/-> 'STATE_OPEN'\t'client\.localdomain'/);
      await daemon.says(/'client\.localdomain' sent a DPR with cause: REBOOTING/);
      daemon.kill();
      await daemon.succeeds();
    }));
}

test("the server on node: freeDiameter connects, each sends a watchdog, and it says DPR", () =>
  beside(example("node", "diameter/server.ts", "3869"), async (server) => {
    await portOf(server);
    await beside(await freeDiameter(), async (daemon) => {
      await daemon.says(/Connected to 'server\.localdomain' \(SCTP/);
      await server.says(/< CER on stream \d+ from freediameter\.localdomain\n> CEA on stream \d+\n> DWR/);
      await server.says(/< DWA on stream \d+ from freediameter\.localdomain/);
      await server.says(/< DWR on stream \d+ from freediameter\.localdomain\n> DWA/);
      daemon.kill();
      await server.says(/< DPR on stream \d+ from freediameter\.localdomain\n> DPA on stream \d+\n/);
      await daemon.succeeds();
    });
    await server.says(/: gone/);
    await interrupt(server);
  }));

test("the server on deno: Ctrl-C says DPR to freeDiameter, and ends in order", () =>
  beside(example("deno", "diameter/server.ts", "3869"), async (server) => {
    await portOf(server);
    await beside(await freeDiameter(), async (daemon) => {
      await server.says(/< DWA on stream \d+ from freediameter\.localdomain/);
      await interrupt(server);
      assert.match(
        server.text,
        /> DPR on stream \d+\n< DPA on stream \d+ from freediameter\.localdomain\n.*: gone\n$/,
      );
      await daemon.says(/'server\.localdomain' sent a DPR with cause: REBOOTING/);
      daemon.kill();
      await daemon.succeeds();
    });
  }));

test.run();
