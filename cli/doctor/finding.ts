/** What a check has found. */
import { CATALOGUE, type FindingId, type Group } from "./catalogue.ts";

/** From harmless to bad. Only `slow` and `broken` make the exit code other than 0. */
const LEVELS = ["ok", "note", "slow", "broken"] as const;

export type Level = typeof LEVELS[number];

export interface Finding {
  readonly id: FindingId;
  readonly title: string;
  readonly level: Level;
  /** One line for people. */
  readonly what: string;
  /** What to type, line by line. Never run by the doctor. */
  readonly cure?: readonly string[];
  /** The figures behind it. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export function finding(
  id: FindingId,
  level: Level,
  what: string,
  more: Pick<Finding, "cure" | "data"> = {},
): Finding {
  return { id, title: CATALOGUE[id][1], level, what, ...more };
}

export function groupOf({ id }: Finding): Group {
  return CATALOGUE[id][0];
}
