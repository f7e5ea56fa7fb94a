/** What tshark makes of the examples on the wire: which protocols, which messages, and that it finds nothing wrong. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { example, portOf } from "../../helpers/examples.ts";
import { beside, start } from "../../helpers/programs.ts";

const folder = mkdtempSync(join(tmpdir(), "netsctp-dissection-"));
const capture = join(folder, "lo.pcap");

/** Server and client of each; the client takes the port last. */
const EXAMPLES = [
  ["ngap/amf.ts", "ngap/gnb.ts"],
  ["m3ua/gateway.ts", "m3ua/asp.ts", "--port"],
  ["diameter/server.ts", "diameter/client.ts"],
  ["http_over_sctp/server.ts", "http_over_sctp/client.ts"],
  ["echo/server.ts", "echo/client.ts"],
] as const;

async function run(serverFile: string, clientFile: string, ...args: string[]): Promise<void> {
  await beside(example("deno", serverFile, "0"), async (server) => {
    const client = example("deno", clientFile, ...args, await portOf(server));
    await beside(client, () => client.succeeds());
  });
}

function tshark(filter: string, names: string[]): string {
  const args = ["-r", capture, "-Y", filter, "-T", "fields", ...names.flatMap((name) => ["-e", name])];
  return execFileSync("tshark", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

/** What the capture has in these fields: a row for each message, though several may have shared a packet. */
function fields(filter: string, ...names: string[]): string[] {
  const packets = tshark(filter, names).split("\n").filter((packet) => packet !== "");
  return packets.flatMap((packet) => {
    const columns = packet.split("\t").map((column) => column.split(","));
    const messages = Math.max(...columns.map((column) => column.length));
    return Array.from(
      { length: messages },
      (_, i) => columns.map((column) => column[i] ?? "").join(" ").trim(),
    );
  });
}

test.before(async () => {
  const command = ["tcpdump", "-i", "lo", "-Z", "root", "--immediate-mode", "-U", "-w", capture, "sctp"];
  await beside(start(command), async (tcpdump) => {
    await tcpdump.says(/listening on lo/);
    for (const [server, client, ...args] of EXAMPLES) await run(server, client, ...args);
    tcpdump.kill("SIGINT");
    await tcpdump.succeeds();
    await tcpdump.says(/\n0 packets dropped by kernel/);
  });
});
test.after(() => rmSync(folder, { recursive: true }));

test("nothing is malformed, and the experts have nothing to say", () => {
  assert.equal(fields("_ws.malformed || _ws.expert", "frame.number", "_ws.expert.message"), []);
});

test("NG Setup: procedure 21, its messages and names, on stream 0 with identifier 60", () => {
  const names = ["ngap.NGAP_PDU", "ngap.procedureCode", "ngap.RANNodeName", "ngap.AMFName"];
  assert.equal(fields("ngap", "sctp.data_sid", "sctp.data_payload_proto_id", ...names), [
    "0x0000 60 0 21 example-gnb",
    "0x0000 60 1 21  example-amf",
  ]);
  const messages = tshark("ngap", ["_ws.col.Info"]).match(/NG\w+/g);
  assert.equal(messages, ["NGSetupRequest", "NGSetupResponse"]);
});

test("M3UA: the messages in their order; DATA alone is not on stream 0", () => {
  const rows = fields("m3ua", "sctp.data_sid", "m3ua.message_class", "m3ua.message_type");
  const order = [
    ...["0x0000 3 1", "0x0000 3 4", "0x0000 4 1", "0x0000 4 3", "0x0000 3 3", "0x0000 3 6"],
    ...["0x0003 1 1", "0x0003 1 1", "0x0000 4 2", "0x0000 4 4", "0x0000 3 2", "0x0000 3 5"],
  ];
  assert.equal(rows.filter((row) => !row.endsWith(" 0 1")), order); // 0 1 is NTFY
  assert.equal(fields("sccp", "m3ua.protocol_data_opc", "m3ua.protocol_data_dpc"), ["1 2", "2 1"]);
});

test("Diameter: two of each, identifier 46", () => {
  const rows = fields(
    "diameter",
    "sctp.data_payload_proto_id",
    "diameter.cmd.code",
    "diameter.flags.request",
  );
  const counts: Record<string, number> = {};
  for (const row of rows) counts[row] = (counts[row] ?? 0) + 1;
  const each = { "46 257 1": 1, "46 257 0": 1, "46 280 1": 2, "46 280 0": 2, "46 282 1": 1, "46 282 0": 1 };
  assert.equal(counts, each);
});

test("HTTP and echo: identifiers 63 and 38 on every message", () => {
  const rows = fields("sctp.data_sid && !ngap && !m3ua && !diameter", "sctp.data_payload_proto_id");
  assert.equal([...new Set(rows)].sort(), ["38", "63"]);
});

test.run();
