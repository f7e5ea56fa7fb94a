/** Options of a socket: from their public names to rows of the shim, as the table (options.gen.ts) has them. */
import { OPTIONS } from "./options.gen.ts";
import type { NumberedOption } from "../shim/records.ts";
import { optionalInteger, optionalObject, unknownName } from "../validate.ts";

/** The name of an option in the table. */
export type OptionName = keyof typeof OPTIONS;

/** Names of one level of `sctp`: an option each, or the level below. */
interface Names {
  [name: string]: OptionName | Names;
}

/** Of these 0 is none: it leaves the stack's own, as in node-lksctp. */
const ZERO_IS_NONE: ReadonlySet<OptionName> = new Set<OptionName>(["SACK_DELAY", "SACK_FREQUENCY"]);
// node-lksctp's first versions had these.
const FORMER_NAMES = new Map([["sack_delay", "sack.delay"], ["sack_freq", "sack.freq"]]);

/** What stands in `sctp`, by the paths of the table. */
const SCTP: Names = {};
for (const option of Object.keys(OPTIONS) as OptionName[]) {
  const [first, ...path] = OPTIONS[option].path.split(".");
  const name = path.pop();
  if (first !== "sctp" || name === undefined) continue;
  let names = SCTP;
  for (const level of path) names = (names[level] ??= {}) as Names;
  names[name] = option;
}

/** The row of an option, if it was given. */
export function rowOf(option: OptionName, value: unknown, path: string): NumberedOption[] {
  const { number, least, most } = OPTIONS[option];
  const isZeroNone = ZERO_IS_NONE.has(option);
  const given = optionalInteger(value, path, isZeroNone ? 0 : least, most);
  return given === undefined || (isZeroNone && given === 0) ? [] : [[number, given]];
}

/** The rows of what stands in `sctp`, and in `sack` beside it, where newer versions of node-lksctp have that. */
export function planSctp(options: Record<string, unknown>): NumberedOption[] {
  if ((options.sctp ?? options.sack ?? undefined) === undefined) return [];
  const sctp = optionalObject(options.sctp, "options.sctp") ?? {};
  const planned = rowsOf(sctp, SCTP, "options.sctp");
  if ((sctp.sack ?? undefined) === undefined) {
    const sack = optionalObject(options.sack, "options.sack") ?? {};
    planned.push(...rowsOf(sack, SCTP.sack as Names, "options.sack"));
  }
  return planned;
}

function rowsOf(given: Record<string, unknown>, names: Names, path: string): NumberedOption[] {
  const known = Object.keys(names);
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    throw unknownName(path, name, names === SCTP ? FORMER_NAMES.get(name) ?? known : known);
  }
  return known.flatMap((name) => {
    const below = names[name]!;
    if (typeof below === "string") return rowOf(below, given[name], `${path}.${name}`);
    const inner = optionalObject(given[name], `${path}.${name}`);
    return inner ? rowsOf(inner, below, `${path}.${name}`) : [];
  });
}
