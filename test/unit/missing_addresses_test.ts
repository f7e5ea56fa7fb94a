/** Which of the addresses that were named are missed, and what is said of them. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { missingAddresses } from "../../core/net/missing_addresses.ts";

const found = (...addresses: string[]) =>
  addresses.map((
    address,
  ) => ({ address, family: address.includes(":") ? "IPv6" : "IPv4", port: 1 } as const));

test("one text or another for an address, twice, mapped, with a zone, in another order: none is missed", () => {
  const named = ["2001:DB8:0:0::1", "::FFFF:10.0.0.1", "10.0.0.1", "fe80::1%2", "10.0.0.2", "10.0.0.2"];
  const has = found("10.0.0.2", "fe80::1%eth0", "10.0.0.1", "2001:db8::1", "10.0.0.3");
  assert.is(missingAddresses(named, 1, has), undefined);
  assert.is(missingAddresses(["0.0.0.0", "127.0.0.1"], 1, found("127.0.0.1")), undefined);
});

test("a private IPv4 address behind one that is none: the order is named as the cure", () => {
  const text = missingAddresses(["2001:db8::1", "10.0.0.1"], 2, found("2001:db8::1"))!;
  assert.match(text, /2001:db8::1 port 2 is up without 10\.0\.0\.1, which/);
  assert.match(text, "name a private IPv4 address first");
});

test("any other one: the peer does not name it", () => {
  const text = missingAddresses(["10.0.0.1", "203.0.113.1", "10.0.0.2"], 3, found("10.0.0.1"))!;
  assert.match(text, /without 203\.0\.113\.1, 10\.0\.0\.2, which.* The peer does not name it as its own$/);
});

test.run();
