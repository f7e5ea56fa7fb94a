/** Takes out of a report what tells where it was made. */
import { isIP } from "../../mod.ts";

/** What may be an address, with what may stand behind one: a port, the end of a sentence. */
const CANDIDATE = /([0-9a-f.:]*[0-9a-f])[.:]*/gi;
const IPV4_WITH_PORT = /^([\d.]+)(:\d+)$/;
const KEPT = /^(127\.|0\.0\.0\.0$|::1?$)/;

/** @param words names to be replaced, too: hosts, a home directory */
export function masker(words: readonly string[] = []): <T>(value: T) => T {
  const known = new Map<string, string>();
  const nameOf = (address: string) => {
    if (!isIP(address) || KEPT.test(address)) return address;
    if (!known.has(address)) known.set(address, `address-${known.size + 1}`);
    return known.get(address)!;
  };
  const replace = (text: string, candidate: string) => {
    const [, host, port] = IPV4_WITH_PORT.exec(candidate) ?? [];
    const masked = host && port ? nameOf(host) + port : nameOf(candidate);
    return masked + text.slice(candidate.length);
  };
  const text = (value: string) => {
    let masked = value;
    words.forEach((word, i) => masked = masked.replaceAll(word, `name-${i + 1}`));
    return masked.replace(CANDIDATE, replace);
  };
  const mask = (value: unknown): unknown => {
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return value.map(mask);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [text(key), mask(inner)]));
  };
  return <T>(value: T) => mask(value) as T;
}
