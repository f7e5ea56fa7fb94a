/** The garbage collector, when a test says so. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { runtime } from "./capabilities.ts";

declare const Bun: { gc(isSync: boolean): void };

function collector(): () => void {
  if (runtime === "bun") return () => Bun.gc(true);
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc");
}

/** Collects all that nothing refers to. */
export const collect = collector();
