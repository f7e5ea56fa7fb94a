/** The call forms of `net`: an object or positional arguments, then perhaps a callback. */
import type { Loose } from "./socket_options.ts";
import { optionalFunction } from "../validate.ts";

type Callback = (() => void) | undefined;

/**
 * Sorts out `f(options, cb)` and `f(first, second, …, cb)`.
 *
 * @param names what positional arguments are, in their order
 */
export function splitArguments(
  args: readonly unknown[],
  names: readonly string[],
): { options: Loose; callback: Callback } {
  const positional = [...args];
  while (positional.length > 0 && positional.at(-1) === undefined) positional.pop();
  const last = positional.at(-1);
  const callback = typeof last === "function" ? last as () => void : undefined;
  if (callback !== undefined) positional.pop();
  const [first] = positional;
  if (typeof first === "object" && first !== null) {
    optionalFunction(positional[1] as Callback ?? undefined, "callback");
    return { options: first as Loose, callback };
  }
  const options: Loose = {};
  positional.forEach((value, i) => {
    const name = names[i];
    if (name === undefined) return;
    // listen(port, backlog): net tells a host from a backlog by type
    if (name === "host" && typeof value === "number" && names.includes("backlog")) options.backlog = value;
    else options[name] = value;
  });
  return { options, callback };
}

/** Sorts out `end(cb)`, `end(data, cb)` and `end(data, encoding, cb)`. */
export function endArguments(
  first: unknown,
  second: unknown,
  third: unknown,
): { data?: unknown; encoding?: unknown; callback: unknown } {
  if (typeof first === "function") return { callback: first };
  if (typeof second === "function") return { data: first, callback: second };
  return { data: first, encoding: second, callback: third };
}
