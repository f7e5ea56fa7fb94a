/** Why an association has ended, out of the record that says so. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  closeReasonOf,
  failureReasonOf,
  ownReason,
  unresolvedReasonOf,
} from "../../core/association/close_reason.ts";
import { endOf } from "../../core/association/end.ts";
import {
  BY,
  CloseReasonRecord,
  InboundRecord,
  KIND,
  readCloseReason,
  Slab,
} from "../../core/shim/records.ts";

const AT = 8;

/** What core makes of an END or ERROR with these fields and bytes. */
function end(fields: Partial<CloseReasonRecord>, bytes = "", cutBytes = 0, explanation = "") {
  const slab = new Slab(256);
  const length = CloseReasonRecord.SIZE + bytes.length;
  const head = {
    ...InboundRecord.read(slab, AT),
    kind: fields.error ? KIND.ERROR : KIND.END,
    size: 128,
    length,
  };
  InboundRecord.write(slab, AT, head);
  const payload = AT + InboundRecord.SIZE;
  CloseReasonRecord.write(slab, payload, {
    ...CloseReasonRecord.read(slab, payload),
    by: BY.PEER,
    ...fields,
  });
  slab.bytes.write(bytes, payload + CloseReasonRecord.SIZE);
  const reason = endOf(readCloseReason(slab, AT), cutBytes, explanation);
  slab.bytes.fill(255); // what was read is a copy
  return reason;
}

test("an ABORT of the peer: its errno, its cause and the bytes of that", () => {
  const reason = end({ error: 104, cause: 12 }, "bye");
  assert.equal([reason.kind, reason.by, reason.errno, reason.causeCode], ["error", "peer", 104, 12]);
  assert.is(reason.causeData.toString(), "bye");
  assert.is(reason.refusedUdpPort, undefined);
});

test("a UDP port that nobody has", () => {
  const reason = end({ error: 111, by: BY.NETWORK, refusedUdpPort: 9899 }, "", 0, "no process has it");
  assert.is(reason.explanation, "no process has it");
  assert.equal([reason.by, reason.refusedUdpPort, reason.causeData.length], ["network", 9899, 0]);
});

test("an end in order, and one in the middle of a message", () => {
  const { kind, by, errno } = end({ by: BY.LOCAL });
  assert.equal([kind, by, errno], ["shutdown", "local", 0]);
  const cut = end({}, "", 7);
  assert.equal([cut.kind, cut.by, cut.amount], ["cut", "peer", 7]);
});

/** An error with that code, and the reason that it bears. */
function borne(code: string, fields: Partial<CloseReasonRecord>, bytes = "") {
  const error = Object.assign(new Error(), { code });
  const reason = closeReasonOf(end({ error: 1, ...fields }, bytes), error);
  assert.is((error as { closeReason?: unknown }).closeReason, reason);
  return { error, reason };
}

test("the error of an ABORT bears the reason and the cause", () => {
  const { error, reason } = borne("ECONNRESET", { cause: 12 }, "bye");
  const cause = { causeCode: 12, causeName: "User-Initiated Abort", causeData: Buffer.from("bye") };
  assert.equal(reason, { reason: "abort", by: "peer", ...cause });
  assert.equal({ ...error }, { code: "ECONNRESET", closeReason: reason, ...cause });
  assert.ok(Object.isFrozen(reason));
});

test("a cause without a name has a code", () => {
  const { reason } = borne("ECONNRESET", { cause: 999 });
  assert.equal(reason, { reason: "abort", by: "peer", causeCode: 999, causeData: Buffer.alloc(0) });
});

test("the words for errors", () => {
  const network = { by: BY.NETWORK };
  for (
    const [code, fields, reason, by] of [
      ["ECONNREFUSED", {}, "refused", "peer"],
      ["ECONNREFUSED", network, "refused", "network"],
      ["ECONNRESET", network, "unreachable", "network"],
      ["ECONNABORTED", { by: BY.LOCAL }, "abort", "local"],
      ["ETIMEDOUT", network, "timeout", "network"],
      ["EHOSTUNREACH", network, "unreachable", "network"],
      ["ENOBUFS", { by: BY.LOCAL }, "failed", "local"],
    ] as const
  ) assert.equal(borne(code, fields).reason, { reason, by });
  assert.equal(closeReasonOf(end({ by: BY.LOCAL }), undefined), { reason: "shutdown", by: "local" });
});

test("what could not begin", () => {
  const failed = (code: string) => failureReasonOf(Object.assign(new Error(), { code }));
  assert.equal(failed("ETIMEDOUT"), { reason: "timeout", by: "network" });
  assert.equal(failed("ENETUNREACH"), { reason: "unreachable", by: "network" });
  assert.equal(failed("ERR_IP_BLOCKED"), { reason: "blocked", by: "local" });
  assert.equal(failed("EADDRINUSE"), { reason: "failed", by: "local" });
  const { error, reason } = borne("ECONNREFUSED", {});
  assert.is(failureReasonOf(error), reason);
  for (const given of [new Error(), Object.freeze(new Error()), "no Error"] as Error[]) {
    assert.equal(unresolvedReasonOf(given), { reason: "unresolved", by: "local" });
  }
});

test("what the program has ended", () => {
  assert.equal(ownReason(false), { reason: "cancelled", by: "local" });
  assert.equal(ownReason(true), { reason: "abort", by: "local" });
  assert.is(String(ownReason(true, Buffer.from("bye")).causeData), "bye");
});

test.run();
