/** One text for each address, and one mention of it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { canonicalAddress, familyOf } from "../../core/canonical_address.ts";
import { optionalAddresses } from "../../core/validate.ts";

test("however it was written", () => {
  assert.is(canonicalAddress("2001:DB8:0:0::0001"), "2001:db8::1");
  assert.is(canonicalAddress("FE80::0:1%eth0"), "fe80::1%eth0");
  assert.is(canonicalAddress("10.0.0.1"), "10.0.0.1");
  assert.is(canonicalAddress("::"), "::");
});

test("an IPv4-mapped address is the IPv4 address, in each of its forms, and of that family", () => {
  for (const mapped of ["::FFFF:10.0.0.1", "::ffff:a00:1", "0:0:0:0:0:ffff:10.0.0.1", "0::ffff:0a00:0001"]) {
    assert.is(canonicalAddress(mapped), "10.0.0.1");
    assert.is(familyOf(mapped), 4);
  }
  assert.is(canonicalAddress("::ffff:1.2.3.4%lo"), "1.2.3.4");
  assert.equal(["10.0.0.1", "::", "fe80::1%eth0", "::10.0.0.1", "64:ff9b::a00:1"].map(familyOf), [
    4,
    6,
    6,
    6,
    6,
  ]);
});

test("named twice: the first mention counts, as it was written", () => {
  const given = ["2001:DB8::1", "10.0.0.1", "2001:db8:0::1", "0::ffff:10.0.0.1", "fe80::1%a", "fe80::1%b"];
  assert.equal(optionalAddresses(given, "x"), ["2001:DB8::1", "10.0.0.1", "fe80::1%a", "fe80::1%b"]);
  assert.is(given.length, 6);
});

test.run();
