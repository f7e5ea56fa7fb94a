/** Bytes that come in, cut into messages. */
import { Buffer } from "node:buffer";
import type { SendOptions } from "../../mod.ts";
import { Failure } from "../exit_codes.ts";
import { parsePpid } from "../ppids.ts";

export const INPUT_MODES = ["line", "raw", "whole", "hex"] as const;
export type InputMode = typeof INPUT_MODES[number];

export interface InputOptions {
  mode: InputMode;
  sid: number;
  ppid: number;
  /** A line's message ends with its newline. */
  newline: boolean;
}

export type Outgoing = Buffer & SendOptions;

/** A line without its end grows no further than this: it is to be one message. */
const LONGEST = 64 << 20;

/**
 * The messages of a source. An empty one there is none of: SCTP has no such message (RFC 9260 section 3.3.1).
 *
 * @throws Failure where the input is not what the mode wants
 */
export async function* messagesOf(
  source: AsyncIterable<Uint8Array>,
  options: InputOptions,
): AsyncGenerator<Outgoing> {
  const { sid, ppid } = options;
  const tagged = (bytes: Buffer): Outgoing => Object.assign(bytes, { sid, ppid });
  for await (const bytes of pieces(source, options)) {
    if (options.mode === "hex") yield* hexMessage(bytes.toString("latin1"), options);
    else if (bytes.length > 0) yield tagged(bytes);
  }
}

function pieces(
  source: AsyncIterable<Uint8Array>,
  { mode, newline }: InputOptions,
): AsyncGenerator<Buffer> {
  if (mode === "raw") return chunks(source);
  if (mode === "whole") return whole(source);
  return lines(source, mode === "line" && newline);
}

const view = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength);

async function* chunks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of source) yield view(chunk);
}

async function* whole(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of source) all.push(chunk);
  yield Buffer.concat(all);
}

const NEWLINE = 10, RETURN = 13;

/** Lines as bytes: what is no text passes, too. The last one needs no newline. */
async function* lines(source: AsyncIterable<Uint8Array>, keepNewline: boolean): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    const bytes = view(chunk);
    let from = 0;
    for (let at; (at = bytes.indexOf(NEWLINE, from)) >= 0; from = at + 1) {
      yield lineOf([...rest, bytes.subarray(from, keepNewline ? at + 1 : at)], keepNewline);
      rest = [];
      length = 0;
    }
    if (from < bytes.length) rest.push(bytes.subarray(from));
    length += bytes.length - from;
    if (length > LONGEST) {
      throw new Failure("EMSGSIZE", `a line is longer than ${LONGEST} bytes: --mode raw?`);
    }
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

function lineOf(parts: Buffer[], keepNewline: boolean): Buffer {
  const line = Buffer.concat(parts);
  return !keepNewline && line.at(-1) === RETURN ? line.subarray(0, -1) : line;
}

/** `0015 0033`, or with its stream and identifier before it, as --output hex prints it: `3/60 00150033`. */
function* hexMessage(line: string, defaults: InputOptions): Generator<Outgoing> {
  const text = line.replace(/#.*/, "").trim();
  if (text === "") return;
  const [, sid, ppid, rest] = /^(?:(\d+)\/(\S+)\s+)?(.*)$/s.exec(text)!;
  const digits = rest!.replace(/[\s:]/g, "");
  if (!/^([\da-f]{2})+$/i.test(digits)) {
    throw new Failure(
      "BAD_INPUT",
      `"${line.slice(0, 60)}" is no line of hex: [SID/PPID] and pairs of digits`,
    );
  }
  yield Object.assign(Buffer.from(digits, "hex"), {
    sid: sid === undefined ? defaults.sid : Number(sid),
    ppid: ppid === undefined ? defaults.ppid : parsePpid(ppid),
  });
}
