/** The kernel's parameters: which are not as they come, and what follows from them. */
import type { Context } from "./context.ts";
import { connectGivenUp, detectionIdle, detectionUnderLoad, type Timers } from "./failure_times.ts";
import { type Finding, finding } from "./finding.ts";
import type { System } from "./system.ts";

const FOLDER = "/proc/sys/net/sctp";
const HEARTBEAT_ONLY_LIMIT_MS = 60_000;
const UNDER_LOAD_LIMIT_MS = 30_000;

/** As the kernel has them when nobody has changed anything. */
const DEFAULTS: Record<string, string> = {
  addip_enable: "0",
  addip_noauth_enable: "0",
  addr_scope_policy: "1",
  association_max_retrans: "10",
  auth_enable: "0",
  cookie_preserve_enable: "1",
  default_auto_asconf: "0",
  ecn_enable: "1",
  encap_port: "0",
  hb_interval: "30000",
  intl_enable: "0",
  max_burst: "4",
  max_init_retransmits: "8",
  path_max_retrans: "5",
  pf_enable: "1",
  pf_expose: "0",
  pf_retrans: "0",
  plpmtud_probe_interval: "0",
  prsctp_enable: "1",
  ps_retrans: "65535",
  rcvbuf_policy: "0",
  reconf_enable: "0",
  rto_alpha_exp_divisor: "3",
  rto_beta_exp_divisor: "2",
  rto_initial: "3000",
  rto_max: "60000",
  rto_min: "1000",
  sack_timeout: "200",
  sndbuf_policy: "0",
  udp_port: "0",
  valid_cookie_life: "60000",
};

/**
 * What suits signalling on networks with round trips of a few milliseconds, as
 * docs/deployment.md has it: a line there is a line here. One path that failed
 * is given up after path_max_retrans + 1 errors, before they end an association
 * whose other path is idle: its heartbeats set the count back each hb_interval.
 */
export const SIGNALLING: readonly Readonly<Record<string, number>>[] = [
  { rto_initial: 500, rto_min: 300, rto_max: 2000 },
  { path_max_retrans: 3, association_max_retrans: 6, max_init_retransmits: 4 },
  { hb_interval: 5000 },
];

export const SIGNALLING_COMMANDS = SIGNALLING.map((line) => {
  const settings = Object.entries(line).map(([name, value]) => `net.sctp.${name}=${value}`);
  return `sysctl -w ${settings.join(" ")}`;
});

export function parameters(context: Context): Finding[] {
  const { system } = context;
  const values = valuesOf(system);
  const count = Object.keys(values).length;
  if (count === 0 || !context.stacks.kernel.usable) return []; // they come with the module
  const changed = Object.entries(DEFAULTS)
    .filter(([name, value]) => values[name] !== undefined && values[name] !== value)
    .map(([name]) => `${name}=${values[name]}`);
  const what = changed.length > 0
    ? `of ${count} parameters not as the kernel comes: ${changed.join(" ")}`
    : `all ${count} parameters as the kernel comes`;
  return [finding("kernel-parameters", "ok", what, { data: values }), ...times(context, values)];
}

function valuesOf(system: System): Record<string, string> {
  const names = system.list(FOLDER);
  return Object.fromEntries(
    names.map((name) => [name, system.read(`${FOLDER}/${name}`)?.replace(/\s+/g, " ")] as const)
      .filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

export function timersOf(values: Record<string, string>): Timers {
  const number = (name: string) => Number(values[name] ?? DEFAULTS[name]);
  return {
    rtoInitial: number("rto_initial"),
    rtoMin: number("rto_min"),
    rtoMax: number("rto_max"),
    heartbeatInterval: number("hb_interval"),
    associationMaxRetrans: number("association_max_retrans"),
    pathMaxRetrans: number("path_max_retrans"),
    potentiallyFailedAt: number("pf_enable") === 0 ? Infinity : number("pf_retrans"),
    maxInitRetransmits: number("max_init_retransmits"),
  };
}

function times({ distribution }: Context, values: Record<string, string>): Finding[] {
  const timers = timersOf(values);
  const underLoadMs = detectionUnderLoad(timers);
  const idleMs = detectionIdle(timers);
  const connectMs = connectGivenUp(timers);
  const data = { underLoadMs, idleMs, ...timers };
  const isQuick = underLoadMs <= UNDER_LOAD_LIMIT_MS && idleMs <= HEARTBEAT_ONLY_LIMIT_MS;
  const what = `a dead peer is noticed after ${inWords(underLoadMs)} with data on its way, ` +
    `after ${inWords(idleMs)} without`;
  const cure = SIGNALLING_COMMANDS.map((line) => distribution.asRoot(line));
  return [
    isQuick
      ? finding("failure-detection", "ok", what, { data })
      : finding("failure-detection", "note", `${what}; for signalling`, { cure, data }),
    finding(
      "connect-time",
      "ok",
      `an attempt that nobody answers ends after ${
        inWords(connectMs)
      }, or connectTimeout (30 s) if that is less`,
      { data: { connectMs } },
    ),
  ];
}

export function inWords(ms: number): string {
  if (ms < 120_000) return `${Number((ms / 1000).toPrecision(3))} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
