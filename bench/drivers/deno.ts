import type { Driver } from "./driver.ts";

const FLAGS = ["--no-prompt", "--cached-only", "--no-check", "--allow-ffi", "--allow-read", "--allow-env"];

export const deno: Driver = {
  name: "deno",
  about: "netsctp on Deno, from mod.ts",
  stacks: ["userspace", "kernel"],
  command: () => ["node_modules/.bin/deno", "run", ...FLAGS, "bench/ends/end.ts"],
};
