/** Requests are written, and notifications read, where the layout says. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as layout from "../../core/layout.gen.ts";
import { decodeNotification } from "../../core/notifications.ts";
import { encodeRequest, readNotification, Slab } from "../../core/records.ts";

test("a request: head, options, local and remote addresses without gaps", () => {
  const bytes = encodeRequest({
    options: [[layout.OPTION.NO_DELAY, 1], [layout.OPTION.SACK_DELAY_MS, -1]],
    local: [{ address: "127.0.0.1", port: 7 }],
    remote: [{ address: "fe80::1%eth0", port: 65535 }],
  });
  const { SIZE } = layout.REQUEST_RECORD;
  assert.is(bytes.length, SIZE + 2 * layout.OPTION_RECORD.SIZE + 2 * layout.ADDRESS_RECORD.SIZE);
  assert.is(bytes.readUInt32LE(layout.REQUEST_RECORD.option_count), 2);
  assert.is(bytes.readInt32LE(SIZE + layout.OPTION_RECORD.SIZE + layout.OPTION_RECORD.value), -1);
  const second = bytes.subarray(bytes.length - layout.ADDRESS_RECORD.SIZE);
  assert.is(second.readUInt16LE(layout.ADDRESS_RECORD.family), layout.FAMILY.IPV6);
  assert.is(second.readUInt16LE(layout.ADDRESS_RECORD.port), 65535);
  const length = second.readUInt16LE(layout.ADDRESS_RECORD.text_length);
  assert.is(
    second.toString("utf8", layout.ADDRESS_RECORD.text, layout.ADDRESS_RECORD.text + length),
    "fe80::1%eth0",
  );
});

/** The bytes of a notification record with these fields and raw bytes. */
function notification(fields: Record<string, number>, raw = Buffer.from("raw")) {
  const { NOTIFICATION_RECORD } = layout;
  const slab = new Slab(NOTIFICATION_RECORD.SIZE + 8);
  const offsets = NOTIFICATION_RECORD as Record<string, number>;
  const wide = ["flags", "error", "ppid", "context", "indication", "raw_length"];
  for (const [name, value] of Object.entries({ ...fields, raw_length: raw.length })) {
    if (wide.includes(name)) slab.u32[offsets[name]! >> 2] = value;
    else slab.u16[offsets[name]! >> 1] = value;
  }
  raw.copy(slab.bytes, NOTIFICATION_RECORD.SIZE);
  return decodeNotification(readNotification(slab, 0));
}

test("an association change with its stream counts", () => {
  const type = layout.NOTIFICATION.ASSOC_CHANGE;
  const decoded = notification({
    type,
    state: layout.ASSOC.UP,
    outbound_streams: 10,
    inbound_streams: 65535,
  });
  assert.equal(decoded, {
    type: "association-change",
    state: "up",
    error: 0,
    outboundStreams: 10,
    inboundStreams: 65535,
    raw: Buffer.from("raw"),
  });
});

test("every type of the list has a name of its own", () => {
  const names = Object.entries(layout.NOTIFICATION).map((
    [name, type],
  ) => [name, notification({ type }).type]);
  const known = names.filter(([name]) => name !== "UNKNOWN").map(([, type]) => type);
  assert.is(new Set(known).size, known.length);
  assert.not.ok(known.includes("unknown"));
});

test("a type or state from the future is kept, never an error", () => {
  const future = notification({ type: 999, raw_type: 0x8042 }, Buffer.from("new"));
  assert.equal(future, { type: "unknown", rawType: 0x8042, raw: Buffer.from("new") });
  const state = notification({ type: layout.NOTIFICATION.PEER_ADDR_CHANGE, state: 99 });
  assert.is(state.type === "path-change" && state.state, "unknown");
});

test.run();
