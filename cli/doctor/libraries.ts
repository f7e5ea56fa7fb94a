/** The native libraries: which file serves each stack, and whose build it is. */
import type { Stack } from "../../mod.ts";
import type { Context } from "./context.ts";
import { type Finding, finding } from "./finding.ts";
import type { System } from "./system.ts";

const STACKS: Stack[] = ["kernel", "userspace"];
const FAULTS = ["ERR_SCTP_NO_LIBRARY", "ERR_SCTP_LIBRARY_MISMATCH"];

export function libraries(context: Context): Finding[] {
  return STACKS.flatMap((stack) => library(context, stack));
}

function library({ system, stacks }: Context, stack: Stack): Finding[] {
  const { code, reason } = stacks[stack];
  const directory = system.variable("NETSCTP_LIBRARY");
  if (code !== undefined && FAULTS.includes(code)) {
    // Either it is looked for in the wrong place, or it is not there.
    const cure = directory ? ["unset NETSCTP_LIBRARY"] : ["npm run build"];
    return [finding("library", "broken", reason, { cure, data: { stack, code, directory } })];
  }
  const path = loadedFrom(system, stack);
  if (path === undefined) return [];
  const origin = directory
    ? "by NETSCTP_LIBRARY"
    : /\/netsctp_\w+\.so$/.test(path)
    ? "built here"
    : "prebuilt";
  return [finding("library", "ok", `${stack}: ${path} (${origin})`, { data: { stack, path, origin } })];
}

/** What this process has mapped is what serves. */
function loadedFrom(system: System, stack: Stack): string | undefined {
  const maps = system.read("/proc/self/maps") ?? "";
  return new RegExp(`(/[^\\n]*netsctp_${stack}[^/\\n]*\\.so)$`, "m").exec(maps)?.[1];
}
