/** Host names to addresses, as `net` resolves them. */
import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from "node:dns";
import { isIP } from "node:net";
import type { Lookup } from "./connect_options.ts";
import { invalidFamily, misuse, shown } from "./errors.ts";

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
  /** Told what the lookup gave, each address or the error, whether it is of use or not. */
  onAnswer?: (error: Error | null, address?: string, family?: number) => void;
}

/**
 * Gives the addresses of a host, at least one; one that is an address already
 * is passed on at once. What a lookup of the user's gave besides addresses is
 * left out, as are repetitions, unless nothing else is left.
 */
export function resolveHost(
  host: string,
  { lookup = dnsLookup, family = 0, hints, all = false, onAnswer }: ResolveOptions,
  callback: (error: Error | null, found: Resolved[]) => void,
): void {
  const literal = familyOf(host);
  if (literal !== 0) return callback(null, [{ address: host, family: literal }]);
  const options: LookupOptions = { family, all, ...(hints !== undefined && { hints }) };
  let isAnswered = false;
  try {
    lookup(host, options, (error, found: string | LookupAddress[], foundFamily) => {
      isAnswered = true;
      if (error) {
        // Only Deno refuses to look names up.
        if (error.code === "EPERM") error.message += `: run Deno with --allow-net=${host}`;
        onAnswer?.(error);
        return callback(error, []);
      }
      const list = Array.isArray(found) ? found : [{ address: found, family: foundFamily ?? 0 }];
      for (const { address, family } of list) onAnswer?.(null, address, family);
      const usable = list.filter((one) => problemOf(host, one) === undefined) as Resolved[];
      if (usable.length === 0) return callback(problemOf(host, list[0])!, []);
      const addresses = usable.map(({ address }) => address);
      callback(null, usable.filter(({ address }, i) => addresses.indexOf(address) === i));
    });
  } catch (error) { // wrong hints, or a lookup of the user's; what a handler throws goes on its way
    if (isAnswered) throw error;
    callback(error as Error, []);
  }
}

function familyOf(address: string): 0 | 4 | 6 {
  return isIP(address) as 0 | 4 | 6;
}

/** Why an answer is of no use, if so: a lookup of the user's may give anything. */
function problemOf(host: string, found: LookupAddress | undefined): Error | undefined {
  const from = `from lookup function for host ${host}`;
  if (found === undefined) return misuse("ERR_INVALID_IP_ADDRESS", `No address ${from}`);
  const { address, family } = found;
  if (typeof address !== "string" || familyOf(address) === 0) {
    return misuse("ERR_INVALID_IP_ADDRESS", `Invalid IP address: ${shown(address)} ${from}`);
  }
  return family === 4 || family === 6 ? undefined : invalidFamily(family, host);
}
