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
} from "../../core/shim/records.ts";

test("a request: head, options, local and remote addresses without gaps", () => {
  const bytes = encodeRequest({
    options: [[OPTION.NO_DELAY, 1], [OPTION.SACK_DELAY_MS, -1]],
    local: [{ address: "127.0.0.1", port: 7 }],
    remote: [{ address: "fe80::1%eth0", port: 65535 }],
  });
  const options = RequestRecord.SIZE;
  const addresses = options + 2 * OptionRecord.SIZE;
  assert.is(bytes.length, addresses + 2 * AddressRecord.SIZE);
  const slab = new Slab(bytes.length);
  slab.bytes.set(bytes);
  assert.equal(RequestRecord.read(slab, 0), { optionCount: 2, localCount: 1, remoteCount: 1 });
  assert.equal(OptionRecord.read(slab, options + OptionRecord.SIZE), {
    name: OPTION.SACK_DELAY_MS,
    value: -1,
  });
  assert.equal(AddressRecord.read(slab, addresses), { family: FAMILY.IPV4, port: 7, text: "127.0.0.1" });
  const second = AddressRecord.read(slab, addresses + AddressRecord.SIZE);
  assert.equal(second, { family: FAMILY.IPV6, port: 65535, text: "fe80::1%eth0" });
});

test("an address that no record holds is refused", () => {
  const local = [{ address: `fe80::1%${"x".repeat(80)}`, port: 7 }];
  assert.throws(() => encodeRequest({ options: [], local, remote: [] }), /address too long/);
});

test.run();
