/** Host names to addresses, as `net` resolves them. */
import {
  ADDRCONFIG,
  ALL,
  lookup as dnsLookup,
  type LookupAddress,
  type LookupOptions,
  V4MAPPED,
} from "node:dns";
import { isIP } from "node:net";
import type { Lookup } from "../options/connect.ts";
import { invalidArgValue, invalidFamily, invalidIp, misuse, ownSystemError } from "../errors.ts";

export interface Resolved {
  address: string;
  family: 4 | 6;
}

interface ResolveOptions {
  lookup?: Lookup | undefined;
  family?: 0 | 4 | 6;
  hints?: number | undefined;
  /** Whether to give all addresses, not just the first. */
  all?: boolean;
  /** The port to connect to, for errors. */
  port?: number;
  /** Is called with each address that the lookup gave, usable or not, or with its error. */
  onAnswer?: (error: Error | null, address?: string, family?: number) => void;
}

// fe80::/10
const LINK_LOCAL = /^fe[89ab][0-9a-f]:/i;

/**
 * Gives the addresses of a host, at least one; one that is an address already
 * is passed on at once. What a lookup of the user's gave besides addresses is
 * left out, as are repetitions, unless nothing else is left.
 */
export function resolveHost(
  host: string,
  { lookup = dnsLookup, family = 0, hints, all = false, port, onAnswer }: ResolveOptions,
  callback: (error: Error | null, found: Resolved[]) => void,
): void {
  const literal = isIP(host);
  if (literal !== 0) return callback(null, [{ address: host, family: literal as 4 | 6 }]);
  const options: LookupOptions = { family, all, ...(hints !== undefined && { hints }) };
  let isAnswered = false;
  try {
    lookup(host, options, (error, found: string | LookupAddress[], foundFamily) => {
      if (isAnswered) return; // the first answer counts
      isAnswered = true;
      if (error) {
        onAnswer?.(error);
        return callback(error, []);
      }
      const list = Array.isArray(found)
        ? Array.from(found, (one) => one ?? { address: one }) as LookupAddress[]
        : [{ address: found, family: foundFamily! }];
      for (const { address, family } of list) onAnswer?.(null, address, family);
      const usable = list.filter((one) => problemOf(one, host, port) === undefined) as Resolved[];
      if (usable.length === 0) return callback(problemOf(list[0], host, port)!, []);
      const addresses = usable.map(({ address }) => address);
      callback(null, usable.filter(({ address }, i) => addresses.indexOf(address) === i));
    });
  } catch (error) { // wrong hints, or a lookup of the user's; what a handler throws is passed on
    if (isAnswered) throw error;
    callback(error as Error, []);
  }
}

/** Chooses the address that a server listens on: as with `net`, a link-local one only where there is no other. */
export function toListenOn(found: readonly Resolved[]): string {
  return (found.find(({ address }) => !LINK_LOCAL.test(address)) ?? found[0]!).address;
}

/**
 * Throws for what are no flags of `dns.lookup()`.
 *
 * @throws ERR_INVALID_ARG_VALUE
 */
export function checkHints(hints = 0): void {
  if ((hints & ~(ADDRCONFIG | ALL | V4MAPPED)) !== 0) throw invalidArgValue("hints", hints, "is invalid");
}

/** Why an answer is of no use, if so: a lookup of the user's may give anything. */
function problemOf(
  found: LookupAddress | undefined,
  host: string,
  port: number | undefined,
): Error | undefined {
  if (found === undefined) {
    return misuse("ERR_INVALID_IP_ADDRESS", `The lookup function has no address of ${host}`);
  }
  const { address, family } = found;
  if (typeof address !== "string" || isIP(address) === 0) return invalidIp(address);
  if (family !== 4 && family !== 6) return invalidFamily(family, host, port);
  if (family === isIP(address)) return undefined;
  const detail = `the lookup function says that it is of family ${family}`;
  return ownSystemError("EINVAL", "connect", { address, port, detail });
}
