/** Two links to a peer: one fails, and is put right again, then the other. Associations whose primary path is on the
 * one that is left notice nothing, the others go on over it; whichever end sends, and with addresses of every kind. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { runtime, skip, stack } from "../helpers/capabilities.ts";
import { addLink, here, type Host, type Link, linkLocalOf, withHosts } from "../helpers/hosts.ts";
import { beside, type Program, start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";
import { Standstill } from "../helpers/standstill.ts";
import { LEAST_RTO_MS, parseTimed, timedMessage } from "../helpers/timed_message.ts";

const PORTS = { IPv4: 5001, IPv6: 5002, "link-local": 5003 };
type Kind = keyof typeof PORTS;
const KINDS = (Object.keys(PORTS) as Kind[]).filter((kind) => stack === "userspace" || kind !== "link-local");
if (stack === "kernel") {
  skip(
    "two link-local links",
    "the kernel takes all addresses that a peer lists to be on the interface of the first",
  );
}
const EVERY_MS = 50;
const HEARTBEATS = { keepAlive: true, keepAliveInitialDelay: 1000 };

/** Three back-offs from the least there is, 1 s, and patience with a busy machine. */
const FAILOVER_MS = 15_000;
/** No back-off at all, and the same patience. */
const UNDISTURBED_MS = 3000;
/** So that a failure says what happened. */
const SILENCE_LIMIT_MS = 45_000;
/** So many messages after a change. */
const AFTER = 60;

/** Addresses of both ends, on both links. */
interface Addresses {
  near: string[];
  far: string[];
}

function twoLinks(far: Host): { links: Link[]; addresses: Record<Kind, Addresses> } {
  const links = [0, 1].map((i) =>
    addLink(
      [here, `near${i}`, `10.${i}.0.1/24`, `fd0${i}::1/64`],
      [far, `far${i}`, `10.${i}.0.2/24`, `fd0${i}::2/64`],
    )
  );
  return {
    links,
    addresses: {
      IPv4: { near: ["10.0.0.1", "10.1.0.1"], far: ["10.0.0.2", "10.1.0.2"] },
      IPv6: { near: ["fd00::1", "fd01::1"], far: ["fd00::2", "fd01::2"] },
      "link-local": {
        near: [linkLocalOf(here, "near0"), linkLocalOf(here, "near1")],
        far: [linkLocalOf(far, "far0"), linkLocalOf(far, "far1")],
      },
    },
  };
}

/** One association, in which one end sends now and then, each message being the time when it is sent. */
class Talk {
  readonly name: string;
  readonly primary: number;
  readonly socket: Socket;
  /** How long each message was on its way. What else keeps either program busy is not counted for more than that. */
  readonly #delays: number[] = [];
  /** Whether its sender used the primary path when the last of them left. */
  #isOverPrimary = false;
  #look = () => {};
  #trouble = "";
  #sending: NodeJS.Timeout | undefined;

