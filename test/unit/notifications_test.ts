/** Notifications: what each type says, its names in RFC 6458, its line; and one from the future. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DecodedNotification } from "../../core/notifications/decode.ts";
import {
  ASSOC,
  FAMILY,
  NOTIFICATION,
  NotificationRecord,
  PATH,
  readNotification,
  Slab,
} from "../../core/shim/records.ts";

/** What a notification record with these fields and raw bytes is decoded to. */
function decode(fields: Partial<NotificationRecord>, { address = "", raw = Buffer.from("raw") } = {}) {
  const slab = new Slab(NotificationRecord.SIZE + 8);
  const family = address ? FAMILY.IPV4 : FAMILY.NONE;
  NotificationRecord.write(slab, 0, {
    ...NotificationRecord.read(slab, 0),
    ...fields,
    address: { family, port: 0, text: address },
    rawLength: raw.length,
  });
  raw.copy(slab.bytes, NotificationRecord.SIZE);
  return new DecodedNotification(readNotification(slab, 0));
}

test("an association change: state, streams, cause", () => {
  const up = decode({
    type: NOTIFICATION.ASSOC_CHANGE,
    state: ASSOC.UP,
    outboundStreams: 10,
    inboundStreams: 2048,
    assocId: 7,
    rawFlags: 0,
  });
  assert.equal(up.raw, Buffer.from("raw"));
  assert.equal(up.parsed, {
    type: "association-change",
    state: "up",
    error: 0,
    outboundStreams: 10,
    inboundStreams: 2048,
    sn_type: 0x8001,
    sn_flags: 0,
    sn_length: 3,
    sn_assoc_change: {
      sac_type: 0x8001,
      sac_flags: 0,
      sac_length: 3,
      sac_state: 0,
      sac_error: 0,
      sac_outbound_streams: 10,
      sac_inbound_streams: 2048,
      sac_assoc_id: 7,
    },
  });
  assert.is(up.interpreted, "SCTP_ASSOC_CHANGE: SCTP_COMM_UP, MIS 2048 / OS 10");
  const lost = decode({ type: NOTIFICATION.ASSOC_CHANGE, state: ASSOC.LOST, error: 12 });
  assert.is(lost.interpreted, "SCTP_ASSOC_CHANGE: SCTP_COMM_LOST, cause 12 (User-Initiated Abort)");
});

test("a structure within a structure, and an address as text, under the RFC's names", () => {
  const failed = decode({
    type: NOTIFICATION.SEND_FAILED,
    error: 1,
    sid: 2,
    sendFlags: 3,
    ppid: 4,
    context: 5,
    assocId: 6,
  });
  assert.equal(failed.parsed.sn_send_failed_event, {
    ssf_error: 1,
    ssfe_info: { snd_sid: 2, snd_flags: 3, snd_ppid: 4, snd_context: 5, snd_assoc_id: 6 },
    ssf_assoc_id: 6,
  });
  const changed = decode({ type: NOTIFICATION.PEER_ADDR_CHANGE, state: 1, assocId: 6 }, {
    address: "10.0.0.1",
  });
  assert.equal(changed.parsed.sn_paddr_change, {
    spc_aaddr: "10.0.0.1",
    spc_state: 1,
    spc_error: 0,
    spc_assoc_id: 6,
  });
});

/** The line of each type, and its member in RFC 6458. */
const LINES: Array<[fields: Partial<NotificationRecord>, line: string, member: string]> = [
  [
    { type: NOTIFICATION.PEER_ADDR_CHANGE, state: PATH.UNREACHABLE },
    "SCTP_PEER_ADDR_CHANGE: SCTP_ADDR_UNREACHABLE 127.0.0.2",
    "sn_paddr_change",
  ],
  [
    { type: NOTIFICATION.REMOTE_ERROR, error: 1 },
    "SCTP_REMOTE_ERROR: cause 1 (Invalid Stream Identifier)",
    "sn_remote_error",
  ],
  [
    { type: NOTIFICATION.SEND_FAILED, flags: 1, sid: 2, ppid: 46, error: 0x777 },
    "SCTP_SEND_FAILED_EVENT: SCTP_DATA_SENT, stream 2, ppid 46, cause 1911",
    "sn_send_failed_event",
  ],
  [{ type: NOTIFICATION.SHUTDOWN }, "SCTP_SHUTDOWN_EVENT", "sn_shutdown_event"],
  [
    { type: NOTIFICATION.ADAPTATION, indication: 0xab },
    "SCTP_ADAPTATION_INDICATION: 0xab",
    "sn_adaptation_event",
  ],
  [
    { type: NOTIFICATION.PARTIAL_DELIVERY, indication: 1, sid: 3 },
    "SCTP_PARTIAL_DELIVERY_EVENT: SCTP_PARTIAL_DELIVERY_ABORTED, stream 3",
    "sn_pdapi_event",
  ],
  [
    { type: NOTIFICATION.AUTHENTICATION, indication: 1, keyNumber: 5 },
    "SCTP_AUTHENTICATION_EVENT: SCTP_AUTH_NEW_KEY, key id 5",
    "sn_authkey_event",
  ],
  [
    { type: NOTIFICATION.AUTHENTICATION, indication: 2 },
    "SCTP_AUTHENTICATION_EVENT: SCTP_AUTH_NO_AUTH",
    "sn_authkey_event",
  ],
  [{ type: NOTIFICATION.SENDER_DRY }, "SCTP_SENDER_DRY_EVENT", "sn_sender_dry_event"],
  [
    { type: NOTIFICATION.STREAM_RESET, flags: 2 | 4 },
    "SCTP_STREAM_RESET_EVENT: outgoing denied",
    "sn_strreset_event",
  ],
  [{ type: NOTIFICATION.ASSOC_RESET }, "SCTP_ASSOC_RESET_EVENT: done", "sn_assocreset_event"],
  [
    { type: NOTIFICATION.STREAM_CHANGE, inboundStreams: 4, outboundStreams: 8, flags: 8 },
    "SCTP_STREAM_CHANGE_EVENT: failed, MIS 4 / OS 8",
    "sn_strchange_event",
  ],
];

for (const [fields, line, member] of LINES) {
  test(line, () => {
    const { parsed, interpreted } = decode(fields, { address: "127.0.0.2" });
    assert.is(interpreted, line);
    assert.is(parsed.sn_type, fields.type);
    assert.equal(Object.keys(parsed).filter((name) => /^sn_.*_(event|change|error)$/.test(name)), [member]);
  });
}

test("every type of the list has a name of its own", () => {
  const names = Object.entries(NOTIFICATION).map(([name, type]) => [name, decode({ type }).parsed.type]);
  const known = names.filter(([name]) => name !== "UNKNOWN").map(([, type]) => type);
  assert.is(new Set(known).size, known.length);
  assert.not.ok(known.includes("unknown"));
});

test("a type or state from the future is kept, never an error", () => {
  const future = decode({ type: NOTIFICATION.UNKNOWN, rawType: 0x8042 }, { raw: Buffer.from("new") });
  assert.equal(future.parsed, { type: "unknown", rawType: 0x8042, sn_type: 0, sn_flags: 0, sn_length: 3 });
  assert.equal(future.raw, Buffer.from("new"));
  assert.is(future.interpreted, "unknown notification 0x8042, 3 bytes");
  const { parsed } = decode({ type: NOTIFICATION.PEER_ADDR_CHANGE, state: PATH.UNKNOWN });
  assert.is(parsed.type === "path-change" && parsed.state, "unknown");
});

test.run();
