/** Requests are written where the layout says. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  AddressRecord,
  encodeRequest,
  FAMILY,
  OPTION,
  OptionRecord,
  RequestRecord,
  Slab,
  StatisticsRecord,
} from "../../core/shim/records.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

test("a request: head, options, local and remote addresses, bytes, without gaps", () => {
  const bytes = encodeRequest({
    options: [[OPTION.NO_DELAY, bytesOf("one")], [OPTION.SACK_DELAY, -1], [OPTION.EVENT, bytesOf("two"), 5]],
    local: [{ address: "127.0.0.1", port: 7 }],
    remote: [{ address: "fe80::1%eth0", port: 65535 }],
  });
  const options = RequestRecord.SIZE;
  const addresses = options + 3 * OptionRecord.SIZE;
  const tail = addresses + 2 * AddressRecord.SIZE;
  assert.is(bytes.toString("utf8", tail), "onetwo");
  const slab = new Slab(bytes.length + 8 - bytes.length % 8);
  slab.bytes.set(bytes);
  assert.equal(RequestRecord.read(slab, 0), {
    optionCount: 3,
    localCount: 1,
    remoteCount: 1,
    byteCount: 6,
  });
  assert.equal(OptionRecord.read(slab, options + OptionRecord.SIZE), {
    name: OPTION.SACK_DELAY,
    scope: 0,
    value: -1,
    extra: 3,
  });
  assert.equal(OptionRecord.read(slab, options + 2 * OptionRecord.SIZE), {
    name: OPTION.EVENT,
    scope: 5,
    value: 3,
    extra: 3,
  });
  assert.equal(AddressRecord.read(slab, addresses), { family: FAMILY.IPV4, port: 7, text: "127.0.0.1" });
  const second = AddressRecord.read(slab, addresses + AddressRecord.SIZE);
  assert.equal(second, { family: FAMILY.IPV6, port: 65535, text: "fe80::1%eth0" });
});

test("an address that no record holds is cut, and the next one is whole", () => {
  const local = [{ address: `fe80::1%${"x".repeat(80)}`, port: 7 }, { address: "::1", port: 8 }];
  const bytes = encodeRequest({ options: [], local, remote: [] });
  const slab = new Slab(bytes.length);
  slab.bytes.set(bytes);
  const [first, second] = [0, 1].map((i) =>
    AddressRecord.read(slab, RequestRecord.SIZE + i * AddressRecord.SIZE)
  );
  assert.is(first!.text, local[0]!.address.slice(0, 72));
  assert.equal(second, { family: FAMILY.IPV6, port: 8, text: "::1" });
});

test("numbers of 64 bits are exact as far as a number can be", () => {
  const slab = new Slab(StatisticsRecord.SIZE);
  const counts = StatisticsRecord.read(slab, 0);
  StatisticsRecord.write(slab, 0, { ...counts, abandonedSent: 2 ** 32 + 7, gaps: Number.MAX_SAFE_INTEGER });
  const read = StatisticsRecord.read(slab, 0);
  assert.equal(read, { ...counts, abandonedSent: 2 ** 32 + 7, gaps: Number.MAX_SAFE_INTEGER });
  assert.is(new BigUint64Array(slab.memory)[1], 2n ** 32n + 7n);
});

test.run();
