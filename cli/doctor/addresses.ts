/** Addresses of this machine: what INIT tells a peer of, and what hinders several paths. */
import type { Context } from "./context.ts";
import { type Finding, finding } from "./finding.ts";
import type { LocalAddress, System } from "./system.ts";

/** Interfaces whose addresses are the same on many hosts, or lead nowhere for a peer. */
const PRIVATE_BRIDGE = /^(docker|br-|virbr|lxcbr|lxdbr|cni|podman|flannel|cali|veth|kube)/;

type Scope = "global" | "private" | "link" | "loopback";

/** From far to near, as the kernel orders them (net.sctp.addr_scope_policy). */
const SCOPES: Scope[] = ["global", "private", "link", "loopback"];

export function addresses(context: Context): Finding[] {
  const { system } = context;
  return [
    ...advertised(system),
    ...duplicates(system),
    ...ipv6(context),
    ...reversePath(context),
    ...nonlocalBind(context),
  ];
}

/** What a socket that is bound to no address in particular names in its INIT. */
function advertised(system: System): Finding[] {
  const all = system.addresses();
  if (all.length === 0) return [];
  const policy = Number(system.read("/proc/sys/net/sctp/addr_scope_policy") ?? 1);
  const toPrivate = advertisedTo("private", all, policy);
  const toGlobal = advertisedTo("global", all, policy);
  const doubtful = toPrivate.filter(({ device }) => PRIVATE_BRIDGE.test(device));
  const data = {
    policy,
    toPrivatePeers: toPrivate.map(shown),
    toGlobalPeers: toGlobal.map(shown),
    doubtful: doubtful.map(shown),
  };
  if (doubtful.length > 0) {
    const what =
      `a socket bound to no address tells peers of ${doubtful.map(shown).join(", ")} too, which no peer ` +
      "can reach";
    const cure = [`# in the program: localAddresses: ${JSON.stringify(reachable(toPrivate, doubtful))}`];
    return [finding("advertised-addresses", "note", what, { cure, data })];
  }
  const names = toPrivate.map(shown).join(", ") || "none but loopback";
  return [
    finding("advertised-addresses", "ok", `a socket bound to no address tells peers of: ${names}`, { data }),
  ];
}

const shown = ({ address, device }: LocalAddress) => `${address} (${device})`;

const reachable = (all: LocalAddress[], without: LocalAddress[]) =>
  all.filter((one) => !without.includes(one)).map(({ address }) => address);

/** As the kernel chooses: to a near peer also the near addresses. Policy 0 chooses none. */
function advertisedTo(
  peer: "global" | "private",
  all: LocalAddress[],
  policy: number,
): LocalAddress[] {
  const rank = SCOPES.indexOf(peer);
  return all.filter((one) => {
    const scope = scopeOf(one);
    if (scope === "loopback") return false; // only to a peer on loopback
    if (policy === 0 || SCOPES.indexOf(scope) <= rank) return true;
    return (policy === 2 && scope === "private") || (policy === 3 && scope === "link");
  });
}

function scopeOf({ address, internal }: LocalAddress): Scope {
  if (internal) return "loopback";
  if (/^(169\.254\.|fe[89ab])/i.test(address)) return "link";
  if (/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|fec)/i.test(address)) return "private";
  return "global";
}

function duplicates(system: System): Finding[] {
  const devices = new Map<string, string[]>();
  for (const { address, device } of system.addresses()) {
    if (scopeOf({ address, device, family: "IPv4", internal: false }) === "link") continue; // of its link alone
    devices.set(address, [...devices.get(address) ?? [], device]);
  }
  return [...devices].filter(([, names]) => names.length > 1).map(([address, names]) =>
    finding("duplicate-address", "note", `${address} is on ${names.join(" and ")}: one path, not two`, {
      data: { address, devices: names },
    })
  );
}

function ipv6({ system, distribution }: Context): Finding[] {
  const isThere = system.addresses().some(({ address }) => address === "::1");
  if (isThere || system.addresses().length === 0) return [];
  const isOff = system.read("/proc/sys/net/ipv6/conf/all/disable_ipv6") === "1" ||
    system.read("/proc/sys/net/ipv6/conf/lo/disable_ipv6") === "1";
  if (!isOff) return [finding("ipv6", "note", "no ::1: this kernel, or container, has no IPv6")];
  const cure = [
    distribution.asRoot("sysctl -w net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.lo.disable_ipv6=0"),
  ];
  return [finding("ipv6", "note", "IPv6 is switched off", { cure })];
}

/** Strict, it drops what comes in by another interface than answers leave by: with several paths, that happens. */
function reversePath({ system, distribution, target }: Context): Finding[] {
  const devices = [...new Set(system.addresses().filter((one) => !one.internal).map((one) => one.device))];
  const filter = (name: string) => Number(system.read(`/proc/sys/net/ipv4/conf/${name}/rp_filter`) ?? 0);
  const strict = devices.filter((device) => Math.max(filter("all"), filter(device)) === 1);
  if (strict.length === 0 || devices.length < 2) return [];
  const settings = ["all", ...strict].map((name) => `net.ipv4.conf.${name.replaceAll(".", "/")}.rp_filter=2`);
  const what = `strict on ${strict.join(", ")}: packets of a second path may be dropped`;
  return [
    finding("reverse-path-filter", (target?.hosts.length ?? 0) > 1 ? "slow" : "note", what, {
      cure: [distribution.asRoot(`sysctl -w ${settings.join(" ")}`)],
      data: { strict, devices },
    }),
  ];
}

function nonlocalBind({ system, distribution }: Context): Finding[] {
  const on = ["ipv4", "ipv6"].filter((family) =>
    system.read(`/proc/sys/net/${family}/ip_nonlocal_bind`) === "1"
  );
  if (on.length === 0) return [];
  const what = "on: a local address that is not this machine's gives no error, and no answer either";
  const cure = [
    distribution.asRoot(`sysctl -w ${on.map((family) => `net.${family}.ip_nonlocal_bind=0`).join(" ")}`),
  ];
  return [finding("nonlocal-bind", "note", what, { cure, data: { on } })];
}
