/** Which of a name's addresses a server listens on. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { toListenOn } from "../../core/net/resolve.ts";

const found = (...addresses: string[]) =>
  addresses.map((address) => ({ address, family: address.includes(":") ? 6 as const : 4 as const }));

test("the first one that is not link-local", () => {
  assert.is(toListenOn(found("fe80::1", "FEB1::2", "2001:db8::1", "192.0.2.1")), "2001:db8::1");
  assert.is(toListenOn(found("fe80::1", "192.0.2.1")), "192.0.2.1");
  assert.is(toListenOn(found("192.0.2.1", "2001:db8::1")), "192.0.2.1");
  assert.is(toListenOn(found("fec0::1", "192.0.2.1")), "fec0::1"); // site-local, once
});

test("a link-local one where there is no other", () => {
  assert.is(toListenOn(found("fe80::1", "fe80::2")), "fe80::1");
});

test.run();
