/** What must be reached, and whether it was. A target is met by the median. */
import { isOurs } from "./drivers/all.ts";
import type { Stack } from "./drivers/driver.ts";
import { isMoreBetter, type Row } from "./figures.ts";
import { reasonFor } from "./reasons.ts";
import { SELF } from "./trials.ts";

interface Target {
  trial: RegExp;
  stack?: Stack;
  driver?: string;
  /** As figures.ts names it. */
  figure: string;
  /** At least, or at most, depending on the figure. */
  bound: number;
}

const SMALL = /^flood (64 B|270 B|1 KB)$/;
const LARGE = /^flood (8|64) KB$/;
const HEAP = 6 * 1024;

export const TARGETS: readonly Target[] = [
  { trial: SMALL, stack: "kernel", figure: "rate to c-sockets", bound: 1.5 },
  { trial: LARGE, stack: "kernel", figure: "rate to c-sockets", bound: 1 },
  { trial: /^flood/, stack: "kernel", figure: "rate to c-mmsg", bound: 0.7 },
  { trial: /^flood (64|270) B$/, stack: "userspace", figure: "rate to c", bound: 0.7 },
  { trial: /^flood .* KB$/, stack: "userspace", figure: "rate to c", bound: 0.9 },
  ...[["kernel", "c-sockets"] as const, ["userspace", "c"] as const].flatMap(([stack, other]): Target[] => [
    ...["p50", "p99"].flatMap((figure) => [
      { trial: /^ping-pong/, stack, driver: "node", figure: `${figure} to ${other}`, bound: 1.3 },
      { trial: /^ping-pong/, stack, driver: "deno", figure: `${figure} to ${other}`, bound: 1.6 },
    ]),
    { trial: /^window/, stack, figure: `rate to ${other}`, bound: 0.7 },
    { trial: /^cycles/, stack, figure: `rate to ${other}`, bound: 0.6 },
  ]),
  { trial: /^associations/, figure: `cpu to ${SELF}`, bound: 1.25 },
  ...["client", "server"].flatMap((end): Target[] => [
    { trial: /^idle/, figure: `heap ${end}`, bound: HEAP },
    { trial: /^idle/, stack: "kernel", figure: `load ${end}`, bound: 0.1 },
    { trial: /^idle/, stack: "userspace", figure: `load ${end}`, bound: 4 },
    { trial: /^system calls/, figure: `syscalls ${end}`, bound: 100 },
  ]),
];

export interface Judgement {
  row: Row;
  figure: string;
  bound: number;
  /** Undefined if all runs failed. */
  value: number | undefined;
  isMet: boolean;
  /** Why not, where somebody found out. */
  reason?: string;
}

function judge(row: Row, { figure, bound }: Target): Judgement {
  const value = row.figures[figure]?.median;
  const isMet = value !== undefined && (isMoreBetter(figure) ? value >= bound : value <= bound);
  const reason = isMet ? undefined : reasonFor(row, figure);
  return { row, figure, bound, value, isMet, ...(reason ? { reason } : {}) };
}

/** What the targets say of a row. Of a ratio whose other half was not measured, nothing. */
export function judgements(row: Row): Judgement[] {
  if (!isOurs(row.driver)) return [];
  return TARGETS.filter(({ trial, stack, driver, figure }) =>
    trial.test(row.trial) && (!stack || stack === row.stack) && (!driver || driver === row.driver) &&
    (row.rounds === 0 || figure in row.figures)
  ).map((target) => judge(row, target));
}
