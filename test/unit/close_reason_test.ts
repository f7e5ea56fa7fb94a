/** Why an association has ended, out of the record that says so. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { closeReasonOf } from "../../core/association/close_reason.ts";
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
function reasonOf(fields: Partial<CloseReasonRecord>, bytes = "", cutBytes = 0, explanation = "") {
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
  const reason = closeReasonOf(readCloseReason(slab, AT), cutBytes, explanation);
  slab.bytes.fill(255); // what was read is a copy
  return reason;
}

test("an ABORT of the peer: its errno, its cause and the bytes of that", () => {
  const reason = reasonOf({ error: 104, cause: 12 }, "bye");
  assert.equal([reason.kind, reason.by, reason.errno, reason.causeCode], ["error", "peer", 104, 12]);
  assert.is(reason.causeData.toString(), "bye");
  assert.is(reason.refusedUdpPort, undefined);
});

test("a UDP port that nobody has", () => {
  const reason = reasonOf({ error: 111, by: BY.NETWORK, refusedUdpPort: 9899 }, "", 0, "no process has it");
  assert.is(reason.explanation, "no process has it");
  assert.equal([reason.by, reason.refusedUdpPort, reason.causeData.length], ["network", 9899, 0]);
});

test("an end in order, and one in the middle of a message", () => {
  const { kind, by, errno } = reasonOf({ by: BY.LOCAL });
  assert.equal([kind, by, errno], ["shutdown", "local", 0]);
  const cut = reasonOf({}, "", 7);
  assert.equal([cut.kind, cut.by, cut.bytes], ["cut", "peer", 7]);
});

test.run();
