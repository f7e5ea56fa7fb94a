/** Requests are written where the layout says. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as layout from "../../core/shim/layout.gen.ts";
import { encodeRequest } from "../../core/shim/records.ts";

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

test.run();
