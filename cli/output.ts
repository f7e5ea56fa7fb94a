/**
 * What the program says: for people, or with --json one object a line. Results
 * go to standard output; what only tells how things go, to standard error.
 */
import process from "node:process";
import { styleText } from "node:util";
import { stdout } from "./stdout.ts";

type Format = Parameters<typeof styleText>[0];
type Stream = typeof process.stdout | typeof process.stderr;

/** The variable's value; undefined also where the runtime may not tell. */
export function environment(name: string): string | undefined {
  try {
    return process.env[name];
  } catch {
    return undefined;
  }
}

/** https://no-color.org: set and not empty turns colours off, whatever else is set. */
export function hasColours(stream: Stream): boolean {
  return Boolean(stream.isTTY) && !environment("NO_COLOR") && environment("TERM") !== "dumb";
}

/** Colours a text for a stream, or leaves it as it is. */
function painter(stream: Stream): (format: Format, text: string) => string {
  // The stream is asked here: what styleText() itself asks differs between versions.
  return hasColours(stream) ? (format, text) => styleText(format, text) : (_format, text) => text;
}

/** Escapes a peer's control characters, except tab and newline, as \x1b and so on, so that it is safe to print. */
export function visible(text: string): string {
  return text.replace(
    /(?![\t\n])\p{Cc}/gu,
    (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

/** Whether --json is among the arguments; needed where these could not be parsed. */
export function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? undefined : end).includes("--json");
}

let pending = 0;
let onWritten = () => {};
let isGone = false;

/** Writes to standard output; `written()` tells when it has left. */
export function writeOut(data: string | Uint8Array): boolean {
  pending++;
  return stdout.write(data, (error) => {
    isGone ||= Boolean(error);
    if (--pending === 0 || isGone) onWritten();
  });
}

/**
 * Resolves when all has left, or cannot. Bun forgets the rest at process.exit(), and tells of a pipe's end in no other
 * way; end() would shut down what others write to, too.
 */
export function written(): Promise<void> {
  if (pending === 0 || isGone) return Promise.resolve();
  return new Promise((resolve) => onWritten = resolve);
}

export interface OutputOptions {
  json?: boolean | undefined;
  quiet?: boolean | undefined;
}

/** One for each run of a command. */
export class Output {
  /** Objects are wanted, not text. */
  readonly json: boolean;
  /** Colours for `print()`. */
  readonly paint = painter(process.stdout);
  /** Colours for `note()`. */
  readonly paintNote = painter(process.stderr);
  readonly #quiet: boolean;

  constructor({ json = false, quiet = false }: OutputOptions = {}) {
    this.json = json;
    this.#quiet = quiet;
  }

  /** A line of the result, for people. */
  print(line: string): void {
    if (!this.json) writeOut(`${line}\n`);
  }

  /** How things go, for people: not part of the result. */
  note(line: string): void {
    if (!this.json && !this.#quiet) process.stderr.write(`${line}\n`);
  }

  /** What went wrong, for people: also with --quiet. */
  problem(line: string): void {
    if (!this.json) process.stderr.write(`${this.paintNote("red", "netsctp:")} ${line}\n`);
  }

  /** One object of the result, for programs. */
  emit(object: object): void {
    if (this.json) writeOut(`${JSON.stringify(object)}\n`);
  }
}
