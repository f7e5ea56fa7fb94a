/** Where this runs. */
import type { Context } from "./context.ts";
import { type Finding, finding } from "./finding.ts";
import type { System } from "./system.ts";

const LEAST_NODE = [20, 12];
const LEAST_DENO = [2, 0];

export async function environment(context: Context): Promise<Finding[]> {
  const { system, distribution } = context;
  const kernel = releaseOf(system) ?? "of unknown version";
  const libc = await libcOf(system);
  const data = {
    distribution: distribution.name,
    family: distribution.family,
    kernel,
    arch: system.arch,
    libc,
  };
  return [
    finding("system", "ok", `${distribution.name}, kernel ${kernel}, ${system.arch}${libc && `, ${libc}`}`, {
      data,
    }),
    runtime(system),
    ...sandbox(system),
    ...networkNamespace(system),
  ];
}

/** The kernel's release; what uname says is the same, but asks Deno for another permission. */
export function releaseOf(system: System): string | undefined {
  return system.read("/proc/sys/kernel/osrelease") ?? system.release;
}

/** "glibc 2.36" or "musl", "" where it cannot be told. */
async function libcOf(system: System): Promise<string> {
  const maps = system.read("/proc/self/maps") ?? "";
  if (/\/ld-musl-[^/]*\.so/.test(maps)) return "musl";
  const version = await system.run("getconf", "GNU_LIBC_VERSION");
  return version?.code === 0 ? version.stdout.trim() : "";
}

function runtime({ runtime: { name, version }, uid }: System): Finding {
  const least = name === "Node" ? LEAST_NODE : name === "Deno" ? LEAST_DENO : [0, 0];
  const as = uid === undefined ? "" : uid === 0 ? ", as root" : ", without privilege";
  const data = { name, version, root: uid === undefined ? undefined : uid === 0 };
  if (isAtLeast(version, least)) return finding("runtime", "ok", `${name} ${version}${as}`, { data });
  return finding(
    "runtime",
    "broken",
    `${name} ${version} is older than ${least.join(".")}, which is needed`,
    {
      data,
      cure: name === "Deno" ? ["deno upgrade"] : ["npx --yes node@lts --version"],
    },
  );
}

export function isAtLeast(version: string, [major, minor]: number[]): boolean {
  const [a = 0, b = 0] = version.split(/[.-]/).map(Number);
  return a > major! || (a === major && b >= minor!);
}

const KERNELS: [pattern: RegExp, name: string][] = [
  [/linuxkit/, "Docker Desktop: its kernel has SCTP only if that was compiled in"],
  [/microsoft/i, "WSL: its kernel has no SCTP module, unless you build one"],
  [/gvisor/i, "gVisor: it has no SCTP, whatever the host has"],
  [/-talos$/, "Talos: the module comes with the machine's configuration"],
];

/** A kernel that is not the user's to change. */
function sandbox(system: System): Finding[] {
  const version = system.read("/proc/version") ?? "";
  const special = KERNELS.find(([pattern]) => pattern.test(`${version} ${releaseOf(system)}`));
  const container = containerOf(system);
  const found: Finding[] = [];
  if (special) found.push(finding("sandbox", "note", special[1], { data: { kernel: special[0].source } }));
  if (container) {
    const what = `in a container (${container}): the kernel is the host's, its modules are loaded there`;
    found.push(finding("sandbox", "note", what, { data: { container } }));
  }
  return found;
}

/** What kind of container this is in, if it is. */
export function containerOf(system: System): string | undefined {
  if (system.variable("KUBERNETES_SERVICE_HOST")) return "Kubernetes";
  if (system.read("/.dockerenv") !== undefined) return "Docker";
  if (system.read("/run/.containerenv") !== undefined) return "Podman";
  const named = system.read("/run/systemd/container") ?? system.variable("container");
  if (named) return named;
  const groups = system.read("/proc/1/cgroup") ?? "";
  return /\b(docker|kubepods|containerd|lxc|libpod)\b/.exec(groups)?.[1];
}

/** Parameters and addresses are those of the namespace. */
function networkNamespace(system: System): Finding[] {
  const own = system.link("/proc/self/ns/net");
  const first = system.link("/proc/1/ns/net");
  if (!own || !first || own === first) return [];
  const what = "a network namespace of its own: net.sctp.* and the addresses are those of the namespace";
  return [finding("network-namespace", "note", what, { data: { own, first } })];
}
