/** Primitive validators, with Node's codes and wording. What is optional may be `undefined` or `null`: not given. */
import { Buffer } from "node:buffer";
import type { BlockList } from "node:net";
import { isIP } from "node:net";
import { StringDecoder } from "node:string_decoder";
import { canonicalAddress } from "./canonical_address.ts";
import {
  badPort,
  invalidArgType,
  invalidArgValue,
  invalidIp,
  misuse,
  outOfRange,
  unknownEncoding,
} from "./errors.ts";

/** A validator of what a test is true for; anything else has the wrong type. */
function optional<T>(expected: string, isRight: (value: unknown) => boolean) {
  return (value: unknown, name: string): T | undefined => {
    if (value === undefined || value === null) return undefined;
    if (isRight(value)) return value as T;
    throw invalidArgType(name, expected, value);
  };
}

export const optionalBoolean = optional<boolean>("of type boolean", (value) => typeof value === "boolean");
export const optionalString = optional<string>("of type string", (value) => typeof value === "string");
export const optionalObject = optional<Record<string, unknown>>("of type object", isObject);

/** Whether it can have options: `new Number(5)` has none, and is hardly meant as such. */
export function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Number) &&
    !(value instanceof String) && !(value instanceof Boolean);
}

/** An AbortSignal, told as Node tells one. */
export const optionalSignal = optional<AbortSignal>(
  "an instance of AbortSignal",
  (value) => typeof value === "object" && "aborted" in value!,
);

/** A BlockList, or what can check as one. */
export const optionalBlockList = optional<BlockList>(
  "an instance of net.BlockList",
  (value) => typeof (value as BlockList).check === "function",
);

export function number(value: unknown, name: string): number {
  if (typeof value === "number") return value;
  throw invalidArgType(name, "of type number", value);
}

/** An integer within bounds, both included. Every message that is sent comes here. */
export function optionalInteger(value: unknown, name: string, min: number, max: number): number | undefined {
  if (value === undefined || value === null) return undefined;
  const given = number(value, name);
  if (!Number.isInteger(given)) throw outOfRange(name, "an integer", value);
  if (given < min || given > max) throw outOfRange(name, `>= ${min} && <= ${max}`, value);
  return given;
}

/** A number of milliseconds as `setTimeout()` of a socket takes it. */
export function duration(value: unknown, name: string): number {
  const ms = number(value, name);
  if (!(ms >= 0 && Number.isFinite(ms))) throw outOfRange(name, "a non-negative finite number", value);
  return ms;
}

/** A function that need not be given. */
export function optionalFunction<F>(value: F | undefined, name: string): F | undefined {
  return value === undefined || value === null ? undefined : requiredFunction(value, name);
}

/** A function. */
export function requiredFunction<F>(value: F, name: string): F {
  if (typeof value === "function") return value;
  throw invalidArgType(name, "of type function", value);
}

/** A port, as a number or as digits, the way `net` takes it. */
export function port(value: number | string, name: string): number {
  const parsed = typeof value === "string" && value.trim() === "" ? NaN : Number(value);
  if (Number.isInteger(parsed) && parsed >= 0 && parsed <= 65535) return parsed;
  throw badPort(name, value);
}

/** An IP address in text form; any falsy value means that it was not given, as in `net`. */
export function optionalIp(value: unknown): string | undefined {
  if (!value) return undefined;
  if (typeof value === "string" && isIP(value) !== 0) return value;
  throw invalidIp(value);
}

/** An IP address in text form. */
export function ip(value: unknown): string {
  const address = optionalIp(value);
  if (address === undefined) throw invalidIp(value);
  return address;
}

/** The name or address of a host; any falsy value means that it was not given, as in `net`. */
export function optionalHost(value: unknown, name: string): string | undefined {
  const host = optionalString(value || undefined, name);
  if (host?.includes("\0")) throw invalidArgValue(name, host, "must be a string without null bytes");
  return host;
}

/**
 * Addresses in text form, at least one, each once: the kernel's stack takes a second mention for a foreign address.
 * node-lksctp's wording.
 */
export function optionalAddresses(value: unknown, name: string): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const wrong = `${name} must be an array of valid IP addresses`;
  if (!Array.isArray(value)) throw misuse("ERR_INVALID_ARG_TYPE", wrong);
  if (value.length === 0) throw misuse("ERR_INVALID_ARG_VALUE", `${name} must have at least one element`);
  for (const one of value) {
    if (typeof one !== "string") throw misuse("ERR_INVALID_ARG_TYPE", wrong);
    if (isIP(one) === 0) throw misuse("ERR_INVALID_IP_ADDRESS", wrong);
  }
  const texts = value.map(canonicalAddress);
  return value.filter((_, i) => texts.indexOf(texts[i]!) === i);
}

/** An IP version, 0 for either; also by the names `address()` gives. */
export function optionalFamily(value: unknown, name: string): 0 | 4 | 6 {
  if (value === undefined || value === null || value === 0) return 0;
  if (value === 4 || value === "IPv4") return 4;
  if (value === 6 || value === "IPv6") return 6;
  throw invalidArgValue(name, value, "must be one of: 0, 4, 6");
}

/** The encoding of a string; any falsy value means that it was not given, as in `net`. */
export function optionalEncoding(value: unknown): BufferEncoding | undefined {
  if (!value) return undefined;
  if (value === "buffer" || Buffer.isEncoding(value as string)) return value as BufferEncoding;
  throw unknownEncoding(value);
}

/** The one name that an encoding of several has, as `net` tells it; without an encoding UTF-8's. */
export function encodingName(value: unknown): BufferEncoding {
  if (value === undefined || value === null || value === "") return "utf8";
  if (!Buffer.isEncoding(value as string)) throw unknownEncoding(value);
  const decoder = new StringDecoder(value as BufferEncoding);
  return (decoder as unknown as { encoding: BufferEncoding }).encoding; // which Deno's types do not have
}

/** The error for an option that does not exist, naming the one that was meant, or all there are. */
export function unknownName(path: string, name: string, known: string | readonly string[]): TypeError {
  const right = typeof known === "string" ? known : nearest(known, name);
  const hint = right !== undefined
    ? `did you mean ${path}.${right}?`
    : `there are only ${(known as string[]).map((one) => `${path}.${one}`).join(", ")}`;
  return misuse("ERR_INVALID_ARG_VALUE", `There is no option ${path}.${name}: ${hint}`);
}

/** The one of some words that can have been meant by another: of several, one that has all its letters in their order. */
export function nearest(known: readonly string[], name: string): string | undefined {
  const near = known.filter((one) => isNear(one, name));
  return near.find((one) => distance(one, name) === one.length - name.length) ?? near[0];
}

/** Whether one of two words can have been meant by the other: alike, or one a part of the other. */
function isNear(a: string, b: string): boolean {
  const [one, other] = [a, b].map((word) => word.toLowerCase().replace(/[^a-z]/g, ""));
  const most = Math.min(2, one!.length >> 1); // of a short word, two letters make another
  return distance(one!, other!) <= most || other!.startsWith(one!) || one!.startsWith(other!);
}

/** Levenshtein's: how many letters to add, drop or exchange. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** One of a few words. */
export function optionalOneOf<T extends string>(
  value: unknown,
  name: string,
  words: readonly T[],
): T | undefined {
  if (value === undefined || value === null) return undefined;
  if (words.includes(value as T)) return value as T;
  const list = words.map((word) => `'${word}'`).join(", ");
  throw invalidArgValue(name, value, `must be one of: ${list}`);
}
