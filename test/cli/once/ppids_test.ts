/** The names of payload protocol identifiers, against Wireshark's tables. */
import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { formatPpid, parsePpid, PPID_NAMES } from "../../../cli/ppids.ts";

/** Names by number: those of the field's values, and of the dissectors that are called by it. */
function tables(): Map<number, string[]> {
  const names = new Map<number, string[]>();
  const read = (report: string, pattern: RegExp) => {
    const { status, stdout, error } = spawnSync("tshark", ["-G", report], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    assert.is(status, 0, String(error));
    for (const [, number, name] of stdout.matchAll(pattern)) {
      names.set(Number(number), [...names.get(Number(number)) ?? [], name!]);
    }
  };
  read("values", /^V\tsctp\.data_payload_proto_id\t(\d+)\t(.+)$/gm);
  read("decodes", /^sctp\.ppi\t(\d+)\t(.+)$/gm);
  return names;
}

const plain = (text: string) => text.toLowerCase().replace(/^3gpp |over|protocol|[^a-z0-9]/g, "");

/** Where Wireshark words it in another way. */
const ALSO: Record<string, string> = {
  "chargen": "Character Generator",
  "xw-cp": "Xw - Control Plane",
  "ele2": "ELE2 Lawful Interception",
  "gdt": "Generic Data Transfer Protocol (GDT)",
  "s1ap": "S1 Application Protocol (S1AP)",
};

test("each name is Wireshark's for that number", () => {
  const known = tables();
  for (const [ppid, name] of PPID_NAMES) {
    const theirs = known.get(ppid) ?? [];
    const isTheirs = theirs.some((one) =>
      one === ALSO[name] || plain(one) === plain(name) ||
      one.split("/").some((part) => plain(part) === plain(name))
    );
    assert.ok(isTheirs, `${ppid} ${name}: ${theirs.join(", ") || "not there"}`);
  }
});

test("names are read as people write them, numbers in two ways", () => {
  for (const text of ["s1ap", "S1AP", "S1-AP"]) assert.is(parsePpid(text), 18);
  assert.is(parsePpid("H.248"), 7);
  assert.is(parsePpid("60"), 60);
  assert.is(parsePpid("0xffffffff"), 0xffffffff);
  for (const text of ["", "-1", "4294967296", "sip", "1e3"]) assert.throws(() => parsePpid(text));
  assert.is(formatPpid(46), "46 diameter");
  assert.is(formatPpid(4711), "4711");
});

test("no number and no name is there twice", () => {
  assert.is(new Set(PPID_NAMES.map(([ppid]) => ppid)).size, PPID_NAMES.length);
  assert.is(new Set(PPID_NAMES.map(([, name]) => name.replace(/-/g, ""))).size, PPID_NAMES.length);
});

test.run();
