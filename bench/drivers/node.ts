import process from "node:process";
import type { Driver } from "./driver.ts";

export const node: Driver = {
  name: "node",
  about: "netsctp on Node, from dist/",
  stacks: ["userspace", "kernel"],
  command: () => [process.execPath, "build/bench/end.js"],
};
