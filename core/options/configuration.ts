/** The options of `sctp` as the stack has them: rows of the table, made the object that users gave. */
import { OPTIONS } from "./options.gen.ts";
import { OPTION } from "../shim/records.ts";
import type { SctpOptions } from "./sctp_options.ts";
import { tableRow } from "./socket_options.ts";

/** Where an option that has its name elsewhere, too, is in `sctp`. */
const IN_SCTP: Readonly<Record<number, string>> = {
  [OPTION.OUTBOUND_STREAMS]: "streams.outbound",
  [OPTION.INBOUND_STREAMS]: "streams.inbound",
};

function placeOf(option: number): string | undefined {
  const { path, kind, when, scope } = tableRow(option);
  if (!["number", "switch", "word"].includes(kind) || !["before", "live"].includes(when)) return undefined;
  if (scope !== "association" && scope !== "path") return undefined;
  if (path === "sctp.auth" || path.startsWith("sctp.auth.")) return undefined; // secrets, and what is about them
  return IN_SCTP[option] ?? (path.startsWith("sctp.") ? path.slice("sctp.".length) : undefined);
}

/** The numbers of the options that make up a configuration. */
export const CONFIGURATION: readonly number[] = Object.keys(OPTIONS)
  .map((name) => OPTION[name as keyof typeof OPTIONS] as number)
  .filter((option) => placeOf(option) !== undefined || option === OPTION.HEARTBEAT);

type Level = { [name: string]: number | boolean | undefined | Level };

/** The options by their names. Undefined is what the stack does not have, or leaves to itself. */
export function configurationOf(values: ReadonlyMap<number, number>): SctpOptions {
  const whole: Level = {};
  for (const option of CONFIGURATION) {
    const place = placeOf(option);
    if (place === undefined || option === OPTION.PATH_MTU || option === OPTION.PROBE_INTERVAL) continue;
    const levels = place.split(".");
    const name = levels.pop()!;
    let level = whole;
    for (const one of levels) level = (level[one] ??= {}) as Level;
    level[name] = valueOf(option, values.get(option));
  }
  const probeInterval = values.get(OPTION.PROBE_INTERVAL);
  whole.pathMtu = probeInterval ? { probeInterval } : values.get(OPTION.PATH_MTU) || undefined;
  if (values.get(OPTION.HEARTBEAT) === 0) whole.heartbeat = false;
  return whole as SctpOptions;
}

function valueOf(option: number, value: number | undefined): number | boolean | undefined {
  const { kind } = tableRow(option);
  if (value === undefined || kind === "number") return value;
  return kind === "switch" ? value !== 0 : value >>> 0;
}
