/** Hosts with links between them: network namespaces beside this process's own, which is one that nobody else has
 * (the runner starts the files of test/hosts so). */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { type Program, start } from "./programs.ts";

const ENVIRONMENT = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` };

/** Runs a command to its end, and returns what it printed. */
function run(command: string[], input = ""): string {
  const [file, ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(file!, args, {
    input,
    encoding: "utf8",
    env: { ...process.env, ...ENVIRONMENT },
  });
  if (status !== 0) throw error ?? new Error(`${command.join(" ")}: ${stderr}`);
  return stdout;
}

export class Host {
  readonly #holder: Program | undefined;
  readonly name: string;
  /** Its ends of links. */
  readonly interfaces: string[] = [];

  /** @param holder a process in its namespace, which keeps that; none for this process's own */
  constructor(name: string, holder?: Program) {
    this.name = name;
    this.#holder = holder;
    // No address of a link waits until it is known to be nobody else's, during which it cannot be used.
    this.sysctl("net.ipv6.conf.default.accept_dad", 0);
    // Behind the rules of `cut()`, which are the first otherwise.
    const rules = ["rule add priority 10 lookup local", "rule del priority 0"];
    this.ipBatch(["link set lo up", ...rules]);
    this.ipBatch(rules, "-6");
  }

  /** A command, so that it runs on this host. */
  command(command: string[]): string[] {
    return this.#holder ? ["nsenter", `--net=/proc/${this.#holder.pid}/ns/net`, "--", ...command] : command;
  }

  run(...command: string[]): string {
    return run(this.command(command));
  }

  /** Many commands of `ip` by one program: in the guest it takes longer to start one than to do what each says. */
  ipBatch(commands: string[], ...options: string[]): void {
    run(this.command(["ip", ...options, "-batch", "-"]), commands.join("\n"));
  }

  /** What `ip` has for moving an interface to this host. */
  get namespace(): string {
    return String(this.#holder?.pid ?? process.pid);
  }

  ip(...args: string[]): string {
    return this.run("ip", ...args);
  }

  sysctl(name: string, value: number): void {
    this.run("sysctl", "-q", "-w", `${name}=${value}`);
  }

  /** An interface that leads nowhere, like Docker's. */
  addBridge(name: string, address: string): void {
    this.ip("link", "add", "name", name, "type", "bridge");
    this.ip("addr", "add", address, "dev", name);
    this.ip("link", "set", name, "up");
  }

  /** Has what it forwards to an interface leave from that interface's address. */
  masquerade(name: string): void {
    this.sysctl("net.ipv4.ip_forward", 1);
    const rules = "add table ip nat; add chain ip nat out { type nat hook postrouting priority srcnat; }; " +
      `add rule ip nat out oifname ${name} masquerade`;
    // The guest's nf_tables has no rules for IP.
    if (this.#try("nft", rules)) return;
    this.run("iptables-legacy", "-t", "nat", "-A", "POSTROUTING", "-o", name, "-j", "MASQUERADE");
  }

  /** Watches for packets that a filter of tcpdump's lets through. Returns what tells them, one in a line. */
  async watch(name: string, filter: string, ...flags: string[]): Promise<() => Promise<string>> {
    const command = ["tcpdump", "-n", "-l", "-t", "--immediate-mode", ...flags, "-i", name, filter];
    const dump = start(this.command(command));
    await dump.says(/listening on/);
    return async () => {
      dump.kill("SIGINT");
      await dump.ended;
      return dump.stdout.toString().trim();
    };
  }

  #try(...command: string[]): boolean {
    try {
      this.run(...command);
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    // The kernel takes its time to clear a namespace away; a name of the other end may be wanted again at once. It may
    // have gone with the other host, too.
    for (const name of this.interfaces) this.#try("ip", "link", "del", name);
    await this.#holder?.stop();
  }
}

/** The host that this process is on. */
export const here = new Host("here");

/** Runs a body with hosts beside this one, which end with it. */
export async function withHosts<T>(names: string[], body: (...hosts: Host[]) => Promise<T>): Promise<T> {
  const hosts = await Promise.all(names.map(addHost));
  try {
    return await body(...hosts);
  } finally {
    for (const host of hosts) await host.close();
  }
}

export async function addHost(name: string): Promise<Host> {
  const holder = start(["unshare", "--net", "sh", "-c", "echo ready && exec cat"]);
  await holder.says(/ready/);
  return new Host(name, holder);
}

/** Both go on beside what this process does: it may be one of those that talk over the link. */
export interface Link {
  /** Lets nothing through any more. Nobody is told, as when a switch between fails. */
  cut(): Promise<void>;
  restore(): Promise<void>;
}

/** One end of a link: its host, the interface's name, its addresses with their prefix lengths. */
export type End = [host: Host, name: string, ...addresses: string[]];

/** A cable between two hosts. */
export function addLink(...ends: [End, End]): Link {
  const [[a, nameA], [b, nameB]] = ends;
  const up = ([, name, ...addresses]: End) => [
    ...addresses.map((address) => `addr add ${address} dev ${name}`),
    `link set ${name} up`,
  ];
  a.ipBatch([`link add name ${nameA} type veth peer name ${nameB} netns ${b.namespace}`, ...up(ends[0])]);
  b.interfaces.push(nameB); // with one end goes the other
  b.ipBatch(up(ends[1]));
  for (const end of ends) settled(end);
  /** With `ip rule`, as filters differ between kernels: what comes in by the interface goes nowhere. */
  const rules = async (action: "add" | "del") => {
    const changes = ends.map(([host, name]) => {
      const rule = `rule ${action} priority 1 iif ${name} blackhole`;
      return start(host.command(["sh", "-ec", `ip -4 ${rule}; ip -6 ${rule}`]), ENVIRONMENT).succeeds();
    });
    await Promise.all(changes);
  };
  return { cut: () => rules("add"), restore: () => rules("del") };
}

/** Waits for the kernel's worker that makes IPv6 addresses usable, once the interface is up: nothing tells of its end. */
function settled([host, name, ...addresses]: End): void {
  if (!addresses.some((address) => address.includes(":"))) return;
  while (host.ip("-6", "addr", "show", "dev", name, "tentative") !== "");
}

/** The link-local address of an interface, with the interface's name. */
export function linkLocalOf(host: Host, name: string): string {
  for (;;) {
    const found = /inet6 (fe80:[0-9a-f:]+)(?!.*tentative)/.exec(host.ip("-6", "addr", "show", "dev", name));
    if (found) return `${found[1]}%${name}`; // the kernel gives it in its own time
  }
}
