/** Two ends on loopback, on each stack and each IP version: does it work, and how long does it take. */
import { once } from "node:events";
import process from "node:process";
import type { Notification, Socket, Stack } from "../../mod.ts";
import type { Context } from "./context.ts";
import { deliver, messageOf, type Place, withAssociation } from "./exchange.ts";
import { type Finding, finding } from "./finding.ts";

const LIMIT_MS = 10_000;
const ROUNDS = 9;
const LARGE = 150_000; // larger than the kernel's default window: comes in pieces
const PPID = 0x01020304; // told from its bytes in another order
const USER_INITIATED_ABORT = 12; // RFC 9260 section 3.3.10.12
// A delayed acknowledgement takes 200 ms, a retransmission a second.
const SLOW_ROUND_MS = 100;
const SLOW_STEP_MS = 900;

const STACKS: Stack[] = ["kernel", "userspace"];
const HOSTS = { IPv4: "127.0.0.1", IPv6: "::1" } as const;

export async function selfTest(context: Context): Promise<Finding[]> {
  const { stacks, wanted, system } = context;
  const found: Finding[] = [];
  for (const stack of STACKS.filter((one) => stacks[one].usable && (wanted === "auto" || wanted === one))) {
    for (const family of ["IPv4", "IPv6"] as const) {
      const isThere = system.addresses().some(({ address }) => address === HOSTS[family]);
      if (family === "IPv6" && !isThere) continue; // told of among the addresses
      found.push(await testOne(context, stack, family));
    }
  }
  return found;
}

async function testOne(
  { distribution }: Context,
  stack: Stack,
  family: "IPv4" | "IPv6",
): Promise<Finding> {
  const times: Times = {};
  const data = { stack, family, ms: times };
  const where = `${stack}, ${family}`;
  const signal = AbortSignal.timeout(LIMIT_MS);
  try {
    await withOwnUdpPort(
      stack,
      (udpPort) => exchange({ stack, host: HOSTS[family], udpPort, signal }, times),
    );
  } catch (error) {
    const reason = signal.aborted ? `nothing for ${LIMIT_MS / 1000} s` : (error as Error).message;
    const step = times.step ?? "connecting";
    const { code } = error as { code?: string };
    const cure = CURES[code!];
    return finding("self-test", "broken", `${where}: failed at ${step}: ${reason}`, {
      ...(cure && { cure: [distribution.asRoot(cure)] }),
      data: { ...data, code },
    });
  }
  delete times.step;
  const { connect = 0, round = 0, request = 0, large = 0 } = times;
  const figures =
    `${connect} ms to connect, ${round} ms a round trip, ${request} ms for a request of two messages, ` +
    `${large} ms for ${LARGE} bytes`;
  const isSlow = Math.max(round, request) > SLOW_ROUND_MS || Math.max(connect, large) > SLOW_STEP_MS;
  if (!isSlow) return finding("self-test", "ok", `${where}: ${figures}`, { data });
  return finding("self-test", "slow", `${where}: works, but waits for something: ${figures}`, { data });
}

const LOOPBACK_UP = "ip link set lo up";

/** By the code of the error. */
const CURES: Record<string, string> = {
  // What signs the cookies (net.sctp.cookie_hmac_alg) cannot be loaded.
  ENOSYS: "modprobe -a hmac md5 sha1_generic",
  // A new network namespace has its loopback down, and no address then.
  ENETUNREACH: LOOPBACK_UP,
  EADDRNOTAVAIL: LOOPBACK_UP,
};

const UDP_PORTS_TRIED = 5;
let ownUdpPort = 49152 + process.pid % 16000; // hardly anybody has it

/** A process has one UDP port for good, and it must be nobody else's. */
async function withOwnUdpPort(
  stack: Stack,
  body: (port: number | undefined) => Promise<void>,
): Promise<void> {
  if (stack === "kernel") return body(undefined);
  for (let tried = 1;; tried++) {
    try {
      return await body(ownUdpPort);
    } catch (error) {
      if ((error as { code?: string }).code !== "EADDRINUSE" || tried === UDP_PORTS_TRIED) throw error;
      ownUdpPort++;
    }
  }
}

interface Times {
  /** What is being done. */
  step?: string;
  connect?: number;
  round?: number;
  request?: number;
  large?: number;
  close?: number;
  abort?: number;
}

async function exchange(place: Place, times: Times): Promise<void> {
  const { signal } = place;
  /** Takes the time of a step: the shortest, where it is taken several times, for others use the processor, too. */
  const timed = async (key: Exclude<keyof Times, "step">, name: string, body: () => Promise<unknown>) => {
    times.step = name;
    const start = performance.now();
    await body();
    times[key] = Math.min(times[key] ?? Infinity, sinceMs(start));
  };
  const message = (length: number, sid = 1) => messageOf(length, sid, PPID);
  const start = performance.now();
  await withAssociation(place, { connectTimeout: LIMIT_MS }, async ({ client, peer }) => {
    times.connect = sinceMs(start);
    for (let i = 0; i < ROUNDS; i++) {
      await timed("round", "a message of 1 KiB", async () => {
        await deliver(client, peer, message(1024, 0), signal);
        await deliver(peer, client, message(1024), signal);
      });
      await timed("request", "a request of two messages", async () => {
        await deliver(client, peer, message(20), signal);
        await deliver(client, peer, message(80), signal);
        await deliver(peer, client, message(20), signal);
      });
    }
    for (let i = 0; i < 2; i++) {
      await timed(
        "large",
        `a message of ${LARGE} bytes`,
        () => deliver(client, peer, message(LARGE), signal),
      );
    }
    await timed("close", "the graceful close", () => {
      client.resume();
      peer.resume();
      client.end();
      return Promise.all([once(client, "close", { signal }), once(peer, "close", { signal })]);
    });
  });
  times.step = "connecting again";
  const again = performance.now();
  await withAssociation(place, { connectTimeout: LIMIT_MS }, async ({ client, peer }) => {
    times.connect = Math.min(times.connect!, sinceMs(again));
    await timed("abort", "the abort", () => abort(client, peer, signal));
  });
}

/** One end aborts; the other one has to be told, with the cause. */
async function abort(client: Socket, peer: Socket, signal: AbortSignal): Promise<void> {
  let cause: number | undefined;
  peer.on("notification", ({ parsed }: Notification) => {
    if (parsed.type === "association-change" && parsed.state === "lost") cause = parsed.error;
  });
  const lost = once(peer, "close", { signal }).catch((error) => {
    if (error.code !== "ECONNRESET") throw error;
  });
  client.on("error", () => {}).resetAndDestroy();
  await lost;
  if (cause === USER_INITIATED_ABORT) return;
  throw new Error(`the peer was told of cause ${cause}, not ${USER_INITIATED_ABORT}`);
}

const sinceMs = (start: number) => Math.round((performance.now() - start) * 100) / 100;
