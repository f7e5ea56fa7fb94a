/** A link on the way takes smaller packets than those of both ends: large messages get through, and once a router has
 * said so nothing is sent any more that has to be cut on the way. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect } from "netsctp";
import { runtime, stack } from "../helpers/capabilities.ts";
import { addHost, addLink, here, type Host } from "../helpers/hosts.ts";
import { start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";

const PORT = 5001;
const SMALL_MTU = 1400;
const MESSAGES = 10;
const LENGTH = 50_000;

/** Two routers: neither end has the small link itself. */
function behindRouters(left: Host, right: Host, far: Host): void {
  addLink([here, "near0", "10.5.0.2/24", "fd05::2/64"], [left, "inside", "10.5.0.1/24", "fd05::1/64"]);
  addLink([left, "between", "10.6.0.1/24", "fd06::1/64"], [right, "between", "10.6.0.2/24", "fd06::2/64"]);
  addLink([right, "outside", "10.7.0.1/24", "fd07::1/64"], [far, "far0", "10.7.0.2/24", "fd07::2/64"]);
  for (const [router, back, on] of [[left, "5", "2"], [right, "7", "1"]] as const) {
    router.sysctl("net.ipv4.ip_forward", 1);
    router.sysctl("net.ipv6.conf.all.forwarding", 1);
    router.ip("link", "set", "between", "mtu", String(SMALL_MTU));
    const beyond = back === "5" ? "7" : "5";
    router.ipBatch([
      `route add 10.${beyond}.0.0/24 via 10.6.0.${on}`,
      `route add fd0${beyond}::/64 via fd06::${on}`,
    ]);
  }
  here.ipBatch(["route add default via 10.5.0.1", "route add default via fd05::1"]);
  far.ipBatch(["route add default via 10.7.0.1", "route add default via fd07::1"]);
}

const [left, right, far] = [await addHost("left"), await addHost("right"), await addHost("far")];
behindRouters(left, right, far);
const server = commandOn(runtime, "test/helpers/host_peer.ts", [JSON.stringify({ port: PORT })]);
const peer = start(far.command(server));
await peer.says(/listening/);

test.after(async () => {
  await peer.stop();
  for (const host of [left, right, far]) await host.close();
});

for (const [family, host] of [["IPv4", "10.7.0.2"], ["IPv6", "fd07::2"]] as const) {
  test(`${family}: a link of ${SMALL_MTU} bytes between two routers`, async () => {
    const socket = connect({ port: PORT, host });
    await once(socket, "connect");
    const mtu = () => Object.values(socket.peerInfoByAddress)[0]!.mtu;
    // Over IPv6 the userspace stack begins with what every link has to take, 1,280 bytes.
    if (stack === "kernel" || family === "IPv4") assert.ok(mtu() > SMALL_MTU, `${mtu()} bytes at first`);
    socket.write("tell");
    let number = 0;
    const deliver = async () => {
      for (let i = 0; i < MESSAGES; i++) socket.write(String(number++).padStart(LENGTH, "0"));
      const first = number - MESSAGES;
      for (let i = first; i < number; i++) await peer.says(new RegExp(`"got":${i},`));
    };
    const began = Date.now();
    await deliver();
    const learning = Date.now() - began;
    assert.ok(mtu() <= SMALL_MTU, `${mtu()} bytes after that`);
    const fragments = await right.watch("between", "ip[6:2] & 0x3fff != 0 or ip6 proto 44");
    await deliver();
    assert.is(await fragments(), "", `after the first ${MESSAGES} messages, which took ${learning} ms`);
    socket.end();
    await once(socket, "close");
  });
}

test.run();
