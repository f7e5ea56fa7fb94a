/** Messages of the fragments that a stack gives back. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Returned } from "../../core/association/undelivered.ts";
import { DATA_CHUNK, NotificationRecord, type RawNotification, Slab } from "../../core/shim/records.ts";

const { FIRST, LAST, UNORDERED } = DATA_CHUNK;
const WHOLE = FIRST | LAST;
const empty = NotificationRecord.read(new Slab(NotificationRecord.SIZE), 0);

/** A SEND_FAILED of four bytes of a stack's, and text. */
function failed(text: string, sendFlags: number, given: Partial<RawNotification> = {}): RawNotification {
  return { ...empty, sendFlags, payloadOffset: 4, raw: Buffer.from(`head${text}`), ...given };
}

function textsOf(returned: Returned): string[] {
  return returned.all("association").map(({ data, stream, unordered, isSent, isComplete }) =>
    `${stream}${unordered ? "u" : ""} ${data}${isSent ? "" : ", unsent"}${isComplete ? "" : ", cut"}`
  );
}

test("whole messages are as they are", () => {
  const returned = new Returned();
  returned.add(failed("a", WHOLE, { sid: 3, ppid: 46, context: 0xffffffff, flags: 1 }));
  returned.add(failed("b", WHOLE | UNORDERED, { number: 1 }));
  const [a, b] = returned.all("restart");
  assert.equal({ ...a, data: String(a!.data) }, {
    data: "a",
    stream: 3,
    ppid: 46,
    unordered: false,
    context: 0xffffffff,
    isSent: true,
    isComplete: true,
    reason: "restart",
  });
  assert.equal([a!.data.sid, a!.data.ppid], [3, 46]);
  assert.equal([String(b!.data), b!.unordered, b!.isSent], ["b", true, false]);
});

test("fragments are put together; one that was sent in part counts as sent, and keeps its place", () => {
  const returned = new Returned();
  returned.add(failed("a", FIRST, { flags: 1 }));
  returned.add(failed("b", 0, { flags: 1 }));
  returned.add(failed("other", WHOLE, { sid: 1, number: 1 }));
  returned.add(failed("c", LAST));
  returned.add(failed("next", WHOLE, { number: 2 }));
  assert.equal(textsOf(returned), ["0 abc", "1 other, unsent", "0 next, unsent"]);
});

test("the fragments of several messages may come mixed", () => {
  const returned = new Returned();
  for (const flag of [FIRST, 0, LAST]) {
    for (const sid of [0, 65534]) {
      for (const order of [0, UNORDERED]) {
        returned.add(failed(`${flag}`, flag | order, { sid, flags: 1, number: 2 * sid + order }));
      }
    }
  }
  assert.equal(textsOf(returned), ["0 201", "0u 201", "65534 201", "65534u 201"]);
});

test("a stack may give messages back in any order; numbers wrap", () => {
  const returned = new Returned();
  returned.add(failed("c", FIRST, { number: 1 }));
  returned.add(failed("c", LAST, { number: 1 }));
  returned.add(failed("a", WHOLE, { number: 0xffffffff, sid: 1 }));
  returned.add(failed("b", WHOLE | UNORDERED, { number: 0 }));
  assert.equal(textsOf(returned), ["1 a, unsent", "0u b, unsent", "0 cc, unsent"]);
});

test("what is missing at either end is told", () => {
  const returned = new Returned();
  returned.add(failed("b", 0, { flags: 1 })); // the first was acknowledged
  returned.add(failed("c", LAST, { flags: 1 }));
  returned.add(failed("d", FIRST, { flags: 1, number: 1 })); // the last is lost
  returned.add(failed("e", FIRST, { flags: 1, number: 2 }));
  returned.add(failed("f", LAST, { flags: 1, number: 2 }));
  assert.equal(textsOf(returned), ["0 bc, cut", "0 d, cut", "0 ef"]);
});

test("bytes that come in further records belong to what came before them", () => {
  const returned = new Returned();
  returned.addRest(Buffer.from("of nothing"));
  returned.add(failed("a", FIRST));
  returned.addRest(Buffer.from("b"));
  returned.addRest(Buffer.from("c"));
  returned.add(failed("d", LAST));
  returned.addRest(Buffer.from("e"));
  assert.equal(textsOf(returned), ["0 abcde, unsent"]);
});

test.run();
