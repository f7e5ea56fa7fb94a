/** The peer that was asked about: how it answers INIT, and what an association with it tells. */
import { lookup } from "node:dns/promises";
import { isIP, type Stack } from "../../mod.ts";
import { formatTarget } from "../target.ts";
import { attempt } from "./attempt.ts";
import type { Context } from "./context.ts";
import { extensionsOf } from "./extensions.ts";
import { type Finding, finding } from "./finding.ts";
import { outcomeInWords } from "./outcome.ts";
import { counterOf } from "./resources.ts";
import { routes } from "./routes.ts";
import type { System } from "./system.ts";

export async function peer(context: Context): Promise<Finding[]> {
  const { target } = context;
  if (target === undefined) return [];
  let hosts: string[];
  try {
    hosts = await Promise.all(target.hosts.map(addressOf));
  } catch (error) {
    return [finding("peer", "broken", `the name is not known: ${(error as Error).message}`)];
  }
  const found = await routes(context, hosts);
  const hasRoute = found.some(({ id, level }) => id === "route" && level !== "broken") || found.length === 0;
  const plain = await ask(context, "kernel", hosts, hasRoute);
  const overUdp = await ask(context, "userspace", hosts, hasRoute);
  // Whoever answers one way need not answer the other.
  const works = (list: Finding[]) => list.some(({ id, level }) => id === "peer" && level === "ok");
  return [...found, ...plain, ...(works(plain) ? overUdp.map(asNote) : overUdp)];
}

const asNote = (one: Finding): Finding =>
  one.id === "peer" && one.level === "broken" ? { ...one, level: "note", cure: [] } : one;

async function addressOf(host: string): Promise<string> {
  return isIP(host) ? host : (await lookup(host)).address;
}

/** Sent and received by the kernel, in all associations: whether INIT left, and anything came back. */
function packets(system: System): { sent: number | undefined; received: number | undefined } {
  const snmp = system.read("/proc/net/sctp/snmp");
  return { sent: counterOf(snmp, "SctpOutSCTPPacks"), received: counterOf(snmp, "SctpInSCTPPacks") };
}

/** The kernel's RTO is rto_initial until it has measured a round trip. */
function rtoTells(system: System): boolean {
  const value = (name: string) => Number(system.read(`/proc/sys/net/sctp/${name}`));
  return value("rto_initial") > value("rto_min"); // false, too, where they cannot be read
}

/** By plain SCTP in the kernel, and over UDP in userspace. */
async function ask(
  context: Context,
  stack: Stack,
  hosts: string[],
  hasRoute: boolean,
): Promise<Finding[]> {
  const { stacks, wanted, timeoutMs, distribution } = context;
  if (!stacks[stack].usable || (wanted !== "auto" && wanted !== stack)) return [];
  const isUdp = stack === "userspace";
  const udpPort = isUdp ? context.udpPort : undefined;
  const by = isUdp ? `over UDP port ${udpPort}` : "plain SCTP";
  const port = context.target!.port;
  const shown = formatTarget({ hosts, port });
  const before = packets(context.system);
  const answer = await attempt({
    stack,
    hosts,
    port,
    udpPort,
    timeoutMs,
    rtoTells: !isUdp && rtoTells(context.system),
  });
  if ("error" in answer) {
    const what = `${shown}, ${by}: ${outcomeInWords(answer.error, { port, timeoutMs, hasRoute })}`;
    const filter = isUdp ? `udp port ${udpPort}` : `sctp and port ${port}`;
    const isSilent = answer.error.code === "ETIMEDOUT" && hasRoute;
    return [
      finding("peer", "broken", what, {
        ...(isSilent && { cure: [distribution.asRoot(`tcpdump -ni any ${filter}`)] }),
        data: {
          stack,
          udpPort,
          code: answer.error.code,
          ...(!isUdp && { packets: { before, after: packets(context.system) } }),
        },
      }),
    ];
  }
  const { status, streams, paths, ms, adaptation, closed } = answer;
  const extensions = extensionsOf(status.peer.cap);
  const found = [
    finding("peer", "ok", `${shown}, ${by}: up in ${ms} ms, ${streams.out} streams out, ${streams.in} in`, {
      data: { stack, udpPort, ms, streams, closed, status },
    }),
    finding("peer-addresses", "ok", `${by}: ${Object.keys(paths).join(", ")}`, {
      data: { stack, addresses: Object.keys(paths) },
    }),
  ];
  for (const [address, path] of Object.entries(paths)) {
    const { state, stateName, isProven, srtt, rto, mtu, cwnd } = path;
    const silent = state === 2 && !isProven ? ", but has answered no heartbeat" : "";
    const trip = srtt > 0 ? `round trip ${srtt} ms, ` : "";
    found.push(
      finding(
        "peer-path",
        isProven ? "ok" : "slow",
        `${address}, ${by}: ${stateName}${silent}, ${trip}RTO ${rto} ms, MTU ${mtu}`,
        { data: { stack, address, state, srtt, rto, mtu, cwnd } },
      ),
    );
  }
  if (extensions) {
    const indication = adaptation === undefined ? "" : `; adaptation indication 0x${adaptation.toString(16)}`;
    found.push(
      finding("peer-extensions", "ok", `${by}: ${extensions.join(", ") || "no extension"}${indication}`, {
        data: { stack, extensions, adaptation },
      }),
    );
  }
  return found;
}
