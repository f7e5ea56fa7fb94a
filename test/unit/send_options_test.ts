/** What a message is sent with: what was given with it, over what its Buffer has, over a socket's defaults. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  PLAIN,
  planMessages,
  planSend,
  planSendOptions,
  type SendOptions,
} from "../../core/options/send_options.ts";
import { FLAG, POLICY } from "../../core/shim/records.ts";

const options = (value: unknown, base = PLAIN) => planSendOptions(value, "options", base);

/** The code and the text of what a call throws. */
function thrown(call: () => unknown): { code: string; message: string } {
  try {
    call();
  } catch (error) {
    return error as { code: string; message: string };
  }
  assert.unreachable();
  throw new Error();
}

test("what nothing was said of is sent plainly, and null says nothing", () => {
  assert.equal(planSend(Buffer.from("x") as SendOptions, "data", PLAIN), PLAIN);
  for (const nothing of [undefined, null, {}]) assert.equal(options(nothing), PLAIN);
  const names = ["stream", "sid", "ppid", "unordered", "timeToLive", "maxRetransmits", "priority"];
  for (const name of [...names, "sackImmediately", "destination", "context", "key"]) {
    assert.equal(options({ [name]: null }), PLAIN);
  }
});

test("each name arrives where it belongs", () => {
  assert.equal(options({ stream: 3, ppid: 60, unordered: true, sackImmediately: true }), {
    stream: 3,
    ppid: 60,
    flags: FLAG.UNORDERED | FLAG.SACK_IMMEDIATELY,
    extra: undefined,
  });
  assert.equal(options({ sid: 4, timeToLive: 9, destination: "::1", context: 0xffffffff, key: 0 }), {
    ...PLAIN,
    stream: 4,
    extra: {
      policy: POLICY.TIME_TO_LIVE,
      policyValue: 9,
      destination: "::1",
      context: 0xffffffff,
      keyNumber: 0,
    },
  });
  assert.equal(
    [options({ maxRetransmits: 0 }), options({ priority: 0 })].map(({ extra }) => extra!.policy),
    [POLICY.RETRANSMISSIONS, POLICY.PRIORITY],
  );
});

test("a Buffer has the same names, and text none", () => {
  const data = Object.assign(Buffer.from("x"), { stream: 2, unordered: true, context: 7 });
  const { stream, flags, extra } = planSend(data, "data", PLAIN);
  assert.equal([stream, flags, extra!.context], [2, FLAG.UNORDERED, 7]);
  assert.equal(planSend("text" as unknown as object, "data", PLAIN), PLAIN);
});

test("what is nearer to the message counts, name by name", () => {
  const defaults = options({ stream: 1, ppid: 46, unordered: true, timeToLive: 1000, context: 5 });
  const ofBuffer = planSend({ sid: 2, unordered: false }, "data", defaults);
  assert.equal([ofBuffer.stream, ofBuffer.ppid, ofBuffer.flags], [2, 46, 0]);
  const given = options({ ppid: 0, maxRetransmits: 3 }, ofBuffer);
  assert.equal([given.stream, given.ppid], [2, 0]);
  const { policy, policyValue, context } = given.extra!; // another reason to give it up takes the place of the first
  assert.equal([policy, policyValue, context], [POLICY.RETRANSMISSIONS, 3, 5]);
});

test("numbers end where the wire or the socket API does, and the text says which was wrong", () => {
  const most = {
    stream: 65534,
    sid: 65534,
    ppid: 0xffffffff,
    timeToLive: 0x7fffffff,
    maxRetransmits: 65535,
    priority: 0xffffffff,
    context: 0xffffffff,
    key: 65535,
  };
  for (const [name, value] of Object.entries(most)) {
    options({ [name]: value });
    for (const wrong of [value + 1, -1, 0.5, NaN]) {
      const { code, message } = thrown(() => options({ [name]: wrong }));
      assert.is(code, "ERR_OUT_OF_RANGE");
      assert.match(message, `options.${name}`);
    }
    assert.is(thrown(() => options({ [name]: "1" })).code, "ERR_INVALID_ARG_TYPE");
  }
  assert.is(thrown(() => options({ timeToLive: 0 })).code, "ERR_OUT_OF_RANGE");
  assert.match(thrown(() => planSend({ ppid: -1 }, "data", PLAIN)).message, "data.ppid");
});

test("switches are true or false, a destination is an address, options are an object", () => {
  for (const name of ["unordered", "sackImmediately"]) {
    assert.is(thrown(() => options({ [name]: 1 })).code, "ERR_INVALID_ARG_TYPE");
  }
  assert.is(thrown(() => options({ destination: "localhost" })).code, "ERR_INVALID_IP_ADDRESS");
  assert.is(thrown(() => options(5)).code, "ERR_INVALID_ARG_TYPE");
});

test("what excludes each other throws", () => {
  const pairs = [
    { timeToLive: 1, maxRetransmits: 1 },
    { timeToLive: 1, priority: 1 },
    { maxRetransmits: 1, priority: 1 },
    { stream: 1, sid: 2 },
  ];
  for (const pair of pairs) {
    const { code, message } = thrown(() => options(pair));
    assert.is(code, "ERR_INCOMPATIBLE_OPTION_PAIR");
    for (const name of Object.keys(pair)) assert.match(message, `options.${name}`);
  }
  assert.is(options({ stream: 1, sid: 1 }).stream, 1);
});

test("a misspelt name throws and names the right one; a message and what was not delivered can be options", () => {
  const { code, message } = thrown(() => options({ timeToLife: 5 }));
  assert.is(code, "ERR_INVALID_ARG_VALUE");
  assert.match(message, "options.timeToLife: did you mean options.timeToLive?");
  // It is as near to sid, which lacks a letter of it.
  assert.match(thrown(() => options({ pid: 5 })).message, "options.pid: did you mean options.ppid?");
  assert.is(options(Object.assign(Buffer.from("x"), { sid: 6 })).stream, 6);
  const undelivered = {
    data: Buffer.from("x"),
    isSent: true,
    isComplete: false,
    reason: "expired",
    stream: 8,
  };
  assert.is(options(undelivered).stream, 8);
});

test("sctp.send and sctp.receiveInfo", () => {
  assert.equal(planMessages({ send: { ppid: 46 }, receiveInfo: true }, "options.sctp"), {
    send: { ...PLAIN, ppid: 46 },
    receiveInfo: true,
  });
  for (const none of [undefined, null, {}, { send: null, receiveInfo: null }]) {
    assert.equal(planMessages(none, "options.sctp"), { send: undefined, receiveInfo: undefined });
  }
  assert.match(
    thrown(() => planMessages({ send: { pid: 1 } }, "options.sctp")).message,
    "options.sctp.send.pid",
  );
});

test.run();
