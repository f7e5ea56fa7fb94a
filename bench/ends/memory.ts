/** Memory of this process and of its kernel, for idle associations. */
import { readFileSync } from "node:fs";
import process from "node:process";
import type { Memory } from "./window.ts";

interface Now {
  heap: number;
  native: number;
  kernel: number;
}

/** After garbage collection: the runtimes are started so that it can be asked for. */
export async function memoryNow(): Promise<Now> {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) throw new Error("started without --expose-gc");
  for (let i = 0; i < 3; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 50)); // what is finalized later
  }
  const { heapUsed, heapTotal, rss } = process.memoryUsage();
  return { heap: heapUsed, native: rss - heapTotal, kernel: slab() };
}

function slab(): number {
  const [, kilobytes] = readFileSync("/proc/meminfo", "utf8").match(/^Slab: *(\d+)/m) ?? [];
  return Number(kilobytes ?? 0) * 1024;
}

export function memoryEach(before: Now, after: Now, associations: number): Memory {
  return {
    heap: (after.heap - before.heap) / associations,
    resident: (after.native - before.native) / associations,
    kernel: (after.kernel - before.kernel) / associations,
  };
}
