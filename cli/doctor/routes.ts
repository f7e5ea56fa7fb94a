/** The way to each of the peer's addresses. */
import { isIP } from "../../mod.ts";
import type { Context } from "./context.ts";
import { type Finding, finding } from "./finding.ts";
import type { System } from "./system.ts";

export interface Route {
  remote: string;
  device: string | undefined;
  source: string | undefined;
  gateway: string | undefined;
  mtu: number | undefined;
}

/** @param remotes addresses; those of names were looked up before */
export async function routes(
  { system, distribution }: Context,
  remotes: readonly string[],
): Promise<Finding[]> {
  const found: Finding[] = [];
  const ways: Route[] = [];
  for (const remote of remotes.filter((one) => isIP(one))) {
    const said = await system.run("ip", "route", "get", remote);
    if (said === undefined) {
      const what = "routes cannot be seen: there is no ip command";
      const package_ = distribution.family === "fedora" ? "iproute" : "iproute2";
      return [finding("route", "note", what, { cure: distribution.install(package_) })];
    }
    const way = said.code === 0 ? routeOf(remote, said.stdout, system) : undefined;
    if (way === undefined) {
      const what = `${remote}: no route (${said.stderr.trim() || said.stdout.trim()})`;
      found.push(finding("route", "broken", what, { data: { remote } }));
      continue;
    }
    ways.push(way);
    const gateway = way.gateway ? ` via ${way.gateway}` : "";
    const what = `${remote}${gateway} by ${way.device}, from ${way.source}, MTU ${way.mtu ?? "not known"}`;
    found.push(finding("route", "ok", what, { data: { ...way } }));
  }
  return [...found, ...sharedInterface(ways)];
}

function routeOf(remote: string, text: string, system: System): Route | undefined {
  if (/^(unreachable|prohibit|blackhole)\b/.test(text)) return undefined;
  const value = (name: string) => new RegExp(`\\b${name} (\\S+)`).exec(text)?.[1];
  const device = value("dev");
  const mtu = value("mtu") ?? (device && system.read(`/sys/class/net/${device}/mtu`));
  return { remote, device, source: value("src"), gateway: value("via"), mtu: mtu ? Number(mtu) : undefined };
}

function sharedInterface(ways: Route[]): Finding[] {
  const shared = ways.filter((way, i) =>
    way.device !== "lo" && ways.findIndex(({ device }) => device === way.device) !== i
  );
  return shared.map(({ remote, device }) =>
    finding(
      "same-interface",
      "note",
      `${remote} is reached by ${device}, as another address: one cable cut ends both`,
      {
        data: { remote, device },
      },
    )
  );
}
