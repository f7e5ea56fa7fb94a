/** The arguments of `setKeepAlive()`, as `net` takes them: heartbeats are what SCTP has in place of TCP's keep-alive. */
import { heartbeats, milliseconds } from "../options/association.ts";
import type { NumberedOption } from "../shim/records.ts";

/** What `setKeepAlive()` takes in place of its two arguments, as `net`'s since Node 24. */
export interface KeepAliveOptions {
  /** Whether idle paths are watched. Default false. */
  enable?: boolean;
  /** Milliseconds between heartbeats, 4 hours at most; 0 leaves the interval as it is. Default 0. */
  initialDelay?: number;
}

export function keepAliveOptions(enable: boolean | KeepAliveOptions, initialDelay: number): NumberedOption[] {
  const [isOn, delay] = Object(enable) === enable
    ? [(enable as KeepAliveOptions).enable, (enable as KeepAliveOptions).initialDelay]
    : [enable, initialDelay];
  return heartbeats(Boolean(isOn), milliseconds(Number(delay ?? 0)));
}