  constructor(kind: Kind, { near, far }: Addresses, primary: number, sender: string) {
    this.name = `${sender}, ${kind}, primary path ${primary}`;
    this.primary = primary;
    const order = primary === 0 ? [0, 1] : [1, 0];
    this.socket = connect({
      port: PORTS[kind],
      localAddresses: order.map((i) => near[i]!),
      // Where they are seen from here: on an interface of this end.
      remoteAddresses: order.map((i) => far[i]!.replace("%far", "%near")),
      ...HEARTBEATS,
    });
    this.socket.on("data", (data) => {
      const { sent, overPrimary } = parseTimed(data.toString());
      this.arrived(Date.now() - sent, overPrimary);
    });
    this.socket.on("error", ({ message }) => this.#trouble = message);
  }

  async begin(): Promise<void> {
    await once(this.socket, "connect");
    this.socket.write(this.name);
    if (this.name.startsWith("send")) return;
    this.#sending = setInterval(() => this.socket.write(timedMessage(this.socket)), EVERY_MS);
  }

  arrived(delayMs: number, overPrimary: boolean): void {
    this.#delays.push(delayMs);
    this.#isOverPrimary = overPrimary;
    this.#look();
  }

  /** Waits for messages until they do. */
  async #until(isDone: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const limit = setTimeout(resolve, SILENCE_LIMIT_MS);
      this.#look = () => {
        if (!isDone()) return;
        clearTimeout(limit);
        resolve();
      };
    });
  }

  /** Waits for so many messages after a change. None of those that come from before it on may be on its way for longer than
   * the limit, which is asked for at the end. */
  async goesOn(limitOf: (talk: Talk) => number, change?: Promise<void>): Promise<void> {
    const before = this.#delays.length;
    await change;
    const enough = this.#delays.length + AFTER;
    await this.#until(() => this.#delays.length >= enough);
    const came = this.#delays.length - (enough - AFTER);
    assert.ok(came >= AFTER, `${this.name}: ${came} messages in ${SILENCE_LIMIT_MS} ms ${this.#trouble}`);
    const longest = Math.max(...this.#delays.slice(before));
    assert.ok(longest < limitOf(this), `${this.name}: a message was on its way for ${longest} ms`);
  }

  /** Waits until the primary path is used again: until its next heartbeat, messages go over the other one. */
  async returns(): Promise<void> {
    await this.#until(() => this.#isOverPrimary);
    assert.ok(
      this.#isOverPrimary,
      `${this.name}: not over the primary path in ${SILENCE_LIMIT_MS} ms ${this.#trouble}`,
    );
  }

  async end(): Promise<void> {
    clearInterval(this.#sending);
    this.socket.end();
    await once(this.socket, "close");
  }
}

/** A line of host_peer.ts: of a message, or, without a time, of an association that is over, or of its process. */
interface Told {
  name: string;
  got: number;
  at?: number;
  overPrimary: boolean;
  stoodStillMs?: number;
}

/** Hands on what the other end says it has got, until all of them have closed. */
async function listen(peer: Program, talks: Talk[], standstill: Standstill): Promise<void> {
  const byName = new Map(talks.map((talk) => [talk.name, talk]));
  for (let closed = 0; closed < talks.length;) {
    const [line] = await peer.says(/{.*("got"|"closed"|"stoodStillMs").*}/);
    const { name, got, at, overPrimary, stoodStillMs } = JSON.parse(line) as Told;
    if (stoodStillMs !== undefined) standstill.add(stoodStillMs);
    else if (at === undefined) closed++;
    else byName.get(name)!.arrived(at - got, overPrimary);
  }
}

test("a link fails: who used it goes on over the other, who did not is not disturbed; the same when it is back", () =>
  withHosts(["far"], async (far) => {
    const { links, addresses } = twoLinks(far);
    const options = KINDS.map((kind) =>
      JSON.stringify({
        port: PORTS[kind],
        localAddresses: addresses[kind].far,
        ...HEARTBEATS,
      })
    );
    await beside(
      start(far.command(commandOn(runtime, "test/helpers/host_peer.ts", options))),
      async (peer) => {
        for (const _ of KINDS) await peer.says(/listening/);
        const talks = KINDS.flatMap((kind) =>
          [0, 1].flatMap((primary) =>
            ["send", "receive"].map((sender) => new Talk(kind, addresses[kind], primary, sender))
          )
        );
        await Promise.all(talks.map((talk) => talk.begin()));
        const standstill = new Standstill();
        const listening = listen(peer, talks, standstill);
        listening.catch(() => {}); // what failed first is told
        const failover = () => FAILOVER_MS;
        await Promise.all(talks.map((talk) => talk.goesOn(failover)));
        for (const cut of [0, 1]) {
          standstill.reset();
          // To the stack, an end that stands still for as long looks like a path that failed.
          const limitOf = (talk: Talk) =>
            talk.primary === cut || standstill.longestMs >= LEAST_RTO_MS ? FAILOVER_MS : UNDISTURBED_MS;
          const failing = links[cut]!.cut();
          await Promise.all(talks.map((talk) => talk.goesOn(limitOf, failing)));
          const returning = links[cut]!.restore();
          await Promise.all(talks.map((talk) => talk.goesOn(failover, returning)));
          await Promise.all(talks.map((talk) => talk.returns()));
        }
        standstill.end();
        await Promise.all(talks.map((talk) => talk.end()));
        peer.end();
        await listening;
      },
    );
  }));

test.run();
