import { c, cMmsg, cSockets } from "./c.ts";
import { deno, denoTcp } from "./deno.ts";
import type { Driver } from "./driver.ts";
import { node, nodeTcp } from "./node.ts";

export const DRIVERS: readonly Driver[] = [c, cSockets, cMmsg, node, deno, nodeTcp, denoTcp];

export function driverNamed(name: string, before?: string): Driver {
  const driver = DRIVERS.find((driver) => driver.name === name.replace(BEFORE, ""))!;
  if (!name.endsWith(BEFORE)) return driver;
  return { ...driver, name, command: (stack) => driver.command(stack, before) };
}

const BEFORE = ", before";

/** The name of the same driver over another checkout. */
export const beforeOf = (name: string): string => name + BEFORE;

/** Ours are judged, the others are what they are compared with. */
export const isOurs = (name: string): boolean => name === node.name || name === deno.name;
