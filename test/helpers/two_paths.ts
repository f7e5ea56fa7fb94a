/** A host with two paths to here: a network namespace behind two pairs of virtual interfaces, with impatient timers. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { setParameter, whyNotSettable } from "./kernel_parameters.ts";

/** Quick to give a path up, and to find out that it is back. */
const PARAMETERS = {
  rto_min: 100,
  rto_initial: 200,
  rto_max: 400,
  hb_interval: 200,
  path_max_retrans: 2,
} as const;

/** Why there can be none here, if that is so. */
export const missing = whyNotSettable(...Object.keys(PARAMETERS)) ??
  (existsSync("/usr/sbin/ip") || existsSync("/sbin/ip")
    ? undefined
    : "no network namespaces: ip of iproute2 is missing");

export interface TwoPaths {
  /** The addresses of this end, one of each path. */
  near: [string, string];
  /** The addresses of the other end, in the same order. */
  far: [string, string];
  /** A command, so that it runs at the other end. */
  there(command: string[]): string[];
  /** Cuts a path: what is sent into it is lost. */
  cut(path: 0 | 1): void;
  restore(path: 0 | 1): void;
  close(): void;
}

function ip(...args: string[]): void {
  const { status, stderr, error } = spawnSync("ip", args);
  if (status !== 0) throw error ?? new Error(`ip ${args.join(" ")}: ${stderr}`);
}

export function twoPaths(): TwoPaths {
  const host = `far${process.pid}`;
  const interfaces = [0, 1].map((path) =>
    [`near${path}-${process.pid}`, `far${path}-${process.pid}`] as const
  );
  const there = (command: string[]) => ["ip", "netns", "exec", host, ...command];
  for (const [name, value] of Object.entries(PARAMETERS)) setParameter(name, value);
  ip("netns", "add", host);
  process.once("exit", close);
  for (const [name, value] of Object.entries(PARAMETERS)) {
    ip(...there(["sysctl", "-q", "-w", `net.sctp.${name}=${value}`]).slice(1));
  }
  interfaces.forEach(([near, far], path) => {
    ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", host);
    ip("addr", "add", `10.99.${path}.1/24`, "dev", near);
    ip("link", "set", near, "up");
    ip("-n", host, "addr", "add", `10.99.${path}.2/24`, "dev", far);
    ip("-n", host, "link", "set", far, "up");
  });
  function close(): void {
    process.off("exit", close);
    spawnSync("ip", ["netns", "del", host]); // and with it both pairs
  }
  return {
    near: ["10.99.0.1", "10.99.1.1"],
    far: ["10.99.0.2", "10.99.1.2"],
    there,
    cut: (path) => ip("-n", host, "link", "set", interfaces[path]![1], "down"),
    restore: (path) => ip("-n", host, "link", "set", interfaces[path]![1], "up"),
    close,
  };
}
