/** Primitive validators, with Node's codes and wording. */
import { isIP } from "node:net";
import { badPort, invalidArgType, invalidArgValue, misuse, outOfRange } from "./errors.ts";

/** An integer within bounds, both included; `undefined` passes through. */
export function optionalInteger(
  value: unknown,
  name: string,
  min: number,
  max: number,
): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "number") {
    throw invalidArgType(name, "of type number", value);
  }
  if (!Number.isInteger(value)) throw outOfRange(name, "an integer", value);
  if (value < min || value > max) {
    throw outOfRange(name, `>= ${min} && <= ${max}`, value);
  }
  return value;
}

/** A boolean; `undefined` passes through. */
export function optionalBoolean(
  value: unknown,
  name: string,
): boolean | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  throw invalidArgType(name, "of type boolean", value);
}

/** A string; `undefined` and `null` mean it was not given. */
export function optionalString(
  value: unknown,
  name: string,
): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw invalidArgType(name, "of type string", value);
}

/** A function; `undefined` passes through. */
export function optionalFunction<F>(
  value: F | undefined,
  name: string,
): F | undefined {
  if (value === undefined || typeof value === "function") return value;
  throw invalidArgType(name, "of type function", value);
}

/** A port, as a number or as digits, the way `net` takes it. */
export function port(value: unknown, name: string): number {
  if (typeof value !== "number" && typeof value !== "string") {
    throw invalidArgType(name, "one of type number or string", value);
  }
  const number = typeof value === "string" && value.trim() === "" ? NaN : Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 65535) return number;
  throw badPort(name, value);
}

/** An IP address in text form; `undefined` passes through. */
export function optionalIp(value: unknown, name: string): string | undefined {
  const text = optionalString(value, name);
  if (text === undefined || isIP(text) !== 0) return text;
  throw misuse("ERR_INVALID_IP_ADDRESS", `Invalid IP address: ${text}`);
}

/** One of a few words; `undefined` passes through. */
export function optionalOneOf<T extends string>(
  value: unknown,
  name: string,
  words: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  if (words.includes(value as T)) return value as T;
  const list = words.map((word) => `'${word}'`).join(", ");
  throw invalidArgValue(name, value, `must be one of: ${list}`);
}
