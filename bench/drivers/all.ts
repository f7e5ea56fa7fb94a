import { c, cMmsg, cSockets } from "./c.ts";
import { deno, denoTcp } from "./deno.ts";
import type { Driver } from "./driver.ts";
import { node, nodeTcp } from "./node.ts";

export const DRIVERS: readonly Driver[] = [c, cSockets, cMmsg, node, deno, nodeTcp, denoTcp];

export function driverNamed(name: string): Driver {
  return DRIVERS.find((driver) => driver.name === name)!;
}

/** Ours are judged, the others are what they are compared with. */
export const isOurs = (name: string): boolean => name === node.name || name === deno.name;
