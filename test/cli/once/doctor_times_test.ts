/** The computed times against those that were measured in a guest: a veth pair, one path, the other end cut off. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  connectGivenUp,
  detectionIdle,
  detectionUnderLoad,
  type Timers,
} from "../../../cli/doctor/failure_times.ts";
import { inWords, SIGNALLING, SIGNALLING_COMMANDS, timersOf } from "../../../cli/doctor/parameters.ts";

/** The kernel scatters heartbeats by half an RTO either way, and its timers are late rather than early. */
const TOLERANCE = 0.15;

function near(computedMs: number, ...measuredSeconds: number[]): void {
  for (const seconds of measuredSeconds) {
    const deviation = Math.abs(computedMs - 1000 * seconds) / (1000 * seconds);
    assert.ok(deviation <= TOLERANCE, `${computedMs} ms computed, ${seconds} s measured`);
  }
}

const linux = timersOf({}); // the kernel's own

test("Linux as it comes", () => {
  near(detectionUnderLoad(linux), 208);
  near(connectGivenUp(linux), 341);
  assert.ok(detectionIdle(linux) > 565_000, "nothing had been noticed after 565 s");
});

test("quick timers: two of one kind, and 4 errors", () => {
  const quick: Timers = { ...linux, rtoInitial: 500, rtoMin: 100, rtoMax: 1500, associationMaxRetrans: 4 };
  near(detectionUnderLoad(quick), 1.6);
  const quicker: Timers = {
    ...quick,
    rtoInitial: 300,
    rtoMax: 400,
    associationMaxRetrans: 8,
    heartbeatInterval: 1000,
  };
  near(detectionUnderLoad(quicker), 2.4);
});

test("freeDiameter's timers", () => {
  const diameter: Timers = { ...linux, rtoMax: 5000, associationMaxRetrans: 4, heartbeatInterval: 6000 };
  near(detectionUnderLoad(diameter), 11.4, 12.24);
  near(detectionIdle(diameter), 31.5, 28.62);
});

test("attempts of fewer INITs", () => {
  const quick: Timers = { ...linux, rtoInitial: 500, rtoMin: 100, rtoMax: 1500 };
  near(connectGivenUp({ ...quick, maxInitRetransmits: 2 }), 3.16);
  near(connectGivenUp({ ...quick, maxInitRetransmits: 4 }), 6.12);
  near(connectGivenUp({ ...quick, rtoMax: 2000, maxInitRetransmits: 4 }), 7.8);
});

test("without potentially failed paths (RFC 7829), only retransmissions count, and rare heartbeats", () => {
  const without = timersOf({ pf_enable: "0", hb_interval: "100000000" });
  assert.is(detectionUnderLoad(without), 1000 * (1 + 2 + 4 + 8 + 16 + 32 + 60 * 5)); // RFC 9260 section 6.3.3
});

/** What docs/deployment.md and the doctor advise. */
const signalling = timersOf(
  Object.fromEntries(
    SIGNALLING.flatMap((line) => Object.entries(line).map(([name, value]) => [name, String(value)])),
  ),
);

test("what is advised for signalling: measured", () => {
  near(detectionUnderLoad(signalling), 7.16, 8.77); // one message on its way
  near(detectionIdle(signalling), 34.45, 36.11);
  near(connectGivenUp(signalling), 7.86, 7.83);
});

test("docs/deployment.md advises what the doctor does, and has the times that come of it", () => {
  const text = readFileSync("docs/deployment.md", "utf8").split("\n## System settings")[1]!.split(
    "\n## ",
  )[0]!;
  assert.equal(text.match(/^sysctl -w net\.sctp\..*$/gm), SIGNALLING_COMMANDS);
  const rows = [...text.matchAll(/^\| .* \| (.*?)(?:, or .*)? \| (.*) \|$/gm)].slice(1).map((row) =>
    row.slice(1)
  );
  assert.equal(
    rows.slice(1),
    [detectionUnderLoad, detectionIdle, connectGivenUp].map((time) => [
      inWords(time(linux)),
      inWords(time(signalling)),
    ]),
  );
});

test("times in words", () => {
  assert.is(inWords(1500), "1.5 s");
  assert.is(inWords(203_000), "3 min 23 s");
  assert.is(inWords(119_999), "120 s");
  assert.is(inWords(179_600), "3 min 0 s");
});

test.run();
