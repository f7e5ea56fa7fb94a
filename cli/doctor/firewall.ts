/** What stands between the stack and the network, as far as it can be seen from here. */
import type { Context } from "./context.ts";
import { type Finding, finding } from "./finding.ts";
import {
  acceptRule,
  type Chain,
  chainsOfIptables,
  chainsOfNft,
  droppingRule,
  dropsByPolicy,
  IPTABLES,
} from "./firewall_rules.ts";
import type { System } from "./system.ts";

export async function firewall(context: Context): Promise<Finding[]> {
  return [...await rules(context), ...tracking(context), ...publishing(context.system)];
}

async function rules({ system, distribution, stacks, wanted }: Context): Promise<Finding[]> {
  const chains = await listed(system);
  if (chains === undefined) {
    const why = system.refused.size > 0
      ? "Deno may not run commands"
      : system.uid === 0
      ? "nft and iptables are not here, or may not"
      : "only root can list them";
    return [finding("firewall", "note", `rules cannot be seen: ${why}`)];
  }
  const data = { rules: chains.flatMap((chain) => chain.rules) };
  for (const chain of chains) {
    const rule = droppingRule(chain);
    const where = `${chain.command}, ${chain.name}`;
    const cure = [distribution.asRoot(acceptRule(chain))];
    // SCTP over UDP does not meet such a rule.
    const level = stacks.kernel.usable && wanted !== "userspace" ? "broken" : "note";
    if (rule) return [finding("firewall", level, `${where} drops SCTP: ${rule}`, { cure, data })];
    if (dropsByPolicy(chain)) {
      const what =
        `${where} drops what no rule accepts, and none accepts SCTP: peers cannot begin an association`;
      return [finding("firewall", "note", what, { cure, data })];
    }
  }
  const count = data.rules.length;
  const what = count > 0 ? `rules that name SCTP: ${count}, none drops it` : "no rule names SCTP";
  return [finding("firewall", "ok", what, { data })];
}

/** Undefined where nothing can be listed. */
async function listed(system: System): Promise<Chain[] | undefined> {
  const [nft, ...iptables] = await Promise.all([
    system.run("nft", "list", "ruleset"),
    ...IPTABLES.map((command) => system.run(`${command}-save`)),
  ]);
  if ([nft, ...iptables].every((said) => said?.code !== 0)) return undefined;
  return [
    ...chainsOfNft(nft?.stdout ?? ""),
    ...IPTABLES.flatMap((command, i) => chainsOfIptables(command, iptables[i]?.stdout ?? "")),
  ];
}

function tracking({ system }: Context): Finding[] {
  const isOn = system.read("/proc/sys/net/netfilter/nf_conntrack_count") !== undefined;
  if (!isOn) return [];
  const established = system.read("/proc/sys/net/netfilter/nf_conntrack_sctp_timeout_established");
  const data = { established: established === undefined ? undefined : Number(established) };
  const what = established === undefined
    ? "on, without SCTP: a firewall that goes by connections may drop it as invalid"
    : `knows SCTP, and forgets an association after ${established} s of silence`;
  return [finding("connection-tracking", established === undefined ? "note" : "ok", what, { data })];
}

function publishing(system: System): Finding[] {
  const proxies = system.list("/proc").filter((name) => /^\d+$/.test(name))
    .map((pid) => system.read(`/proc/${pid}/cmdline`)?.replaceAll("\0", " ") ?? "")
    .filter((line) => /\bdocker-proxy\b.*-proto sctp\b/.test(line))
    .map((line) => Number(/-host-port (\d+)/.exec(line)?.[1]));
  const found: Finding[] = [];
  if (proxies.length > 0) {
    const what = `docker publishes SCTP port ${
      proxies.join(", ")
    }: only one path, and a peer's address may be hidden`;
    found.push(finding("port-publishing", "note", what, { data: { ports: proxies } }));
  }
  const balanced = /^SCTP .*$/m.exec(system.read("/proc/net/ip_vs") ?? "")?.[0];
  if (balanced) {
    const what = "the kernel balances SCTP (ip_vs): an association has one path only";
    found.push(finding("port-publishing", "note", what, { data: { balanced } }));
  }
  return found;
}
