/** What to type on which distribution. Cures are printed, never run. */
import type { System } from "./system.ts";

export type Family = "debian" | "ubuntu" | "fedora" | "suse" | "alpine" | "arch" | "other";

export interface Distribution {
  /** "Debian GNU/Linux 12 (bookworm)" */
  name: string;
  family: Family;
  /** A command that only root may run, as this user types it. */
  asRoot(command: string): string;
  /** Installs packages. */
  install(...packages: string[]): string[];
  /** Gets the kernel's sctp module where the system has none. */
  installModule(release: string): string[];
}

const IDS: [family: Family, ids: RegExp][] = [
  ["ubuntu", /\bubuntu\b/],
  ["debian", /\bdebian\b/],
  ["fedora", /\b(fedora|rhel|centos|rocky|almalinux|ol|amzn)\b/],
  ["suse", /\b(suse|opensuse|sles)\b/],
  ["alpine", /\balpine\b/],
  ["arch", /\barch\b/],
];

const INSTALL: Record<Family, string> = {
  debian: "apt-get install -y",
  ubuntu: "apt-get install -y",
  fedora: "dnf install -y",
  suse: "zypper install -y",
  alpine: "apk add",
  arch: "pacman -S --needed",
  other: "",
};

/** Where the module is. Debian, Alpine and Arch have it in the kernel's own package, but not in those for clouds. */
const MODULE_PACKAGE: Record<Family, (release: string) => string> = {
  debian: (release) =>
    `linux-image-${/-(amd64|arm64)$/.exec(release)?.[1] ?? "$(dpkg --print-architecture)"}`,
  ubuntu: (release) => `linux-modules-extra-${release}`,
  fedora: (release) => `kernel-modules-extra-${release}`,
  suse: () => "kernel-default",
  alpine: () => "linux-lts",
  arch: () => "linux",
  other: () => "",
};

/** These come as a kernel of their own, which has to be started. */
const IS_KERNEL: Family[] = ["debian", "suse", "alpine", "arch"];

export function distributionOf(system: System): Distribution {
  const text = system.read("/etc/os-release") ?? system.read("/usr/lib/os-release") ?? "";
  const value = (name: string) => new RegExp(`^${name}=["']?(.*?)["']?$`, "m").exec(text)?.[1] ?? "";
  const ids = `${value("ID")} ${value("ID_LIKE")}`;
  const family = IDS.find(([, pattern]) => pattern.test(ids))?.[0] ?? "other";
  const elevate = system.uid === 0 ? "" : family === "alpine" ? "doas " : "sudo ";
  const asRoot = (command: string) => `${elevate}${command}`;
  const install = (...packages: string[]) =>
    family === "other"
      ? [`# install: ${packages.join(" ")}`]
      : [asRoot(`${INSTALL[family]} ${packages.join(" ")}`)];
  return {
    name: value("PRETTY_NAME") || value("NAME") || "Linux",
    family,
    asRoot,
    install,
    installModule: (release) =>
      family === "other"
        ? ["# install the package with your kernel's extra modules, or a kernel with CONFIG_IP_SCTP=m"]
        : [
          ...install(MODULE_PACKAGE[family](release)),
          ...(IS_KERNEL.includes(family) ? [asRoot("reboot")] : []),
          asRoot("modprobe sctp"),
        ],
  };
}
