/** Options by their names: from objects of users to rows of the shim, as the table (options.gen.ts) has them. */
import { FORMER_NAMES, ZERO_IS_NONE } from "../lksctp_names.ts";
import { OPTIONS } from "./options.gen.ts";
import { type NumberedOption, OPTION } from "../shim/records.ts";
import { optionalBoolean, optionalInteger, optionalObject, unknownName } from "../validate.ts";

/** Options as given: every value may be anything. */
export type Loose = Record<string, unknown>;

/** The name of an option in the table. */
type OptionName = keyof typeof OPTIONS;

/** The rows of a value, whose name is `path`. */
type Planner = (value: unknown, path: string) => NumberedOption[];

/** Names of one level of options: an option each, the level below, or a form of its own. */
export interface Names {
  [name: string]: OptionName | Names | Planner;
}

/** Options that are not in every call, or that the code which plans the call plans. */
const OWN_FORM: ReadonlySet<string> = new Set<OptionName>([
  "AUTHENTICATION",
  "AUTH_ACTIVE_KEY",
  "DYNAMIC_ADDRESSES",
  "NO_DELAY",
  "HEARTBEAT",
  "HEARTBEAT_INTERVAL",
  "LOCAL_UDP_PORT",
  "PATH_MTU",
  "PROBE_INTERVAL",
  "REMOTE_UDP_PORT",
]);

/** What options are of that are given for an association: of it, or of all its paths. */
const OF_ASSOCIATIONS: readonly string[] = ["association", "path"];

/** The options that are plain values, by the paths of the table, and others by their own forms. */
export function namesOf(ownForms: Names, scopes = OF_ASSOCIATIONS): Names {
  const all: Names = {};
  for (const [option, { path, kind, when, scope }] of Object.entries(OPTIONS)) {
    const isGiven = path !== "" && scopes.includes(scope) && ["before", "live"].includes(when);
    if (!isGiven || !(kind in READERS) || OWN_FORM.has(option)) continue;
    const levels = path.split(".");
    const name = levels.pop()!;
    let names = all;
    for (const level of levels) names = (names[level] ??= {}) as Names;
    names[name] = option as OptionName;
  }
  return merged(all, ownForms);
}

function merged(names: Names, others: Names): Names {
  const all: Names = { ...names };
  for (const [name, other] of Object.entries(others)) {
    const isLevel = typeof other === "object" && typeof all[name] === "object";
    all[name] = isLevel ? merged(all[name] as Names, other as Names) : other;
  }
  return all;
}

type Reader = (value: unknown, path: string, least: number, most: number) => number | undefined;

/** How a value of each kind is checked and made a number. */
const READERS: Readonly<Record<string, Reader>> = {
  number: optionalInteger,
  word: optionalInteger,
  switch: (value, path) => {
    const given = optionalBoolean(value, path);
    return given === undefined ? undefined : Number(given);
  },
};

const BY_NUMBER = new Map(
  Object.entries(OPTIONS).map(([name, row]) => [OPTION[name as OptionName] as number, row]),
);

/** What the table says of an option, by its number. */
export function tableRow(option: number): (typeof OPTIONS)[OptionName] {
  return BY_NUMBER.get(option)!;
}

/** The row of an option, if it was given. */
export function rowOf(option: OptionName, value: unknown, path: string): NumberedOption[] {
  const { kind, least, most } = OPTIONS[option];
  const isZeroNone = ZERO_IS_NONE.has(option);
  const given = READERS[kind]!(value, path, isZeroNone ? 0 : least, most);
  return given === undefined || (isZeroNone && given === 0) ? [] : [[OPTION[option], given]];
}

/**
 * The rows of one level of options.
 *
 * @param isOpen whether there are other names there, which are none of these
 */
export function planNames(value: unknown, names: Names, path: string, isOpen = false): NumberedOption[] {
  const given = optionalObject(value, path);
  if (given === undefined) return [];
  if (!isOpen) refuseUnknown(given, Object.keys(names), path);
  const rows: NumberedOption[] = [];
  for (const name of Object.keys(names)) { // in the order of the table
    const value = given[name];
    if (value !== undefined) rows.push(...planName(value, names[name]!, `${path}.${name}`));
  }
  return rows;
}

function planName(value: unknown, below: Names[string], path: string): NumberedOption[] {
  if (typeof below === "string") return rowOf(below, value, path);
  if (typeof below === "function") return below(value, path);
  return planNames(value, below, path);
}

/** Throws for a name that is none of those known. */
export function refuseUnknown(given: Loose, known: string[], path: string): void {
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw unknownName(path, name, FORMER_NAMES.get(`${path}.${name}`) ?? known);
  }
}
