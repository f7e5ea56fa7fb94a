/** What Deno was not allowed, and so could not be looked at. Comes last. */
import type { Context } from "./context.ts";
import { type Finding, finding } from "./finding.ts";

export function permissions({ system, stacks }: Context): Finding[] {
  const found: Finding[] = [];
  if (stacks.kernel.code === "ERR_SCTP_PERMISSION") {
    found.push(finding("permissions", "broken", "Deno may not load the native library", {
      cure: ["deno run --allow-ffi ..."],
      data: { refused: ["--allow-ffi"] },
    }));
  }
  const refused = [...system.refused].sort();
  if (refused.length === 0) return found;
  const what = `Deno refused some of what was to be looked at (${
    refused.join(" ")
  }): this report is not complete`;
  // Whatever was refused: files below /proc and /sys want all of them.
  found.push(finding("permissions", "note", what, { cure: ["deno run --allow-all ..."], data: { refused } }));
  return found;
}
