/** The native libraries: which file serves each stack, and whose build it is. */
import type { Stack } from "../../mod.ts";
import type { Context } from "./context.ts";
import { type Finding, finding } from "./finding.ts";
import type { System } from "./system.ts";

const STACKS: Stack[] = ["kernel", "userspace"];
/** Not the library's: there is no such stack here, or Deno may load nothing. */
const OTHER_FAULTS = ["ERR_SCTP_UNAVAILABLE", "ERR_SCTP_PERMISSION"];

export function libraries(context: Context): Finding[] {
  return STACKS.flatMap((stack) => library(context, stack));
}

function library({ system, stacks }: Context, stack: Stack): Finding[] {
  const { code, reason } = stacks[stack];
  const directory = system.variable("NETSCTP_LIBRARY");
  if (code !== undefined && !OTHER_FAULTS.includes(code)) {
    // Either it is looked for in the wrong place, or it is not there.
    const build = /\b(make -C [^)]+|npm run build)\)/.exec(reason)?.[1];
    const cure = directory ? ["unset NETSCTP_LIBRARY"] : build ? [build] : [];
    return [finding("library", "broken", reason, { cure, data: { stack, code, directory } })];
  }
  const path = loadedFrom(system, stack);
  if (path === undefined) return [];
  const origin = directory ? "by NETSCTP_LIBRARY" : originOf(path);
  return [finding("library", "ok", `${stack}: ${path} (${origin})`, { data: { stack, path, origin } })];
}

function originOf(path: string): string {
  if (/\/netsctp_[a-z]+\.so$/.test(path)) return "built here";
  return path.includes("/prebuilt/") ? "prebuilt, of the package" : "prebuilt, fetched";
}

/** What this process has mapped is what serves. */
function loadedFrom(system: System, stack: Stack): string | undefined {
  const maps = system.read("/proc/self/maps") ?? "";
  return new RegExp(`(/[^\\n]*netsctp_${stack}[^/\\n]*\\.so)$`, "m").exec(maps)?.[1];
}
