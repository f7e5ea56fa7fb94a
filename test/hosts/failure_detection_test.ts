/** failureDetectionTime() says how long it takes until a peer that is gone is given up: measured on links that are cut. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  connect,
  type FailureDetectionTime,
  failureDetectionTime,
  type SctpOptions,
  type Socket,
} from "netsctp";
import { runtime, skip, stack } from "../helpers/capabilities.ts";
import { addLink, here, type Host, type Link, withHosts } from "../helpers/hosts.ts";
import { beside, start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";
import { ACTIVE } from "../helpers/timed_message.ts";

const PORT = 5001;
const nearAddress = (i: number) => `10.${i}.0.1`;
const farAddress = (i: number) => `10.${i}.0.2`;

/** What is promised of the stack, and a guest that is in no hurry. */
const TOLERANCE = stack === "userspace" ? 0.1 : 0.2;
/** With several paths the soonest is an estimate. */
const SEVERAL = 0.3;

const FAST: SctpOptions = { preset: "lan-signalling" };
const QUIET: SctpOptions = { ...FAST, heartbeat: false };

/** With the first stack trace of an error of ours the source maps are read, which takes half a second in the guest. */
assert.throws(() => connect({ port: -1 }), (error: Error) => error.stack !== undefined);

interface Elapsed {
  ms: number;
  /** For how long of it this process had to wait for a processor, as its timers show. */
  late: number;
}

/** A clock that also knows how late timers are on this machine just now. */
function startClock(): () => Elapsed {
  const TICK = 5;
  const began = performance.now();
  let due = began + TICK;
  let late = 0;
  const look = () => {
    const now = performance.now();
    late += Math.max(0, now - due - 1); // timers have whole milliseconds
    due = now + TICK;
    return now;
  };
  const timer = setInterval(look, TICK);
  return () => {
    clearInterval(timer);
    return { ms: look() - began, late };
  };
}

function assertBetween({ ms, late }: Elapsed, least: number, most: number, tolerance = TOLERANCE): void {
  const text = `${Math.round(ms)} ms, of which ${Math.round(late)} ms late, expected ${least} to ${most}`;
  assert.ok(ms >= least * (1 - tolerance) && ms - late <= most * (1 + TOLERANCE), text);
}

function linksTo(far: Host, paths: number): Link[] {
  return Array.from(
    { length: paths },
    (_, i) => addLink([here, `near${i}`, `${nearAddress(i)}/24`], [far, `far${i}`, `${farAddress(i)}/24`]),
  );
}

async function active(socket: Socket, addresses: readonly string[]): Promise<void> {
  while (addresses.some((one) => socket.peerInfoByAddress[one]?.state !== ACTIVE)) {
    await once(socket, "peer-info-update");
  }
}

async function cutting<T>(links: Link[], body: () => Promise<T>): Promise<T> {
  await Promise.all(links.map((link) => link.cut()));
  try {
    return await body();
  } finally {
    await Promise.all(links.map((link) => link.restore()));
  }
}

interface Measured {
  /** Until the association failed. */
  elapsed: Elapsed;
  /** What was predicted, with the round trip that the stack had measured. */
  predicted: FailureDetectionTime;
}

/** Cuts all links of an association, with a message in flight or without. */
function measure(sctp: SctpOptions, isSending: boolean, paths: number): Promise<Measured> {
  return withHosts(["far"], async (far) => {
    const links = linksTo(far, paths);
    const remoteAddresses = links.map((_, i) => farAddress(i));
    const localAddresses = links.map((_, i) => nearAddress(i));
    const options = JSON.stringify({ port: PORT, localAddresses: remoteAddresses, sctp });
    return await beside(
      start(far.command(commandOn(runtime, "test/helpers/host_peer.ts", [options]))),
      async (peer) => {
        await peer.says(/listening/);
        const socket = connect({ port: PORT, remoteAddresses, localAddresses, sctp });
        await once(socket, "connect");
        await active(socket, remoteAddresses);
        socket.write("tell");
        await peer.says(/"name":"tell"/);
        const failed = once(socket, "error");
        const rtos = Object.values(socket.peerInfoByAddress).map((info) => info!.rto);
        const roundTrip = Math.floor(rtos[0]! / 3);
        const predicted = failureDetectionTime(sctp, { stack, addresses: paths, roundTrip });
        return await cutting(links, async () => {
          const clock = startClock();
          if (isSending) socket.write("is anybody there?");
          const [error] = await failed;
          assert.is(error.code, "ETIMEDOUT");
          return { elapsed: clock(), predicted };
        });
      },
    );
  });
}

if (stack === "userspace" && runtime !== "node") {
  skip("the time until a failure is noticed", "on Node alone, as the stack is the same on each runtime");
} else {
  test("data in flight, without heartbeats: as predicted", async () => {
    const { elapsed, predicted: { data, idle, earliest } } = await measure(QUIET, true, 1);
    assert.equal([idle, earliest.data], [Infinity, data]);
    assertBetween(elapsed, data, data);
  });

  test("data in flight, with heartbeats: not later, and not sooner", async () => {
    const { elapsed, predicted: { data, earliest } } = await measure(FAST, true, 1);
    if (stack === "userspace") assert.is(earliest.data, data);
    assertBetween(elapsed, earliest.data, data);
  });

  test("data in flight, over two paths", async () => {
    const { elapsed, predicted: { data, earliest } } = await measure(FAST, true, 2);
    assertBetween(elapsed, earliest.data, data, SEVERAL);
  });

  test("nothing in flight", async () => {
    const heartbeat = 300;
    const { elapsed, predicted: { idle, earliest } } = await measure({ ...FAST, heartbeat }, false, 1);
    assertBetween(elapsed, earliest.idle - heartbeat, idle); // the last answer may have been a while before
  });

  test("nobody answers connect()", () =>
    withHosts(["far"], async (far) => {
      const expected = failureDetectionTime(FAST, { stack }).connect;
      await cutting(linksTo(far, 1), async () => {
        here.ip("neigh", "replace", farAddress(0), "lladdr", "02:00:00:00:00:01", "dev", "near0");
        const clock = startClock();
        const socket = connect({ port: PORT, host: farAddress(0), sctp: FAST });
        const [error] = await once(socket, "error");
        assert.is(error.code, "ETIMEDOUT");
        assertBetween(clock(), expected, expected);
      });
    }));
}

test.run();
