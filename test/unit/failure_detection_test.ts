/** Presets, and the times that follow from options. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { failureDetectionTime } from "../../core/options/failure_detection.ts";
import { PRESETS } from "../../core/options/presets.ts";
import { planAssociation } from "../../core/options/association.ts";
import { OPTION } from "../../core/shim/records.ts";

test("data in flight: the sum of the time-outs, doubled up to rto.max", () => {
  const data = (sctp: Parameters<typeof failureDetectionTime>[0], path = {}) =>
    failureDetectionTime(sctp, path).data;
  assert.is(data({ preset: "lan-signalling" }), 1500); // 100 200 400 400 400
  assert.is(data({ preset: "wan-signalling" }), 4500);
  assert.is(data({ preset: "diameter" }), 17_000);
  assert.is(data({ preset: "ngap" }), 22_000);
  assert.is(data({ preset: "lan-signalling", retransmissions: { association: 8 } }), 3100);
  assert.is(data({ preset: "lan-signalling", retransmissions: { path: 2 } }), 3900); // the association's are 10
  assert.is(data({ preset: "lan-signalling" }, { roundTrip: 50, sackDelay: 20 }), 1810); // 210 400 400 400 400
});

test("heartbeats: without them nothing shortens it, and nobody notices while nothing is sent", () => {
  const { data, idle, earliest } = failureDetectionTime({ preset: "lan-signalling", heartbeat: false });
  assert.equal([data, idle, earliest], [1500, Infinity, { data: 1500, idle: Infinity }]);
  for (const preset of ["lan-signalling", "wan-signalling", "diameter", "ngap", "stack"] as const) {
    for (const stack of ["kernel", "userspace", undefined] as const) {
      for (const addresses of [1, 2, 3]) {
        const times = failureDetectionTime({ preset }, { stack, addresses });
        assert.ok(times.earliest.data <= times.data && times.earliest.idle <= times.idle, preset);
        assert.equal(times, failureDetectionTime({ preset }, { stack, addresses }), "the same each time");
      }
    }
  }
});

test("with the most errors that can be allowed there is an answer, which took hours", () => {
  const most = { path: 65535, association: 65535 };
  const { data } = failureDetectionTime({ rto: { min: 1, initial: 1, max: 1 }, retransmissions: most });
  assert.is(data, 65536);
});

test("connect: the first wait is rto.initial, and userspace doubles it to rto.max at the most", () => {
  const sctp = { preset: "diameter" } as const;
  assert.is(failureDetectionTime(sctp, { stack: "kernel" }).connect, 29_000); // 3000 6000 10000 10000
  assert.is(failureDetectionTime(sctp, { stack: "userspace" }).connect, 18_000);
  assert.is(failureDetectionTime(sctp).connect, 29_000);
});

test("wrong options and paths throw", () => {
  const code = (code: string) => (error: NodeJS.ErrnoException) => error.code === code;
  assert.throws(() => failureDetectionTime({ preset: "lan" as "ngap" }), code("ERR_INVALID_ARG_VALUE"));
  assert.throws(() => failureDetectionTime({}, { addresses: 0 }), code("ERR_OUT_OF_RANGE"));
  assert.throws(() => failureDetectionTime({}, { stack: "auto" as "kernel" }), code("ERR_INVALID_ARG_VALUE"));
  const misspelt = (call: () => unknown) => {
    try {
      return call();
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.is(
    misspelt(() => failureDetectionTime({}, { roundtrip: 5 } as object)),
    "There is no option path.roundtrip: did you mean path.roundTrip?",
  );
  assert.is(
    misspelt(() => failureDetectionTime({ hartbeat: 5 } as object)),
    "There is no option options.hartbeat: did you mean options.heartbeat?",
  );
  assert.throws(() => failureDetectionTime({ send: { ppid: -1 } }), code("ERR_OUT_OF_RANGE"));
  assert.throws(() => failureDetectionTime({ stallTimeout: -1 }), code("ERR_OUT_OF_RANGE"));
});

test("an RTO that a stack would refuse, with its own values for the rest, has no times", () => {
  const rto = { min: 2000 };
  assert.throws(() => failureDetectionTime({ rto }), /together with the userspace stack's own values/);
  assert.throws(() => failureDetectionTime({ rto }, { stack: "userspace" }), /initial: 1000, min: 2000/);
  assert.ok(failureDetectionTime({ rto }, { stack: "kernel" }).data > 0); // which has 3000 for initial
});

for (const [preset, options] of Object.entries(PRESETS)) {
  test(`${preset}: all of it is planned, and what is given beside it wins`, () => {
    const rows = planAssociation({ sctp: { preset }, MIS: 5 }).socketOptions;
    const given = new Map(rows.map(([option, value]) => [option, value]));
    assert.is(given.get(OPTION.RTO_MAX), options.rto?.max);
    assert.is(given.get(OPTION.HEARTBEAT_INTERVAL), options.heartbeat || undefined);
    assert.is(given.get(OPTION.PATH_RETRANSMISSIONS), options.retransmissions?.path);
    assert.is(given.get(OPTION.INBOUND_STREAMS), 5);
    assert.is(rows.length, given.size, "each once");
  });
}

test("a preset and an RTO that do not fit together are refused", () => {
  assert.throws(
    () => planAssociation({ sctp: { preset: "lan-signalling", rto: { min: 350 } } }),
    /must have min <= initial <= max/,
  );
});

test.run();
