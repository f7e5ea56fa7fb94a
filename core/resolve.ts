/** Host names to addresses, as `net` resolves them. */
import { lookup } from "node:dns";
import { isIP } from "node:net";

type Callback = (error: Error | null, address: string) => void;

/** Gives the address to use for a host; one that is an address already is passed on at once. */
export function resolveHost(host: string, callback: Callback): void {
  if (isIP(host) !== 0) return callback(null, host);
  lookup(host, (error, address) => callback(error, address));
}
