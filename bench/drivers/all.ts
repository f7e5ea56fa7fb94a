import { c, cSockets } from "./c.ts";
import { deno } from "./deno.ts";
import type { Driver } from "./driver.ts";
import { node } from "./node.ts";

/** The first is what the others are compared with. */
export const DRIVERS: readonly Driver[] = [c, cSockets, node, deno];
export const BASELINE: Driver = c;
