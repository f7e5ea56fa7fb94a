/** What a stack may have or lack: options, by their rows, and what is no option. c/sctp_options.def lists all of it. */
import { invalidArgValue, unsupported, type UnsupportedError } from "../errors.ts";
import { type Feature, FEATURES, OPTIONS } from "./options.gen.ts";
import type { Stack } from "../shim/native.ts";
import { OPTION } from "../shim/records.ts";
import type { StackChoice, Stacks } from "../shim/stacks.ts";
import { nearest } from "../validate.ts";

/** What is no option. */
type OtherFeature = keyof typeof FEATURES;

export type { Feature };

/** The numbers of options by their names. */
const NUMBERS: ReadonlyMap<unknown, number> = new Map(
  Object.entries(OPTIONS).filter(([, { path }]) => path !== "")
    .map(([name, { path }]) => [path, OPTION[name as keyof typeof OPTIONS]]),
);

/** `ERR_SCTP_UNSUPPORTED` where a stack lacks what is no option. */
export function unsupportedFeature(feature: OtherFeature, stack: Stack): UnsupportedError | undefined {
  const cure = (FEATURES[feature] as { readonly [S in Stack]?: string })[stack];
  return cure === undefined ? undefined : unsupported(feature, stack, cure);
}

/** `ERR_INVALID_ARG_VALUE`, with the name that was meant: often one without the object that it is in. */
function unknownFeature(given: unknown): TypeError {
  const known = [...NUMBERS.keys(), ...Object.keys(FEATURES)] as string[];
  const meant = typeof given !== "string" || given === ""
    ? undefined
    : known.find((name) => name.endsWith(`.${given}`)) ?? nearest(known, given);
  const hint = meant === undefined ? "docs/capabilities.md has them all" : `did you mean '${meant}'?`;
  return invalidArgValue("feature", given, `must be the name of an option: ${hint}`);
}

/** Whether the stack of a choice has something; else why not, and what to do. */
export function supportOf(stacks: Stacks, feature: Feature, choice?: StackChoice): true | string {
  const option = NUMBERS.get(feature);
  if (option === undefined && !Object.hasOwn(FEATURES, feature)) {
    throw unknownFeature(feature);
  }
  try {
    const { stack } = stacks.choose(choice);
    if (option === undefined) return unsupportedFeature(feature as OtherFeature, stack)?.message ?? true;
    const why = stacks.whyLacking(stack, option);
    return why === undefined ? true : unsupported(feature, stack, why).message;
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_SCTP_UNAVAILABLE") return (error as Error).message;
    throw error;
  }
}
