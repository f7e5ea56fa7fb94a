/** Whether the kernel has SCTP, and if not, which of the many reasons it is. */
import type { Context } from "./context.ts";
import { containerOf, isAtLeast, releaseOf } from "./environment.ts";
import { type Finding, finding } from "./finding.ts";
import type { System } from "./system.ts";

export function kernel(context: Context): Finding[] {
  const { kernel: state } = context.stacks;
  if (state.usable) return [finding("kernel-sctp", "ok", "sockets can be opened"), ...udp(context)];
  // Not the kernel's fault: told of elsewhere.
  if (state.code !== undefined && state.code !== "ERR_SCTP_UNAVAILABLE") return [];
  const { id, what, cure, data } = causeOf(context);
  // Where the userspace stack may serve, and does, nothing is broken.
  const serves = context.wanted !== "kernel" && context.stacks.userspace.usable;
  const level = serves ? "note" : "broken";
  return [finding(id, level, what, { data, ...(cure.length > 0 ? { cure } : {}) })];
}

interface Cause {
  id: "kernel-forbidden" | "kernel-blacklisted" | "kernel-not-loaded" | "kernel-no-module";
  what: string;
  cure: string[];
  data: Record<string, unknown>;
}

function causeOf({ system, distribution, stacks }: Context): Cause {
  const release = releaseOf(system) ?? "$(uname -r)";
  const module = moduleState(system, release);
  const data = { release, ...module, reason: stacks.kernel.reason };
  const onHost = containerOf(system) ? ["# on the host, whose distribution may be another:"] : [];
  if (module.loaded || /may not open/.test(stacks.kernel.reason)) {
    const what =
      "the kernel has SCTP, but this process may open no socket of it: seccomp, SELinux or a policy";
    return { id: "kernel-forbidden", what, cure: forbiddenCure(system), data };
  }
  if (module.blacklistedBy.length > 0) {
    const files = module.blacklistedBy.join(" ");
    return {
      id: "kernel-blacklisted",
      what: `the module is there, but ${files} keeps it from being loaded`,
      cure: [
        ...onHost,
        distribution.asRoot(`sed -i -E 's/^ *(blacklist|install) +sctp/#&/' ${files}`),
        distribution.asRoot("modprobe sctp"),
      ],
      data,
    };
  }
  if (module.available) {
    return {
      id: "kernel-not-loaded",
      what: "the module is there, but not loaded",
      cure: [
        ...onHost,
        distribution.asRoot("modprobe sctp"),
        `echo sctp | ${distribution.asRoot("tee /etc/modules-load.d/sctp.conf")}`,
      ],
      data,
    };
  }
  if (!module.isVisible) {
    return {
      id: "kernel-not-loaded",
      what: "not loaded; whether the module is there cannot be seen",
      cure: [...onHost, distribution.asRoot("modprobe sctp")],
      data,
    };
  }
  const built = module.config === "n" ? ", which was built without SCTP" : "";
  return {
    id: "kernel-no-module",
    what: `no sctp module for kernel ${release}${built}`,
    cure: [...onHost, ...distribution.installModule(release)],
    data,
  };
}

function forbiddenCure(system: System): string[] {
  const container = containerOf(system);
  if (container === "Docker" || container === "Podman") {
    return [`${container.toLowerCase()} run --security-opt seccomp=unconfined ...`];
  }
  return system.read("/sys/fs/selinux/enforce") === "1" ? ["sudo ausearch -m avc -ts recent"] : [];
}

interface ModuleState {
  /** The rest can be told from files, which may be read. */
  isVisible: boolean;
  loaded: boolean;
  /** A file of it is there. */
  available: boolean;
  blacklistedBy: string[];
  /** CONFIG_IP_SCTP; undefined where the configuration is not to be seen. */
  config: "y" | "m" | "n" | undefined;
}

function moduleState(system: System, release: string): ModuleState {
  const folders = [`/lib/modules/${release}`, `/usr/lib/modules/${release}`];
  const has = (file: string) =>
    folders.some((folder) => /\/sctp\.ko(\.\w+)?(:|$)/m.test(system.read(`${folder}/${file}`) ?? ""));
  return {
    isVisible: system.read("/proc/version") !== undefined,
    loaded: system.list("/sys/module/sctp").length > 0 || /^sctp /m.test(system.read("/proc/modules") ?? ""),
    available: has("modules.dep") || has("modules.builtin"),
    blacklistedBy: blacklists(system),
    config: configOf(system, release),
  };
}

function configOf(system: System, release: string): ModuleState["config"] {
  const text = system.readPacked("/proc/config.gz") ?? system.read(`/boot/config-${release}`) ??
    system.read(`/lib/modules/${release}/config`);
  if (text === undefined) return undefined;
  return (/^CONFIG_IP_SCTP=([ym])$/m.exec(text)?.[1] ?? "n") as "y" | "m" | "n";
}

const MODPROBE_FOLDERS = ["/etc/modprobe.d", "/run/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d"];

function blacklists(system: System): string[] {
  const forbids = /^\s*(blacklist\s+sctp|install\s+sctp\s+\S*\/(true|false))\s*$/m;
  return MODPROBE_FOLDERS.flatMap((folder) =>
    system.list(folder)
      .filter((name) => name.endsWith(".conf"))
      .map((name) => `${folder}/${name}`)
      .filter((path) => forbids.test(system.read(path) ?? ""))
  );
}

/** SCTP over UDP (RFC 6951), which the kernel has since 5.11. */
function udp({ system, distribution }: Context): Finding[] {
  const port = system.read("/proc/sys/net/sctp/udp_port");
  const release = releaseOf(system);
  if (port === undefined) {
    return release === undefined || isAtLeast(release, [5, 11])
      ? []
      : [finding("kernel-udp", "note", `kernel ${release} has no SCTP over UDP: that came with 5.11`)];
  }
  const data = { udpPort: Number(port), encapPort: Number(system.read("/proc/sys/net/sctp/encap_port")) };
  if (port !== "0") return [finding("kernel-udp", "ok", `SCTP over UDP is taken on port ${port}`, { data })];
  const what = "SCTP over UDP is off: peers on the userspace stack cannot reach this one";
  return [
    finding("kernel-udp", "note", what, {
      cure: [distribution.asRoot("sysctl -w net.sctp.udp_port=9899")],
      data,
    }),
  ];
}
