/** The same script over Node's net and over us: the same events in the same order, and the same fields of errors. */
import net from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as netsctp from "netsctp";
import { runtime } from "../helpers/capabilities.ts";
import type { Api } from "../helpers/like_net.ts";
import { linesOf, SCRIPTS } from "../helpers/net_scripts.ts";
import { closed, listening } from "../helpers/pair.ts";
import { startOn } from "../helpers/runtimes.ts";

/** Somebody has the UDP port, so that whoever is refused is refused by SCTP. */
const other = await listening();

async function linesOfNode(): Promise<Record<string, string[]>> {
  const program = startOn("node", "test/helpers/net_lines.ts", []);
  await program.succeeds();
  return JSON.parse(program.stdout.toString());
}

// Deno's and Bun's net differ from Node's in many of them.
const nodes = runtime === "node" ? undefined : await linesOfNode();

for (const [name, script] of Object.entries(SCRIPTS)) {
  test(`as net: ${name}`, async () => {
    const expected = nodes ? nodes[name] : await linesOf(net, script);
    assert.ok(expected && expected.length > 0);
    assert.equal(await linesOf(netsctp as unknown as Api, script), expected);
  });
}

test.after(() => closed(other));

test.run();
