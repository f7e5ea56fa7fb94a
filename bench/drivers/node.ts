import { join } from "node:path";
import process from "node:process";
import type { Driver } from "./driver.ts";

// Only the idle trial asks for garbage collection; who does not is not changed by the flag.
const commandIn = (checkout: string) => [
  process.execPath,
  "--expose-gc",
  join(checkout, "build/bench/end.js"),
];

export const node: Driver = {
  name: "node",
  about: "netsctp on Node, from dist/",
  command: (_stack, checkout = "") => [...commandIn(checkout), "sctp"],
};

export const nodeTcp: Driver = {
  name: "node-tcp",
  about: "`node:net` on Node, over TCP",
  command: () => [...commandIn(""), "tcp"],
};
