import { join } from "node:path";
import type { Driver } from "./driver.ts";

// All is allowed, as /proc is not to be read with less.
const FLAGS = ["--no-prompt", "--cached-only", "--no-check", "--allow-all", "--v8-flags=--expose-gc"];
// The program itself: behind node_modules/.bin/deno it would be another one's child.
const commandIn = (checkout: string) => [
  "node_modules/deno/deno",
  "run",
  ...FLAGS,
  join(checkout, "bench/ends/end.ts"),
];

export const deno: Driver = {
  name: "deno",
  about: "netsctp on Deno, from mod.ts",
  command: (_stack, checkout = "") => [...commandIn(checkout), "sctp"],
};

export const denoTcp: Driver = {
  name: "deno-tcp",
  about: "`node:net` on Deno, over TCP",
  command: () => [...commandIn(""), "tcp"],
};
