import process from "node:process";
import type { Driver } from "./driver.ts";

// Only the idle trial asks for garbage collection; who does not is not changed by the flag.
const COMMAND = [process.execPath, "--expose-gc", "build/bench/end.js"];

export const node: Driver = {
  name: "node",
  about: "netsctp on Node, from dist/",
  command: () => [...COMMAND, "sctp"],
};

export const nodeTcp: Driver = {
  name: "node-tcp",
  about: "`node:net` on Node, over TCP",
  command: () => [...COMMAND, "tcp"],
};
