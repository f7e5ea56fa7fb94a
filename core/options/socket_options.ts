/** Options of a socket: from their public names to rows of the shim, as the table (options.gen.ts) has them. */
import { ALSO_AT_TOP, FORMER_NAMES, ZERO_IS_NONE } from "../lksctp_names.ts";
import { OPTIONS } from "./options.gen.ts";
import { type NumberedOption, OPTION } from "../shim/records.ts";
import { optionalInteger, optionalObject, unknownName } from "../validate.ts";

/** Options as given: every value may be anything. */
export type Loose = Record<string, unknown>;

/** The name of an option in the table. */
type OptionName = keyof typeof OPTIONS;

/** Names of one level of options: an option each, or the level below. */
interface Names {
  [name: string]: OptionName | Names;
}

/** Options that are no plain numbers to users, or not in every call: the code that plans the call plans them. */
const OWN_FORM: ReadonlySet<string> = new Set<OptionName>([
  "NO_DELAY",
  "HEARTBEAT",
  "HEARTBEAT_INTERVAL",
  "LOCAL_UDP_PORT",
  "REMOTE_UDP_PORT",
]);

/** The numbers among the options of an association, by the paths of the table. */
const NUMBERS: Names = {};
for (const [option, { path, kind, when, scope }] of Object.entries(OPTIONS)) {
  const isGiven = path !== "" && scope === "association" && ["before", "live"].includes(when);
  if (!isGiven || kind !== "number" || OWN_FORM.has(option)) continue;
  const levels = path.split(".");
  const name = levels.pop()!;
  let names = NUMBERS;
  for (const level of levels) names = (names[level] ??= {}) as Names;
  names[name] = option as OptionName;
}

/** The row of an option, if it was given. */
export function rowOf(option: OptionName, value: unknown, path: string): NumberedOption[] {
  const { least, most } = OPTIONS[option];
  const isZeroNone = ZERO_IS_NONE.has(option);
  const given = optionalInteger(value, path, isZeroNone ? 0 : least, most);
  return given === undefined || (isZeroNone && given === 0) ? [] : [[OPTION[option], given]];
}

/** The rows of all that are numbers. Of names that are none of them, only those within `sctp` throw. */
export function planNumbers(options: Loose): NumberedOption[] {
  const planned = rowsOf(options, NUMBERS, "options");
  const sctp = options.sctp as Loose | null | undefined;
  const atTop = ALSO_AT_TOP.filter((name) => (sctp?.[name] ?? undefined) === undefined);
  const names = Object.fromEntries(atTop.map((name) => [name, (NUMBERS.sctp as Names)[name]!]));
  return [...planned, ...rowsOf(options, names, "options")];
}

function rowsOf(given: Loose, names: Names, path: string): NumberedOption[] {
  return Object.entries(names).flatMap(([name, below]) => {
    const inPath = `${path}.${name}`;
    if (typeof below === "string") return rowOf(below, given[name], inPath);
    const inner = optionalObject(given[name], inPath);
    if (inner === undefined) return [];
    refuseUnknown(inner, Object.keys(below), inPath);
    return rowsOf(inner, below, inPath);
  });
}

function refuseUnknown(given: Loose, known: string[], path: string): void {
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw unknownName(path, name, FORMER_NAMES.get(`${path}.${name}`) ?? known);
  }
}
