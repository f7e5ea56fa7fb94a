/** The report: its verdict, what --mask takes out, how a failed INIT is worded, and docs/doctor.md. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CATALOGUE } from "../../../cli/doctor/catalogue.ts";
import { extensionsOf } from "../../../cli/doctor/extensions.ts";
import { type Finding, finding } from "../../../cli/doctor/finding.ts";
import { masker } from "../../../cli/doctor/mask.ts";
import { outcomeInWords } from "../../../cli/doctor/outcome.ts";
import { verdictOf } from "../../../cli/doctor/verdict.ts";
import { ABSENT, WORKS } from "../../helpers/doctor.ts";

const test_ = (stack: string, level: "ok" | "broken") => finding("self-test", level, "", { data: { stack } });
const both = { kernel: WORKS, userspace: WORKS };
const judge = (findings: Finding[], stacks = both, target?: { hosts: string[]; port: number }) =>
  verdictOf({ stacks, wanted: "auto", target }, findings);

test("verdict: fine with notes, degraded with anything slow or broken", () => {
  assert.equal(judge([test_("kernel", "ok"), finding("ipv6", "note", "")]), {
    verdict: "fine",
    exitCode: 0,
    serves: "kernel",
    counts: { ok: 1, note: 1, slow: 0, broken: 0 },
  });
  assert.is(judge([finding("receive-buffer", "slow", "")]).exitCode, 1);
  assert.is(judge([finding("firewall", "broken", "")]).exitCode, 1);
});

test("verdict: unusable without a stack that works, or if the peer is not reached", () => {
  const userspaceOnly = { ...both, kernel: ABSENT };
  assert.is(judge([test_("userspace", "ok")], userspaceOnly).serves, "userspace");
  const failing = judge([test_("userspace", "broken"), test_("userspace", "broken")], userspaceOnly);
  assert.equal([failing.exitCode, failing.serves], [2, null]);
  assert.is(judge([test_("kernel", "broken"), test_("userspace", "ok")]).serves, "userspace");
  assert.is(
    verdictOf({ stacks: userspaceOnly, wanted: "kernel" }, []).exitCode,
    2,
    "the one that was asked for",
  );
  const target = { hosts: ["10.0.0.1"], port: 1 };
  assert.is(judge([finding("peer", "broken", "")], both, target).exitCode, 2);
  assert.is(judge([finding("peer", "broken", ""), finding("peer", "ok", "")], both, target).exitCode, 1);
});

test("mask: addresses and names, the same word for the same one, and nothing else", () => {
  const mask = masker(["/home/ada", "mme.example"]);
  const masked = mask({
    what:
      "10.0.0.1 by eth0, [2001:db8::1]:3868 and 10.0.0.1; 127.0.0.1 ::1 stay; kernel 6.1.0-26, at 12:30:05, " +
      "10.0.0.1:3868, fe80::2%eth0: 10.0.0.1.",
    list: ["mme.example", "/home/ada/x.so", 5, null],
    data: { "10.0.0.1": true, "::ffff:10.9.8.7": 1 },
  });
  assert.equal(masked, {
    what:
      "address-1 by eth0, [address-2]:3868 and address-1; 127.0.0.1 ::1 stay; kernel 6.1.0-26, at 12:30:05, " +
      "address-1:3868, address-3%eth0: address-1.",
    list: ["name-2", "name-1/x.so", 5, null],
    data: { "address-1": true, "address-4": 1 },
  });
});

test("what became of INIT, in words", () => {
  const words = (code: string, { udpPort, hasRoute = true }: { udpPort?: number; hasRoute?: boolean } = {}) =>
    outcomeInWords(
      { code, message: "connect EWHATEVER", ...(udpPort && { udpPort }) },
      { port: 3868, timeoutMs: 5000, hasRoute },
    );
  assert.match(words("ECONNREFUSED"), /ABORT.*port 3868/);
  assert.match(words("ETIMEDOUT"), /silence for 5 s.*filtered/);
  assert.match(words("ECONNREFUSED", { udpPort: 9899 }), "nobody has that UDP port");
  assert.match(words("ETIMEDOUT", { hasRoute: false }), "no route");
  assert.match(words("ENOPROTOOPT"), "has no SCTP");
  assert.match(words("EHOSTUNREACH"), "no route");
  assert.is(words("EWHATEVER"), "connect EWHATEVER");
});

test("extensions by their bits", () => {
  assert.equal(extensionsOf(2 + 4 + 128), ["PR-SCTP", "ASCONF", "I-DATA"]);
  assert.is(extensionsOf(undefined), undefined);
});

test("docs/doctor.md has each finding, and only those that exist", () => {
  const text = readFileSync("docs/doctor.md", "utf8").split("## Findings")[1]!;
  const rows = [...text.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, id]) => id!);
  assert.equal(rows.toSorted(), Object.keys(CATALOGUE).sort());
});

test.run();
