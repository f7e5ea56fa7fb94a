/** Takes out of a report what tells where it was made. */
import { isIP } from "../../mod.ts";

const ADDRESS = /[0-9a-f]*(?::[0-9a-f]*){2,}(?:\d+(?:\.\d+){3})?|\d+(?:\.\d+){3}/gi;
const KEPT = /^(127\.|0\.0\.0\.0$|::1?$)/;

/** @param words names to be replaced, too: hosts, a home directory */
export function masker(words: readonly string[] = []): <T>(value: T) => T {
  const known = new Map<string, string>();
  const nameOf = (address: string) => {
    if (!isIP(address) || KEPT.test(address)) return address;
    if (!known.has(address)) known.set(address, `address-${known.size + 1}`);
    return known.get(address)!;
  };
  const text = (value: string) => {
    let masked = value;
    words.forEach((word, i) => masked = masked.replaceAll(word, `name-${i + 1}`));
    return masked.replace(ADDRESS, nameOf);
  };
  const mask = (value: unknown): unknown => {
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return value.map(mask);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [text(key), mask(inner)]));
  };
  return <T>(value: T) => mask(value) as T;
}
