/** Host names to addresses, as `net` resolves them. */
import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from "node:dns";
import { isIP } from "node:net";
import type { Lookup } from "./connect_options.ts";
import { invalidFamily, misuse } from "./errors.ts";

export interface Resolved {
  address: string;
  family: 4 | 6;
}

interface ResolveOptions {
  lookup?: Lookup | undefined;
  family?: 0 | 4 | 6;
  hints?: number | undefined;
  /** Whether all addresses are of use, not just the first. */
  all?: boolean;
}

/**
 * Gives the addresses of a host, at least one; one that is an address already
 * is passed on at once.
 */
export function resolveHost(
  host: string,
  { lookup = dnsLookup, family = 0, hints, all = false }: ResolveOptions,
  callback: (error: Error | null, found: Resolved[]) => void,
): void {
  const literal = familyOf(host);
  if (literal !== 0) return callback(null, [{ address: host, family: literal }]);
  const options: LookupOptions = { family, all, ...(hints !== undefined && { hints }) };
  let isAnswered = false;
  try {
    lookup(host, options, (error, found: string | LookupAddress[], foundFamily) => {
      isAnswered = true;
      if (error) return callback(error, []);
      const list = Array.isArray(found) ? found : [{ address: found, family: foundFamily ?? 0 }];
      const problem = problemOf(host, list);
      if (problem) callback(problem, []);
      else callback(null, list as Resolved[]);
    });
  } catch (error) { // wrong hints, or a lookup of the user's; what a handler throws goes on its way
    if (isAnswered) throw error;
    callback(error as Error, []);
  }
}

function familyOf(address: string): 0 | 4 | 6 {
  return isIP(address) as 0 | 4 | 6;
}

/** A lookup of the user's may give anything. */
function problemOf(host: string, list: LookupAddress[]): Error | undefined {
  const isLookup = "from lookup function";
  if (list.length === 0) return misuse("ERR_INVALID_IP_ADDRESS", `No address ${isLookup} for host ${host}`);
  for (const { address, family } of list) {
    if (typeof address !== "string" || isIP(address) === 0) {
      return misuse(
        "ERR_INVALID_IP_ADDRESS",
        `Invalid IP address: ${String(address)} ${isLookup} for host ${host}`,
      );
    }
    if (family !== 4 && family !== 6) return invalidFamily(family, host);
  }
  return undefined;
}
