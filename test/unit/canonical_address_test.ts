/** One text for each address, and one mention of it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { canonicalAddress } from "../../core/canonical_address.ts";
import { optionalAddresses } from "../../core/validate.ts";

test("however it was written", () => {
  assert.is(canonicalAddress("2001:DB8:0:0::0001"), "2001:db8::1");
  assert.is(canonicalAddress("::FFFF:10.0.0.1"), "10.0.0.1");
  assert.is(canonicalAddress("FE80::0:1%eth0"), "fe80::1%eth0");
  assert.is(canonicalAddress("10.0.0.1"), "10.0.0.1");
});

test("named twice: the first mention counts, as it was written", () => {
  const given = ["2001:DB8::1", "10.0.0.1", "2001:db8:0::1", "::ffff:10.0.0.1", "fe80::1%a", "fe80::1%b"];
  assert.equal(optionalAddresses(given, "x"), ["2001:DB8::1", "10.0.0.1", "fe80::1%a", "fe80::1%b"]);
  assert.is(given.length, 6);
});

test.run();
