import { parseArgs } from "node:util";
import { type Job, PARTS } from "./parts.ts";

export interface Options {
  wants: (job: Job) => boolean;
  /** No samples: every version of Node runs every file. */
  all: boolean;
}

const USAGE = `usage: npm test -- [--part NAME[,NAME]] [--file PATTERN] [--runtime node|deno|bun]
                   [--stack kernel|userspace] [--all]
parts: ${PARTS.map((part) => part.name).join(" ")}`;

export function parseOptions(args: string[]): Options {
  const { values } = parse(args);
  const parts = values.part?.split(",");
  const unknown = parts?.find((name) => !PARTS.some((part) => part.name === name));
  if (unknown) usage(`no part is named ${unknown}`);
  const file = values.file === undefined ? undefined : new RegExp(values.file);
  return {
    all: values.all ?? false,
    wants: (job) =>
      (!parts || parts.includes(job.part)) &&
      (!file || file.test(job.file)) &&
      (!values.runtime || job.runtime === values.runtime) &&
      (!values.stack || job.stack === values.stack),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        part: { type: "string" },
        file: { type: "string" },
        runtime: { type: "string" },
        stack: { type: "string" },
        all: { type: "boolean" },
      },
    });
  } catch (error) {
    return usage((error as Error).message);
  }
}

function usage(problem: string): never {
  console.error(`${problem}\n${USAGE}`);
  process.exit(2);
}
