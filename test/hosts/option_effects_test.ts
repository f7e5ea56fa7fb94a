/** What `sctp` does to packets, seen on a link: at both ends, over IPv4 and IPv6, and changed while the association is up. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type SctpOptions, type Socket } from "netsctp";
import { runtime, stack } from "../helpers/capabilities.ts";
import { addHost, addLink, here, type Host, type Link } from "../helpers/hosts.ts";
import { type Program, start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";
import { ACTIVE } from "../helpers/timed_message.ts";

const PORT = 5001;
const PROTOCOL = stack === "userspace" ? "udp" : "sctp";
const IS_KERNEL = stack === "kernel";
const LARGE = 5000;

/** The IPv4 packets whose first chunk is of a type. */
const chunk = (type: number) => IS_KERNEL ? `sctp[12] = ${type}` : `udp[20] = ${type}`;
/** A congestion window of more than is sent at once. */
const ROOMY = 40_000;
const DATA = 0, HEARTBEAT = 4;

const ofServer: SctpOptions = { dscp: 10, heartbeat: 200, rto: { initial: 200, min: 100, max: 400 } };

let far: Host;
let peer: Program;
let links: Link[];

test.before(async () => {
  far = await addHost("far");
  links = [0, 1].map((i) =>
    addLink([here, `near${i}`, `10.${i}.0.1/24`, `fd0${i}::1/64`], [
      far,
      `far${i}`,
      `10.${i}.0.2/24`,
      `fd0${i}::2/64`,
    ])
  );
  const options = JSON.stringify({ port: PORT, sctp: ofServer });
  peer = start(far.command(commandOn(runtime, "test/helpers/host_peer.ts", [options])));
  await peer.says(/listening/);
});

test.after(async () => {
  await peer.stop();
  await far.close();
});

/** Connects, and has the peer send as well. */
async function connected(host: string, sctp: SctpOptions): Promise<Socket> {
  const socket = connect({ port: PORT, host, sctp });
  await once(socket, "connect");
  socket.write("send");
  await once(socket, "data");
  return socket;
}

async function closed(socket: Socket): Promise<void> {
  socket.resume().end();
  await once(socket, "close");
}

interface Packet {
  source: string;
  class: number;
  flowLabel: number;
  /** With all heads. */
  length: number;
}

/** What tcpdump -v says of packets: "IP (tos 0xb8, … length 76) …" or "IP6 (class 0xb8, flowlabel 0xabcde, … length: 56) …". */
function packetsOf(text: string): Packet[] {
  return text.split(/^(?=IP)/m).filter((one) => one.includes(" > ")).map((one) => {
    const found = (form: RegExp) => form.exec(one)?.[1] ?? "0";
    return {
      source: found(/(\S+)\.\d+ > /),
      class: parseInt(found(/(?:tos|class) 0x(\w+)/), 16),
      flowLabel: parseInt(found(/flowlabel 0x(\w+)/), 16),
      length: Number(found(/ length:? (\d+)\)/)) + (one.startsWith("IP6") ? 40 : 0), // what follows the head
    };
  });
}

/** How many packets of DATA leave while none of them is acknowledged, though the congestion window has room for more. */
async function burst(maxBurst: number, messages: string[]): Promise<number> {
  const sctp: SctpOptions = {
    maxBurst: 0,
    rto: { initial: 300, min: 300, max: 300 },
    heartbeat: false, // on a path that is potentially failed one would share a packet with what is sent again
    retransmissions: { association: 1000, path: 1000 },
  };
  const socket = connect({ port: PORT, host: "10.0.0.2", sctp });
  await once(socket, "connect");
  socket.write("tell");
  for (let grown = false; !grown; grown = socket.paths()[0]!.cwnd > ROOMY) {
    socket.write("0".padStart(ROOMY, "0"));
    await peer.says(/"got":0/);
  }
  while (socket.status().unackdata > 0) await new Promise((resolve) => setImmediate(resolve));
  socket.configure({ maxBurst });
  const dump = start([
    "tcpdump",
    "-n",
    "-l",
    "-t",
    "-x",
    "--immediate-mode",
    "-i",
    "near0",
    `src 10.0.0.1 and ${chunk(DATA)}`,
  ]);
  await dump.says(/listening on/);
  await links[0]!.cut();
  for (const message of messages) socket.write(message);
  const tsn = `0x0020:  (?:\\w{4} ){${IS_KERNEL ? 2 : 6}}(\\w{4} \\w{4})`;
  await dump.says(new RegExp(`${tsn}[^]*${tsn.replace(/\(\\w.*$/, "\\1")}`)); // the first one is sent again
  await dump.stop();
  await links[0]!.restore();
  await closed(socket);
  return new Set(Array.from(dump.stdout.toString().matchAll(new RegExp(tsn, "g")), ([, one]) => one)).size;
}

