/** `sctp.auth`: signed chunks (RFC 4895). What is wrong with a key is said without showing it. */
import { invalidArgType, invalidArgValue, misuse, outOfRange } from "../errors.ts";
import { OPTIONS } from "./options.gen.ts";
import { type NumberedOption, OPTION } from "../shim/records.ts";
import { type Loose, refuseUnknown } from "./socket_options.ts";
import { optionalInteger, optionalObject, optionalOneOf } from "../validate.ts";

/** A chunk that can be signed: "data" (0), "sack" (3), "heartbeat" (4), or the type of another one. */
export type SignedChunk = "data" | "sack" | "heartbeat" | number;

/** How a chunk is signed. */
export type Hmac = "sha256" | "sha1";

/**
 * Signed chunks (RFC 4895), which both ends have to ask for. They are not encrypted. What cannot be verified is dropped
 * without a word, so that wrong keys look like a peer that is silent.
 */
export interface AuthOptions {
  /** Keys by their numbers, 0 to 65535, which both ends have to have: 1 to 65535 bytes each. They are copied, and never
   * given back. The empty key 0, which RFC 4895 has for all to begin with, is taken away unless a key 0 is here. */
  keys: Record<number, Uint8Array>;
  /** The number of the key that this end signs with. Default: the only one. */
  active?: number;
  /** What the peer has to sign, or this end drops it: an end decides what it receives. 0 to 255 without INIT, INIT ACK,
   * SHUTDOWN COMPLETE and AUTH; COOKIE ECHO (10) on the userspace stack only. Default: ["data"]. */
  chunks?: SignedChunk[];
  /** What the peer may sign with, the preferred one first; "sha1" has to be there (RFC 4895 section 3.3). Default:
   * ["sha256", "sha1"]. */
  hmacs?: Hmac[];
}

const NAMES = ["keys", "active", "chunks", "hmacs"];
const CHUNKS: ReadonlyMap<string, number> = new Map([["data", 0], ["sack", 3], ["heartbeat", 4]]);
/** INIT, INIT ACK, SHUTDOWN COMPLETE and AUTH (RFC 4895 section 3.2). */
const NEVER_SIGNED: readonly number[] = [1, 2, 14, 15];
const HMACS: Readonly<Record<Hmac, number>> = { sha256: 3, sha1: 1 };
const NULL_KEY = 0;

/** The error for a value of the wrong type. It does not show the value, which may be a key in the wrong place. */
function wrongType(name: string, expected: string): TypeError {
  const kind = name.includes(".") ? "property" : "argument";
  return misuse("ERR_INVALID_ARG_TYPE", `The "${name}" ${kind} must be ${expected}`);
}

/** The number of a key. */
export function keyNumber(value: unknown, name: string): number {
  if (typeof value !== "number") throw wrongType(name, "of type number");
  return optionalInteger(value, name, 0, OPTIONS.AUTH_ACTIVE_KEY.most)!;
}

/** The number that the name of a property is, as JavaScript writes it: "01" would be key 1 once more. */
function numberOfName(name: string, path: string): number {
  const number = /^(0|[1-9]\d*)$/.test(name) ? Number(name) : NaN;
  return keyNumber(number, `${path}: the number of a key`);
}

/** An object with options. */
function optionalLevel(value: unknown, path: string): Loose | undefined {
  if (Object(value) !== value && (value ?? undefined) !== undefined) throw wrongType(path, "of type object");
  return optionalObject(value, path);
}

/** A copy of a key. */
export function keyBytes(value: unknown, name: string): Uint8Array {
  if (!(value instanceof Uint8Array)) {
    throw misuse("ERR_INVALID_ARG_TYPE", `The "${name}" key must be a Buffer or Uint8Array`);
  }
  const { least, most } = OPTIONS.AUTH_KEY;
  if (value.length < least || value.length > most) {
    throw outOfRange(`${name}.length`, `>= ${least} && <= ${most}`, value.length);
  }
  return new Uint8Array(value);
}

/** The rows of `sctp.auth`, but that of AUTHENTICATION itself. */
export function planAuth(value: unknown, path: string): NumberedOption[] {
  const auth = optionalLevel(value, path);
  if (auth === undefined) return [];
  refuseUnknown(auth, NAMES, path);
  const keys = planKeys(auth.keys, `${path}.keys`);
  const numbers = keys.map(([, , number]) => number!);
  const active = activeOf(auth, numbers, path);
  return [
    [OPTION.AUTHENTICATION, 1],
    [OPTION.AUTH_HMACS, planHmacs(auth.hmacs ?? ["sha256", "sha1"], `${path}.hmacs`)],
    ...planChunks(auth.chunks ?? ["data"], `${path}.chunks`),
    ...keys,
    [OPTION.AUTH_ACTIVE_KEY, active],
    ...(numbers.includes(NULL_KEY) ? [] : [[OPTION.DELETE_AUTH_KEY, 0, NULL_KEY] as const]),
  ];
}

function planKeys(value: unknown, path: string): NumberedOption[] {
  const keys = optionalLevel(value, path);
  if (keys === undefined || Object.keys(keys).length === 0) {
    throw misuse("ERR_MISSING_ARGS", `"${path}" needs a key, as in { 1: key }`);
  }
  return Object.entries(keys).map(([name, key]) => {
    const number = numberOfName(name, path);
    return [OPTION.AUTH_KEY, keyBytes(key, `${path}.${name}`), number];
  });
}

function activeOf({ active }: Loose, numbers: number[], path: string): number {
  if ((active ?? undefined) === undefined && numbers.length === 1) return numbers[0]!;
  if (numbers.includes(active as number)) return active as number;
  const reason = `must be the number of one of the keys: ${numbers.join(", ")}`;
  throw misuse("ERR_INVALID_ARG_VALUE", `The property '${path}.active' ${reason}`);
}

function planChunks(value: unknown, path: string): NumberedOption[] {
  if (!Array.isArray(value)) throw invalidArgType(path, "an Array", value);
  return [...new Set(Array.from(value, (chunk: unknown) => chunkType(chunk, path)))] // map() leaves holes
    .map((type) => [OPTION.AUTH_CHUNK, 0, type]);
}

function chunkType(value: unknown, path: string): number {
  const type = typeof value === "string" ? CHUNKS.get(value) : optionalInteger(value, path, 0, 255);
  if (type === undefined) {
    throw invalidArgValue(path, value, "must be made of 'data', 'sack', 'heartbeat' and types of chunks");
  }
  if (NEVER_SIGNED.includes(type)) {
    throw invalidArgValue(path, value, "has a chunk that is never signed (RFC 4895 section 3.2)");
  }
  return type;
}

function planHmacs(value: unknown, path: string): Uint8Array {
  if (!Array.isArray(value)) throw invalidArgType(path, "an Array", value);
  const hmacs = [...new Set(Array.from(value, (one: unknown) => hmacOf(one, path)))];
  if (!hmacs.includes("sha1")) {
    throw invalidArgValue(path, value, "must have 'sha1', if only as the last (RFC 4895 section 3.3)");
  }
  return new Uint8Array(hmacs.flatMap((hmac) => [HMACS[hmac], 0])); // 16 bits each, as all in records
}

function hmacOf(value: unknown, path: string): Hmac {
  return optionalOneOf<Hmac>(value ?? "", path, ["sha256", "sha1"])!;
}
