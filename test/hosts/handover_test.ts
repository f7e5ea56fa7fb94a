/** The only path's address is replaced under load, as where a host moves to another network: nothing is lost. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type SctpOptions, type Socket } from "netsctp";
import { runtime, skip, stack } from "../helpers/capabilities.ts";
import { addLink, here, type Host, withHosts } from "../helpers/hosts.ts";
import { beside, type Program, start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";

const PORT = 5001;
const [OLD, NEW, PEER] = ["10.0.0.1", "10.1.0.1", "10.0.0.2"];
const EVERY_MS = 2;
/** So many messages before, during and after. */
const COUNT = 200;
const dynamic = { dynamicAddresses: true, heartbeat: 500 };
/** Whatever has to wait for a time-out waits until the test is ended for it. */
const NEVER = 600_000;
const patient = { ...dynamic, rto: { initial: NEVER, min: NEVER, max: NEVER } };

/** What the peer tells: of a message its number, when asked where the ends are. */
interface Told {
  got?: number;
  remoteAddresses?: string[];
}

class Listener {
  readonly #peer: Program;
  readonly numbers: number[] = [];

  constructor(peer: Program) {
    this.#peer = peer;
  }

  /** Reads on until a line of the peer's is that one. */
  async until(isIt: (told: Told) => boolean): Promise<void> {
    for (;;) {
      const [line] = await this.#peer.says(/{.*("got"|"remoteAddresses").*}/);
      const told = JSON.parse(line) as Told;
      if (told.got !== undefined) this.numbers.push(told.got);
      if (isIt(told)) return;
    }
  }
}

const change = (...args: string[]) => here.ip("addr", ...args, "dev", "near0");

/** The new address comes, and the association goes there. */
function move(socket: Socket): void {
  change("add", `${NEW}/24`);
  here.ip("route", "replace", `${PEER}/32`, "dev", "near0", "src", NEW);
  socket.addLocalAddress(NEW).removeLocalAddress(OLD);
  assert.equal(socket.localAddresses, [NEW]);
}

/** An association of this host, at the old address, with the other one. */
async function withAssociation(
  far: Host,
  sctp: SctpOptions,
  body: (socket: Socket, listener: Listener) => Promise<void>,
): Promise<void> {
  addLink([here, "near0", `${OLD}/24`], [far, "far0", `${PEER}/24`]);
  far.ip("route", "add", "10.1.0.0/24", "dev", "far0");
  const options = JSON.stringify({ port: PORT, host: PEER, sctp });
  const program = far.command(commandOn(runtime, "test/helpers/host_peer.ts", [options]));
  await beside(start(program), async (peer) => {
    await peer.says(/listening/);
    const socket = connect({ port: PORT, host: PEER, localAddress: OLD, sctp });
    socket.on("error", ({ message }) => assert.unreachable(message));
    await once(socket, "connect");
    const listener = new Listener(peer);
    await body(socket, listener);
    socket.end();
    await once(socket, "close");
    peer.end();
  });
}

/** Sends numbers all the while. The old address goes before the new one comes, or once the peer has followed. */
const handOver = (far: Host, sctp: SctpOptions, breaksFirst: boolean) =>
  withAssociation(far, sctp, async (socket, listener) => {
    let received = 0;
    socket.on("data", () => received++);
    socket.write("send and receive"); // what it has to send are the times
    await listener.until(({ remoteAddresses }) => remoteAddresses?.join() === OLD);
    let number = 0;
    const sending = setInterval(() => socket.write(String(++number)), EVERY_MS);
    await listener.until(({ got }) => got === COUNT);
    if (breaksFirst) change("del", `${OLD}/24`);
    move(socket);
    const asking = setInterval(() => socket.write("where"), 50);
    await listener.until(({ remoteAddresses }) => remoteAddresses?.join() === NEW);
    clearInterval(asking);
    if (!breaksFirst) change("del", `${OLD}/24`);
    const [sentBefore, receivedBefore] = [number, received];
    await listener.until(({ got }) => got! >= sentBefore + COUNT);
    while (received < receivedBefore + 3) await once(socket, "data");
    clearInterval(sending);
    const last = number;
    if (listener.numbers.at(-1) !== last) await listener.until(({ got }) => got === last);
    assert.equal(listener.numbers, Array.from({ length: last }, (_, i) => i + 1));
  });

test("make before break", () => withHosts(["far"], (far) => handOver(far, dynamic, false)));

function userspaceTest(name: string, body: (far: Host) => Promise<void>): void {
  if (stack === "kernel") skip(name, "the kernel tells of an address only from one that the peer knows");
  else test(name, () => withHosts(["far"], body));
}

userspaceTest("break before make", (far) => handOver(far, patient, true));

userspaceTest(
  "what was sent without an address is sent again at once, though nothing follows it",
  (far) =>
    withAssociation(far, patient, async (socket, listener) => {
      socket.resume().write("receive");
      await listener.until(({ remoteAddresses }) => remoteAddresses?.join() === OLD);
      change("del", `${OLD}/24`);
      socket.write("1");
      move(socket);
      await listener.until(({ got }) => got === 1);
    }),
);

test.run();