/** The packets while a large message goes, and some come. */
async function seen(socket: Socket): Promise<Packet[]> {
  const dump = start(["tcpdump", "-n", "-l", "-t", "-v", "--immediate-mode", "-i", "near0", PROTOCOL]);
  await dump.says(/listening on/);
  socket.write("0".padStart(LARGE, "0"));
  await peer.says(/"got":0/);
  const { localAddress, remoteAddress } = socket;
  const ours = `length:? \\d{4}\\)\\s+${localAddress}\\.`, theirs = `${remoteAddress}\\.\\d+ > `;
  await dump.says(new RegExp(`${ours}[^]*${theirs}[^]*\\nIP`));
  await dump.stop();
  const isOfBoth = ({ source }: Packet) => source === localAddress || source === remoteAddress;
  return packetsOf(dump.stdout.toString()).filter(isOfBoth);
}

for (
  const [family, near, host] of [["IPv4", "10.0.0.1", "10.0.0.2"], ["IPv6", "fd00::1", "fd00::2"]] as const
) {
  test(`${family}: dscp, pathMtu, flowLabel, at both ends and as changed`, async () => {
    const flowLabel = 0xabcde;
    const socket = await connected(host, { dscp: 46, pathMtu: 1300, ...(IS_KERNEL && { flowLabel }) });
    const check = (packets: Packet[], codePoint: number, mtu: number) => {
      const [ours, theirs] = [true, false].map((isOurs) =>
        packets.filter(({ source }) => (source === near) === isOurs)
      );
      assert.ok(ours!.length > 0 && theirs!.length > 0, "both ends have sent");
      assert.equal([...new Set(ours!.map((one) => one.class >> 2))], [codePoint]);
      assert.equal([...new Set(theirs!.map((one) => one.class >> 2))], [ofServer.dscp]);
      const longest = Math.max(...ours!.map(({ length }) => length));
      // What the kernel hands to a link is cut into packets behind where tcpdump sees it.
      if (!IS_KERNEL) assert.ok(longest <= mtu && longest > mtu - 4, `packets of ${longest} bytes`);
      if (IS_KERNEL && family === "IPv6") assert.ok(ours!.every((one) => one.flowLabel === flowLabel));
    };
    check(await seen(socket), 46, 1300);
    socket.configure({ dscp: 12, pathMtu: 1400 });
    check(await seen(socket), 12, 1400);
    await closed(socket);
  });
}

test("heartbeat: false sends none, where the other end has its own", async () => {
  const socket = connect({ port: PORT, host: "10.0.0.2", sctp: { heartbeat: false } });
  await once(socket, "connect");
  socket.write("tell");
  const ours = await here.watch("near0", `src 10.0.0.1 and ${chunk(HEARTBEAT)}`);
  const theirs = start([
    "tcpdump",
    "-n",
    "-l",
    "-i",
    "near0",
    "-c",
    "3",
    `src 10.0.0.2 and ${chunk(HEARTBEAT)}`,
  ]);
  await theirs.succeeds();
  assert.is(await ours(), "");
  await closed(socket);
});

test("maxBurst: so much is sent at once, in the kernel by one message, and the packet that goes beyond it", async () => {
  if (IS_KERNEL) here.ip("link", "set", "dev", "near0", "gso_max_size", "1500"); // so that tcpdump sees each packet
  const large = ["1".padStart(20_000, "0")], small = Array<string>(20).fill("1".padStart(1000, "0"));
  assert.is(await burst(0, large), 14);
  const left = await burst(1, large);
  // The kernel's timers have it look again, once or twice before the time-out: then as much goes once more.
  if (IS_KERNEL) assert.ok(left <= 6, `${left} packets`);
  else assert.is(left, 2);
  assert.is(await burst(4, small), IS_KERNEL ? small.length : 6);
});

test("potentiallyFailed: after one time-out messages go to the other path, though the first is not given up", async () => {
  const sctp: SctpOptions = {
    rto: { initial: 200, min: 100, max: 400 },
    retransmissions: { path: 20, association: 40, potentiallyFailed: 0 },
  };
  const remoteAddresses = ["10.0.0.2", "10.1.0.2"];
  const socket = connect({ port: PORT, remoteAddresses, localAddresses: ["10.0.0.1", "10.1.0.1"], sctp });
  const suspect = new Promise<void>((resolve) =>
    socket.on("path", ({ address }, change) => {
      if (address === socket.remoteAddress && change === "potentially-failed") resolve();
    })
  );
  await once(socket, "connect");
  while (remoteAddresses.some((one) => socket.peerInfoByAddress[one]?.state !== ACTIVE)) {
    await once(socket, "peer-info-update");
  }
  socket.write("tell");
  await peer.says(/"name":"tell"/);
  const primary = remoteAddresses.indexOf(socket.remoteAddress!);
  const [cut, other] = [links[primary]!, 1 - primary];
  await cut.cut();
  try {
    socket.write("1");
    await suspect;
    await peer.says(/"got":1/);
    const failed = await here.watch(`near${primary}`, `src 10.${primary}.0.1 and ${chunk(DATA)}`);
    const good = start(["tcpdump", "-n", "-l", "-c", "1", "-i", `near${other}`, chunk(DATA)]);
    await good.says(/listening on/);
    socket.write("2");
    await good.succeeds();
    await peer.says(/"got":2/);
    assert.is(await failed(), "");
  } finally {
    await cut.restore();
  }
  await closed(socket);
});

test.run();
