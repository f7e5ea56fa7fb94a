/** The names of payload protocol identifiers, as they are typed and printed. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { formatPpid, parsePpid, PPID_NAMES } from "../../../cli/ppids.ts";

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
