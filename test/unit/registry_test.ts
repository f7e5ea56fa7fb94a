/** PPID and PORT are what Wireshark knows by those numbers. */
import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PORT } from "../../core/registry/port.ts";
import { PPID, ppidName } from "../../core/registry/ppid.ts";
import { skip } from "../helpers/capabilities.ts";

const missing = spawnSync("tshark", ["--version"]).error;

/** Names by number, of the lines of a report that a pattern finds. */
function names(...reports: Array<[report: string, pattern: RegExp]>): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const [report, pattern] of reports) {
    const { status, stdout } = spawnSync("tshark", ["-G", report], { encoding: "utf8", maxBuffer: 1 << 28 });
    assert.is(status, 0);
    for (const [, number, name] of stdout.matchAll(pattern)) {
      found.set(Number(number), [...found.get(Number(number)) ?? [], name!]);
    }
  }
  return found;
}

const plain = (text: string) => text.toLowerCase().replace(/^3gpp |over|protocol|[^a-z0-9]/g, "");

/** Where Wireshark words it in another way, or has a dissector for it that serves others, too. */
const ALSO: Record<string, string> = {
  CHARGEN: "Character Generator",
  DDP_SEGMENT: "DDP Segment Chunk",
  DDP_SESSION: "DDP Stream Session Control",
  DIAMETER_DTLS: "dtls",
  ELE2: "ELE2 Lawful Interception",
  FGP: "Fractal Generator Protocol",
  GDT: "Generic Data Transfer Protocol (GDT)",
  H248: "megaco",
  PPP: "Ping Pong Protocol",
  S1AP: "S1 Application Protocol (S1AP)",
  SSP: "Scripting Service Protocol",
  XW_CP: "Xw - Control Plane",
};

function check(table: Record<string, number>, known: Map<number, string[]>): void {
  for (const [name, number] of Object.entries(table)) {
    const theirs = known.get(number) ?? [];
    const isTheirs = theirs.some((one) =>
      one === ALSO[name] || plain(one) === plain(name) ||
      one.split("/").some((part) => plain(part) === plain(name))
    );
    assert.ok(isTheirs, `${number} ${name}: ${theirs.join(", ") || "not there"}`);
  }
}

if (missing) skip("PPID and PORT against Wireshark's tables", `no tshark: ${missing.message}`);
else {
  test("each PPID is Wireshark's for that number", () => {
    const values = /^V\tsctp\.data_payload_proto_id\t(\d+)\t(.+)$/gm;
    check(PPID, names(["values", values], ["decodes", /^sctp\.ppi\t(\d+)\t(.+)$/gm]));
  });

  test("each PORT is Wireshark's for that number", () => {
    check(PORT, names(["decodes", /^sctp\.port\t(\d+)\t(.+)$/gm]));
  });
}

test("no number is there twice, and a number has its name", () => {
  for (const table of [PPID, PORT]) {
    assert.is(new Set(Object.values(table)).size, Object.keys(table).length);
  }
  assert.is(ppidName(60), "NGAP");
  assert.is(ppidName(4711), undefined);
});

test.run();
