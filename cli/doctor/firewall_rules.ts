/** Reads what nft and iptables list: which chain drops SCTP, and what to type to let it through. */

/** Each has rules of its own; what the first two list is mostly nft's, too. */
export const IPTABLES = ["iptables", "ip6tables", "iptables-legacy", "ip6tables-legacy"] as const;

export interface Chain {
  command: "nft" | typeof IPTABLES[number];
  /** "inet filter input", "INPUT" */
  name: string;
  /** Of what no rule decides, for chains that packets enter by. */
  policy: "accept" | "drop" | undefined;
  /** Those that name SCTP, in order. */
  rules: string[];
}

const VERDICT = /\b(accept|drop|reject)\b/i;

export function chainsOfNft(text: string): Chain[] {
  const chains: Chain[] = [];
  let table = "";
  for (const line of text.split("\n").map((one) => one.trim())) {
    const [, newTable] = /^table (\S+ \S+) \{/.exec(line) ?? [];
    if (newTable) table = newTable;
    const [, chain] = /^chain (\S+) \{/.exec(line) ?? [];
    if (chain) chains.push({ command: "nft", name: `${table} ${chain}`, policy: undefined, rules: [] });
    const last = chains.at(-1);
    if (!last) continue;
    const [, policy] = /^type filter hook input .*policy (accept|drop);/.exec(line) ?? [];
    if (policy) last.policy = policy as Chain["policy"];
    if (isAboutSctp(line)) last.rules.push(line);
  }
  return chains;
}

export function chainsOfIptables(command: typeof IPTABLES[number], text: string): Chain[] {
  const chains: Chain[] = [];
  for (const line of text.split("\n")) {
    const [, name, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (name) {
      const known = name === "INPUT" && (policy === "ACCEPT" || policy === "DROP");
      chains.push({
        command,
        name,
        policy: known ? policy.toLowerCase() as Chain["policy"] : undefined,
        rules: [],
      });
    }
    const [, chain] = /^-A (\S+)/.exec(line) ?? [];
    if (chain && isAboutSctp(line)) chains.find((one) => one.name === chain)?.rules.push(line);
  }
  return chains;
}

/** By name or by number; 132 alone may be anything. */
function isAboutSctp(line: string): boolean {
  return /\bsctp\b/i.test(line) || /(-p|protocol|l4proto|nexthdr) 132\b/.test(line);
}

/** The first rule that decides is the one that counts. */
export function droppingRule({ rules }: Chain): string | undefined {
  const first = rules.find((rule) => VERDICT.test(rule));
  return first && /\b(drop|reject)\b/i.test(first) ? first : undefined;
}

/** Whether SCTP meets nothing but a policy that drops it. */
export function dropsByPolicy({ policy, rules }: Chain): boolean {
  return policy === "drop" && !rules.some((rule) => VERDICT.test(rule));
}

/** What lets SCTP through: before all other rules of the chain. */
export function acceptRule({ command, name }: Chain): string {
  return command === "nft"
    ? `nft insert rule ${name} meta l4proto sctp accept`
    : `${command} -I ${name} -p sctp -j ACCEPT`;
}
