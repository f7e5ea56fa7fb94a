/** Parameters of the kernel's SCTP, of the network namespace that this process is in; put back afterwards. */
import { accessSync, constants, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

const FOLDER = "/proc/sys/net/sctp";

/** Why one of the parameters cannot be set here, if that is so. */
export function whyNotSettable(...names: string[]): string | undefined {
  for (const name of names) {
    try {
      accessSync(`${FOLDER}/${name}`, constants.W_OK);
    } catch {
      return `net.sctp.${name} cannot be set: that needs root and a kernel that has it`;
    }
  }
}

const before = new Map<string, string>();

/** Sets a parameter until the test's process ends. */
export function setParameter(name: string, value: number): void {
  const path = `${FOLDER}/${name}`;
  if (before.size === 0) process.once("exit", putBack);
  if (!before.has(path)) before.set(path, readFileSync(path, "utf8"));
  writeFileSync(path, String(value));
}

/** The last one first: some of them bound each other. */
function putBack(): void {
  for (const [path, value] of [...before].reverse()) writeFileSync(path, value);
}
