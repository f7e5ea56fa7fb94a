/** The command line. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";

const USAGE =
  `npm run bench -- [--quick] [--only PATTERN] [--json FILE] [--check] [--from FILE]... [--out FOLDER]

  --quick         fewer and shorter runs, without what takes long
  --only PATTERN  a regular expression for STACK/TRIAL/DRIVER, such as "kernel/flood" or "ping-pong 64 B/node";
                  what ours is compared with comes along
  --json FILE     writes the figures there
  --check         compares the ratios with docs/benchmarks.json; status 1 if some became worse
  --beside FOLDER compares with another checkout instead, where npm run bench has run once: pairs in turns
  --from FILE     measures nothing, takes the results that an earlier run has kept; of several files the last one
                  that has a trial counts
  --out FOLDER    where benchmarks.md and what belongs to it are written: docs, unless it says otherwise

All trials without --quick and --only, and --from, write docs/benchmarks.md.`;

export interface Options {
  quick: boolean;
  only: RegExp | undefined;
  json: string | undefined;
  check: boolean;
  beside: string | undefined;
  from: string[];
  out: string;
}

export function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: "boolean", default: false },
        only: { type: "string" },
        json: { type: "string" },
        check: { type: "boolean", default: false },
        beside: { type: "string" },
        from: { type: "string", multiple: true, default: [] },
        out: { type: "string", default: "docs" },
        help: { type: "boolean", default: false },
      },
    });
    const { help, only, ...rest } = values;
    if (help) {
      console.log(USAGE);
      process.exit(0);
    }
    const beside = rest.beside && resolve(rest.beside);
    if (beside && !existsSync(join(beside, "build/bench/end.js"))) {
      throw new Error(
        `${beside} has nothing to measure: run npm run bench -- --quick --only flood there first`,
      );
    }
    return { json: undefined, ...rest, beside, only: only === undefined ? undefined : new RegExp(only) };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}
