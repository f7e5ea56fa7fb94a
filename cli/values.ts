/** The values of options: each parser takes the text and gives the value, or says what is wrong. */
import { InvalidArgumentError } from "commander";

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const SIZES: Record<string, number> = { "": 1, k: 1000, M: 1e6, G: 1e9, Ki: 1024, Mi: 1 << 20, Gi: 1 << 30 };

/** A whole number within bounds. */
export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      most === Number.MAX_SAFE_INTEGER
        ? `A number of at least ${least} is wanted.`
        : `A number from ${least} to ${most} is wanted.`,
    );
  };
}

/** Seconds, or with a unit: `2`, `0.5`, `200ms`, `5m`. Gives milliseconds. */
export function duration(least: string, most: string): (text: string) => number {
  return (text) => {
    const value = milliseconds(text);
    if (value >= milliseconds(least) && value <= milliseconds(most)) return value;
    throw new InvalidArgumentError(`A time from ${least} to ${most} is wanted, such as 2, 0.5, 200ms or 5m.`);
  };
}

function milliseconds(text: string): number {
  const [, value, unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  return Number(value) * UNITS[unit]!;
}

/** Bytes: `512`, `64Ki`, `1M`. */
export function size(least: number, most: number): (text: string) => number {
  return (text) => {
    const [, value, unit = ""] = /^(\d+)(k|M|G|Ki|Mi|Gi)?$/.exec(text) ?? [];
    const bytes = Number(value) * SIZES[unit]!;
    if (bytes >= least && bytes <= most) return bytes;
    throw new InvalidArgumentError(
      `A size from ${least} to ${most} bytes is wanted, such as 512, 64Ki or 1M.`,
    );
  };
}
