/** Why a target is not reached, as profiling has shown. Written by hand; stands in docs/benchmarks.md beside the figure. */
import type { Row } from "./figures.ts";

interface Reason {
  /** Of "STACK/TRIAL/DRIVER/FIGURE", such as "kernel/flood 64 B/node/rate to c-mmsg". */
  where: RegExp;
  reason: string;
}

const REASONS: readonly Reason[] = [];

export function reasonFor({ stack, trial, driver }: Row, figure: string): string | undefined {
  return REASONS.find(({ where }) => where.test(`${stack}/${trial}/${driver}/${figure}`))?.reason;
}
